import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IEvent, IPrompt, IPromptPage, ITagCount, PromptHubError } from '../../api';
import { asPromptHubError, isAbort } from '../../api';
import type { IPromptHub } from '../../tokens';
import type { LibraryRow } from './tree';
import { flatRows, treeRows } from './tree';

/** How long typing must rest before the server is asked. */
const SEARCH_DELAY_MS = 180;
/** Events that come together are answered by one request. */
const EVENT_DELAY_MS = 120;
const PAGE = 100;
const LARGEST_PAGE = 200;

/** What is remembered from one session to the next. */
export interface ILibraryState {
  closed: readonly string[];
  tags: readonly string[];
  archived: boolean;
}

/** The prompts of the workspace, as the library shows them. */
export class LibraryModel implements IDisposable {
  constructor(
    readonly hub: IPromptHub,
    /** Runs a command, by id. */
    readonly run: (command: string, args: ReadonlyPartialJSONObject) => void,
    /** Reads files into the library. */
    readonly importFiles: (files: readonly File[]) => void,
    delays: { search: number; events: number } = { search: SEARCH_DELAY_MS, events: EVENT_DELAY_MS }
  ) {
    this._searchLater = new Debouncer(() => this.reload(), delays.search);
    this._refreshLater = new Debouncer(() => this._refresh(), delays.events);
    hub.event.connect(this._onEvent, this);
    hub.meChanged.connect(this._onMe, this);
    hub.currentChanged.connect(this._emit, this);
    hub.connectionChanged.connect(this._onConnection, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What is remembered changed. */
  get stateChanged(): ISignal<this, ILibraryState> {
    return this._stateChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get prompts(): readonly IPrompt[] {
    return this._prompts;
  }

  get rows(): readonly LibraryRow[] {
    return this._rows;
  }

  get tags(): readonly ITagCount[] {
    return this._tags;
  }

  /** All matches on the server, up to 10,000; null before the first answer. */
  get total(): number | null {
    return this._total;
  }

  get search(): string {
    return this._search;
  }

  set search(text: string) {
    if (text !== this._search) {
      this._search = text;
      this._emit();
      void this._searchLater.invoke();
    }
  }

  /** A search shows a flat list in the server's order. */
  get isSearching(): boolean {
    return this._search.trim() !== '';
  }

  get isFiltered(): boolean {
    return this._chosen.size > 0 || this._archived;
  }

  get chosenTags(): ReadonlySet<string> {
    return this._chosen;
  }

  get archived(): boolean {
    return this._archived;
  }

  set archived(value: boolean) {
    this._archived = value;
    this._filtersChanged();
  }

  get loading(): boolean {
    return this._loading !== null;
  }

  /** Why there is no list. */
  get error(): PromptHubError | null {
    return this._error;
  }

  /** Whether the server has answered once. */
  get isLoaded(): boolean {
    return this._total !== null;
  }

  get state(): ILibraryState {
    return { closed: [...this._closed], tags: [...this._chosen], archived: this._archived };
  }

  /** Take up what was remembered. */
  restore(state: Partial<ILibraryState>): void {
    this._closed = new Set(state.closed ?? []);
    this._chosen = new Set(state.tags ?? []);
    this._archived = state.archived ?? false;
    void this.reload();
  }

  toggleTag(tag: string): void {
    if (!this._chosen.delete(tag)) {
      this._chosen.add(tag);
    }
    this._filtersChanged();
  }

  clearFilters(): void {
    this._chosen.clear();
    this._archived = false;
    this._search = '';
    this._filtersChanged();
  }

  setOpen(path: string, open: boolean): void {
    if (open) {
      this._closed.delete(path);
    } else {
      this._closed.add(path);
    }
    this._stateChanged.emit(this.state);
    this._setRows();
  }

  setAllOpen(open: boolean): void {
    this._closed = new Set();
    if (!open) {
      const folders = treeRows(this._prompts, () => false).filter(row => row.kind === 'folder');
      this._closed = new Set(folders.map(row => row.key));
    }
    this._stateChanged.emit(this.state);
    this._setRows();
  }

  /** Load the first page, or as many prompts as there were. */
  async reload(keep = false): Promise<void> {
    this._loading?.abort();
    const loading = (this._loading = new AbortController());
    this._emit();
    try {
      const [pages, tags] = await Promise.all([
        this._pages(keep ? this._prompts.length : 0, loading.signal),
        this.hub.api.prompts.tags(loading.signal)
      ]);
      this._tags = tags.items;
      this._prompts = pages.items;
      this._next = pages.next_cursor;
      this._total = pages.total ?? pages.items.length;
      this._error = null;
    } catch (thrown) {
      if (isAbort(thrown) || loading !== this._loading) {
        return;
      }
      this._error = asPromptHubError(thrown);
    }
    if (loading === this._loading) {
      this._loading = null;
      this._setRows();
    }
  }

  /** Load the next page, when there is one and nothing is loading. */
  async loadMore(): Promise<void> {
    if (!this._next || this._loading || this._error) {
      return;
    }
    const loading = (this._loading = new AbortController());
    this._emit();
    try {
      const page = await this._page(PAGE, this._next, loading.signal);
      const known = new Set(this._prompts.map(each => each.id));
      this._prompts = [...this._prompts, ...page.items.filter(each => !known.has(each.id))];
      this._next = page.next_cursor;
    } catch (thrown) {
      if (isAbort(thrown)) {
        return;
      }
      this._error = asPromptHubError(thrown);
    }
    if (loading === this._loading) {
      this._loading = null;
      this._setRows();
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._loading?.abort();
    this._searchLater.dispose();
    this._refreshLater.dispose();
    Signal.disconnectReceiver(this);
    Signal.clearData(this);
  }

  /** The first pages, until at least `wanted` prompts are there (or all). */
  private async _pages(wanted: number, signal: AbortSignal): Promise<IPromptPage> {
    const first = await this._page(wanted > PAGE ? LARGEST_PAGE : PAGE, null, signal);
    const items = [...first.items];
    let next = first.next_cursor;
    while (next && items.length < wanted) {
      const page = await this._page(LARGEST_PAGE, next, signal);
      items.push(...page.items);
      next = page.next_cursor;
    }
    return { ...first, items, next_cursor: next };
  }

  private _page(limit: number, cursor: string | null, signal: AbortSignal): Promise<IPromptPage> {
    return this.hub.api.prompts.list(
      {
        search: this._search.trim(),
        tags: [...this._chosen].join(','),
        archived: this._archived,
        limit,
        cursor
      },
      signal
    );
  }

  private _filtersChanged(): void {
    this._stateChanged.emit(this.state);
    void this.reload();
  }

  private _onMe(): void {
    if (this.hub.me && (this._error || !this.isLoaded)) {
      void this.reload();
    } else if (this.hub.error && !this.isLoaded) {
      this._error = this.hub.error;
      this._emit();
    }
  }

  private _onConnection(): void {
    if (this.hub.connection === 'connected' && this._error) {
      void this.reload(true);
    }
  }

  private _onEvent(_: IPromptHub, event: IEvent): void {
    const noun = event.kind.split('.', 1)[0];
    if (noun === 'execution' || noun === 'connection') {
      return;
    }
    const promptId = event.ids['prompt'];
    if (noun === 'prompt' || !promptId) {
      // names, tags and the archive decide what is listed and where
      this._stale = 'all';
    } else if (this._stale !== 'all') {
      this._stale ??= new Set();
      this._stale.add(promptId);
    }
    void this._refreshLater.invoke();
  }

  private async _refresh(): Promise<void> {
    const stale = this._stale;
    this._stale = null;
    if (stale === 'all') {
      await this.reload(true);
      return;
    }
    for (const promptId of stale ?? []) {
      const index = this._prompts.findIndex(each => each.id === promptId);
      if (index < 0) {
        continue;
      }
      try {
        const fresh = await this.hub.api.prompts.get(promptId);
        this._prompts = this._prompts.map(each =>
          each.id === promptId ? { ...fresh, highlight: each.highlight } : each
        );
        this._setRows();
      } catch (thrown) {
        // it may be gone by now; a lost connection is told elsewhere, and ends in a resync
        console.warn(
          `PromptHub: could not refresh ${promptId}: ${asPromptHubError(thrown).message}`
        );
      }
    }
  }

  private _setRows(): void {
    this._rows = this.isSearching
      ? flatRows(this._prompts)
      : treeRows(this._prompts, path => this._closed.has(path));
    this._emit();
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _prompts: readonly IPrompt[] = [];
  private _rows: readonly LibraryRow[] = [];
  private _tags: readonly ITagCount[] = [];
  private _next: string | null = null;
  private _total: number | null = null;
  private _search = '';
  private _chosen = new Set<string>();
  private _closed = new Set<string>();
  private _archived = false;
  private _loading: AbortController | null = null;
  private _error: PromptHubError | null = null;
  private _stale: 'all' | Set<string> | null = null;
  private _isDisposed = false;
  private readonly _searchLater: Debouncer<void>;
  private readonly _refreshLater: Debouncer<void>;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _stateChanged = new Signal<this, ILibraryState>(this);
}
