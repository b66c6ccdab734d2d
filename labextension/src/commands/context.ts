import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IPromptDrive } from '../drive/token';
import type { IDraftKey } from '../drivepath';
import { drivePath } from '../drivepath';
import type { IPromptHub, Permission } from '../tokens';
import { CommandIDs } from './ids';

/** What every command needs. */
export interface ICommandContext {
  readonly app: JupyterFrontEnd;
  readonly hub: IPromptHub;
  readonly trans: TranslationBundle;
  /** The drafts that are open here. */
  readonly drive?: IPromptDrive | null;
}

type Args = ReadonlyPartialJSONObject;

/** One of the arguments, when it is text. */
export function textArg(args: Args, name: string): string | null {
  const value = args[name];
  return typeof value === 'string' && value ? value : null;
}

/**
 * What a command acts on: the prompt its arguments name, the row under the context menu, or the prompt in front.
 */
export function target(context: ICommandContext, args: Args): IDraftKey | null {
  const { app, hub } = context;
  const row = args['context']
    ? app.contextMenuHitTest(node => node.dataset['promptId'] !== undefined)
    : undefined;
  const promptId = textArg(args, 'promptId') ?? row?.dataset['promptId'] ?? hub.current?.promptId;
  if (!promptId) {
    return null;
  }
  const current = hub.current?.promptId === promptId ? hub.current.branch : null;
  return { promptId, branch: textArg(args, 'branch') ?? current ?? 'main' };
}

export interface IPromptCommand {
  label: string;
  /** For tooltips. */
  caption?: string;
  icon?: import('@jupyterlab/ui-components').LabIcon;
  needs?: Permission;
  execute: (draft: IDraftKey, args: Args) => Promise<unknown>;
}

/** Add a command that acts on a prompt: enabled when there is one, and the caller may. */
export function addPromptCommand(
  context: ICommandContext,
  id: string,
  command: IPromptCommand
): void {
  const { app, hub } = context;
  const isEnabled = (args: Args) =>
    target(context, args) !== null && (!command.needs || hub.can(command.needs));
  app.commands.addCommand(id, {
    label: command.label,
    caption: command.caption ?? command.label,
    icon: command.icon,
    isEnabled,
    execute: async args => {
      const draft = target(context, args);
      return draft ? command.execute(draft, args) : undefined;
    },
    describedBy: { args: PROMPT_ARGS }
  });
  // permissions and the prompt in front decide
  const changed = () => {
    if (app.commands.hasCommand(id)) {
      app.commands.notifyCommandChanged(id);
    }
  };
  hub.meChanged.connect(changed);
  hub.currentChanged.connect(changed);
}

/** Resolves when what is typed here into a draft is stored, also when it is not open. Rejects when that cannot be. */
export async function stored({ drive }: ICommandContext, draft: IDraftKey): Promise<void> {
  await drive?.room(drivePath(draft))?.storage.flush();
}

/** Open the draft of a branch. */
export function openPrompt(context: ICommandContext, draft: IDraftKey): Promise<unknown> {
  return context.app.commands.execute(CommandIDs.openPrompt, { ...draft });
}

const PROMPT_ARGS = {
  type: 'object',
  properties: {
    promptId: { type: 'string', description: 'The prompt; the one in front when left out.' },
    branch: { type: 'string', description: 'The branch; the one in front, or main.' }
  }
} as const;
