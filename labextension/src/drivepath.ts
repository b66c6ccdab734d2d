/** The drive that prompt documents live on. */
export const DRIVE = 'PromptHub';

/** The draft of one branch of one prompt. */
export interface IDraftKey {
  readonly promptId: string;
  readonly branch: string;
}

const EXTENSION = '.prompt';

/** `PromptHub:<prompt id>/<branch>.prompt`; `/` in a branch is written `~`, as the server does. */
export function drivePath({ promptId, branch }: IDraftKey): string {
  return `${DRIVE}:${promptId}/${branch.replace(/\//g, '~')}${EXTENSION}`;
}

/** What a document's path (with or without the drive's name) names; null when it is no draft. */
export function parseDrivePath(path: string): IDraftKey | null {
  const match = /^(?:PromptHub:)?([0-9a-f-]{36})\/([^/]+)\.prompt$/.exec(path);
  return match ? { promptId: match[1]!, branch: match[2]!.replace(/~/g, '/') } : null;
}
