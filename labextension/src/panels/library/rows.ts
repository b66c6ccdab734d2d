import type { IPrompt } from '../../api';
import type { Outline } from './outline';
import { FLAT } from './outline';
import type { Pages } from './pages';

/** One line of the library: a folder or a prompt. */
export type LibraryRow = IFolderRow | IPromptRow;

interface IRow {
  /** Unique: the folder's path with a final slash, the prompt's id, or the place of what is not loaded yet. */
  readonly key: string;
  /** What is shown: the last part of the name; in a search all of it. */
  readonly label: string;
  /** 1 at the top, as `aria-level` counts. */
  readonly level: number;
  /** The folder it is in, with a final slash; empty at the top. */
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
  /** Null until it is loaded. */
  readonly prompt: IPrompt | null;
}

/** The line at an index; null outside. */
export function rowAt(outline: Outline, pages: Pages, index: number): LibraryRow | null {
  const slot = outline.at(index);
  if (!slot) {
    return null;
  }
  const { position, siblings } = slot;
  if (slot.kind === 'folder') {
    const { folder, open } = slot;
    const { path, label, level, parent } = folder;
    const kind = 'folder' as const;
    return {
      kind,
      key: path,
      path,
      label,
      level,
      parent,
      open,
      prompts: folder.all,
      position,
      siblings
    };
  }
  const prompt = pages.get(slot.list, slot.place);
  return {
    kind: 'prompt',
    key: prompt?.id ?? `${slot.place}:${slot.list}`,
    label: prompt ? (slot.list === FLAT ? prompt.name : lastPart(prompt.name)) : '',
    level: slot.level,
    parent: slot.parent,
    position,
    siblings,
    prompt
  };
}

/** A name without its folder. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
