import type { IFolderCount } from '../../api';

/** A folder, with the folders in it by name. */
export interface IFolder {
  /** With a final slash (`support/`); empty at the top. */
  readonly path: string;
  readonly label: string;
  /** 0 at the top, 1 for the folders there, as `aria-level` counts. */
  readonly level: number;
  readonly parent: string;
  /** Prompts in the folder itself. */
  own: number;
  /** Prompts in it at any depth. */
  all: number;
  readonly folders: IFolder[];
}

/** What one line of the library is; a prompt by its list and its place there. */
export type Slot = IFolderSlot | IPromptSlot;

export interface IFolderSlot {
  readonly kind: 'folder';
  readonly folder: IFolder;
  readonly open: boolean;
  readonly position: number;
  readonly siblings: number;
}

export interface IPromptSlot {
  readonly kind: 'prompt';
  /** The folder's path, or `FLAT`. */
  readonly list: string;
  /** From 0, among the prompts of the list. */
  readonly place: number;
  readonly level: number;
  readonly parent: string;
  readonly position: number;
  readonly siblings: number;
}

/** The one list of a search. */
export const FLAT = '?';

/** The server pages up to here; a list that is longer has to be narrowed. */
export const MOST_ROWS = 10_000;

interface IRun {
  readonly start: number;
  readonly list: string;
  readonly length: number;
  readonly level: number;
  /** Rows that stand before it among its siblings. */
  readonly before: number;
  readonly siblings: number;
}

interface IFolderLine {
  readonly start: number;
  readonly slot: IFolderSlot;
}

type Segment = IRun | IFolderLine;

const collator = new Intl.Collator(undefined, { numeric: true });

/** The tree of folders, with sums, from what each folder holds itself. */
export function folderTree(counts: readonly IFolderCount[]): IFolder {
  const root = folder('', '', 0, '');
  const known = new Map([['', root]]);
  for (const { path, prompts } of counts) {
    reach(path).own = prompts;
  }
  sum(root);
  return root;

  function reach(path: string): IFolder {
    const found = known.get(path);
    if (found) {
      return found;
    }
    const label = path.slice(path.lastIndexOf('/', path.length - 2) + 1, -1);
    const parent = reach(path.slice(0, path.length - label.length - 1));
    const made = folder(path, label, parent.level + 1, parent.path);
    parent.folders.push(made);
    known.set(path, made);
    return made;
  }
}

function folder(path: string, label: string, level: number, parent: string): IFolder {
  return { path, label, level, parent, own: 0, all: 0, folders: [] };
}

function sum(node: IFolder): number {
  node.folders.sort((a, b) => collator.compare(a.label, b.label));
  node.all = node.own + node.folders.reduce((total, each) => total + sum(each), 0);
  return node.all;
}

/** All folders below one, at any depth, in the order of the tree. */
export function* foldersBelow(node: IFolder): IterableIterator<IFolder> {
  for (const each of node.folders) {
    yield each;
    yield* foldersBelow(each);
  }
}

/**
 * The lines of the library without their contents: ten thousand prompts are as many segments as there are open folders.
 */
export class Outline {
  private constructor(
    private readonly _segments: readonly Segment[],
    readonly length: number
  ) {
    for (const segment of _segments) {
      if ('slot' in segment) {
        this._folders.set(segment.slot.folder.path, segment.start);
      } else {
        this._runs.set(segment.list, segment);
      }
    }
  }

  /** Folders first, each followed by what is in it when it is open. */
  static tree(root: IFolder, isOpen: (path: string) => boolean): Outline {
    const segments: Segment[] = [];
    let start = 0;
    append(root);
    return new Outline(segments, start);

    function append(node: IFolder): void {
      const own = Math.min(node.own, MOST_ROWS);
      const siblings = node.folders.length + own;
      node.folders.forEach((each, index) => {
        const open = isOpen(each.path);
        segments.push({
          start: start++,
          slot: { kind: 'folder', folder: each, open, position: index + 1, siblings }
        });
        if (open) {
          append(each);
        }
      });
      if (own > 0) {
        const before = node.folders.length;
        const run = { start, list: node.path, length: own, level: node.level + 1 };
        segments.push({ ...run, before, siblings });
        start += own;
      }
    }
  }

  /** One list, without folders. */
  static flat(total: number): Outline {
    const run = { start: 0, list: FLAT, length: total, level: 1, before: 0, siblings: total };
    return new Outline(total > 0 ? [run] : [], total);
  }

  /** The line at an index; null outside. */
  at(index: number): Slot | null {
    const segment = index >= 0 && index < this.length ? this._segment(index) : undefined;
    if (!segment) {
      return null;
    }
    if ('slot' in segment) {
      return segment.slot;
    }
    const place = index - segment.start;
    const { list, level, siblings } = segment;
    const parent = list === FLAT ? '' : list;
    const position = segment.before + place + 1;
    return { kind: 'prompt', list, place, level, parent, position, siblings };
  }

  /** Where a folder stands; -1 where it is not on show. */
  folderIndex(path: string): number {
    return this._folders.get(path) ?? -1;
  }

  /** Where a place of a list stands; -1 where it is not on show. */
  promptIndex(list: string, place: number): number {
    const run = this._runs.get(list);
    return run && place >= 0 && place < run.length ? run.start + place : -1;
  }

  /** The parts of lists between two indices, both included: `[list, first place, last place]`. */
  ranges(first: number, last: number): [list: string, from: number, to: number][] {
    const made: [string, number, number][] = [];
    for (const run of this._runs.values()) {
      const from = Math.max(first, run.start);
      const to = Math.min(last, run.start + run.length - 1);
      if (from <= to) {
        made.push([run.list, from - run.start, to - run.start]);
      }
    }
    return made;
  }

  private _segment(index: number): Segment | undefined {
    let low = 0;
    let high = this._segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this._segments[middle]!.start <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return this._segments[low];
  }

  private readonly _folders = new Map<string, number>();
  private readonly _runs = new Map<string, IRun>();
}
