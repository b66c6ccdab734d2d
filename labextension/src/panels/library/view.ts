import type { IApi, IPromptPage } from '../../api';
import type { IFilter } from './filter';
import { query } from './filter';
import type { IFolder } from './outline';
import { FLAT, folderTree, MOST_ROWS, Outline } from './outline';
import { Pages } from './pages';
import type { LibraryRow } from './rows';
import { rowAt } from './rows';

const TREE_PAGE = 100;
/** A search is asked with every word typed: its first page is what fits into a panel. */
const SEARCH_PAGE = 40;

export interface IViewOptions {
  /** Prompts came, or were renewed. */
  changed: () => void;
  failed: (error: unknown) => void;
  /** For tests: how long scrolling must rest. */
  rest?: number | undefined;
}

/** What one filter shows: folders and the pages of their prompts, or the one list of a search. */
export class View {
  constructor(
    readonly filter: IFilter,
    private readonly _api: IApi,
    private readonly _options: IViewOptions
  ) {
    this.isFlat = filter.search.trim() !== '';
    this.pages = new Pages(
      this.isFlat ? SEARCH_PAGE : TREE_PAGE,
      (list, page, signal) => this._load(list, page, signal),
      { loaded: (_, page) => this._loaded(page), failed: _options.failed },
      _options.rest
    );
  }

  readonly isFlat: boolean;
  readonly pages: Pages;
  outline = Outline.flat(0);
  /** Null for a search. */
  root: IFolder | null = null;
  total = 0;

  row(index: number): LibraryRow | null {
    return rowAt(this.outline, this.pages, index);
  }

  /** Where the row with a key is; -1 where it is not on show, or not loaded. */
  indexOf(key: string): number {
    const folder = this.outline.folderIndex(key);
    if (folder >= 0) {
      return folder;
    }
    const found = this.pages.find(key);
    return found ? this.outline.promptIndex(found.list, found.place) : -1;
  }

  show(first: number, last: number): void {
    this.pages.show(this.outline.ranges(first, last), this._isFirst);
    this._isFirst = false;
  }

  layOut(isOpen: (path: string) => boolean): void {
    this._isOpen = isOpen;
    this.outline = this.root
      ? Outline.tree(this.root, isOpen)
      : Outline.flat(Math.min(this.total, MOST_ROWS));
  }

  /** Ask what there is. Pages that are there already are kept. */
  async load(signal?: AbortSignal): Promise<void> {
    if (this.isFlat) {
      const page = await this._load(FLAT, 1, signal);
      this.pages.put(FLAT, page);
      this.total = page.total ?? page.items.length;
    } else {
      const { items, total } = await this._api.prompts.folders(query(this.filter), signal);
      this.root = folderTree(items);
      this.total = total;
    }
    this.layOut(this._isOpen);
  }

  dispose(): void {
    this.pages.dispose();
  }

  private _load(list: string, page: number, signal?: AbortSignal): Promise<IPromptPage> {
    const limit = this.pages.size;
    const inside = list === FLAT ? {} : { folder: list, direct: true };
    return this._api.prompts.list({ ...query(this.filter), ...inside, page, limit }, signal);
  }

  private _loaded(page: IPromptPage): void {
    if (this.isFlat && page.total !== null && page.total !== this.total) {
      this.total = page.total;
      this.layOut(this._isOpen);
    }
    this._options.changed();
  }

  private _isOpen: (path: string) => boolean = () => false;
  private _isFirst = true;
}

/** Ask the server for what a filter shows. */
export async function openView(
  api: IApi,
  filter: IFilter,
  options: IViewOptions,
  signal: AbortSignal
): Promise<View> {
  const view = new View(filter, api, options);
  await view.load(signal);
  return view;
}
