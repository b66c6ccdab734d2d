import type { IPrompt } from '../../api';

/** One line of the library: a folder or a prompt. */
export type LibraryRow = IFolderRow | IPromptRow;

interface IRow {
  /** Unique: the folder's path with a final slash, or the prompt's id. */
  readonly key: string;
  /** What is shown: the last part of the name. */
  readonly label: string;
  /** 1 at the top, as `aria-level` counts. */
  readonly level: number;
  /** The folder it is in; empty at the top. */
  readonly parent: string;
  /** Its place among its siblings, from 1, and how many there are. */
  readonly position: number;
  readonly siblings: number;
}

export interface IFolderRow extends IRow {
  readonly kind: 'folder';
  /** With a final slash: `support/`. */
  readonly path: string;
  readonly open: boolean;
  /** Prompts in it, at any depth. */
  readonly prompts: number;
}

export interface IPromptRow extends IRow {
  readonly kind: 'prompt';
  readonly prompt: IPrompt;
}

interface INode {
  folders: Map<string, INode>;
  prompts: IPrompt[];
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** The rows that are seen: folders by `/` in names, folders first, without what is in closed ones. */
export function treeRows(
  prompts: readonly IPrompt[],
  isClosed: (path: string) => boolean
): LibraryRow[] {
  const root: INode = { folders: new Map(), prompts: [] };
  for (const prompt of prompts) {
    const parts = prompt.name.split('/');
    let node = root;
    for (const part of parts.slice(0, -1)) {
      let next = node.folders.get(part);
      if (!next) {
        next = { folders: new Map(), prompts: [] };
        node.folders.set(part, next);
      }
      node = next;
    }
    node.prompts.push(prompt);
  }
  const rows: LibraryRow[] = [];
  append(root, '', 1);
  return rows;

  function append(node: INode, parent: string, level: number): void {
    const siblings = node.folders.size + node.prompts.length;
    let position = 0;
    const folders = [...node.folders].sort(([a], [b]) => collator.compare(a, b));
    for (const [label, folder] of folders) {
      const path = `${parent}${label}/`;
      const open = !isClosed(path);
      rows.push({
        kind: 'folder',
        key: path,
        label,
        level,
        parent,
        position: ++position,
        siblings,
        path,
        open,
        prompts: count(folder)
      });
      if (open) {
        append(folder, path, level + 1);
      }
    }
    const own = [...node.prompts].sort((a, b) => collator.compare(a.name, b.name));
    for (const prompt of own) {
      rows.push({
        kind: 'prompt',
        key: prompt.id,
        label: lastPart(prompt.name),
        level,
        parent,
        position: ++position,
        siblings,
        prompt
      });
    }
  }
}

/** The rows of a search: in the server's order, without folders. */
export function flatRows(prompts: readonly IPrompt[]): LibraryRow[] {
  return prompts.map((prompt, index) => ({
    kind: 'prompt',
    key: prompt.id,
    label: prompt.name,
    level: 1,
    parent: '',
    position: index + 1,
    siblings: prompts.length,
    prompt
  }));
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function count(node: INode): number {
  let sum = node.prompts.length;
  for (const folder of node.folders.values()) {
    sum += count(folder);
  }
  return sum;
}
