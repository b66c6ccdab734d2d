import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IPromptFilter, PromptHubError } from '../../api';
import { asPromptHubError, isAbort } from '../../api';
import type { IPromptHub } from '../../tokens';
import { Facets } from './facets';
import type { IFilter, ILibraryState } from './filter';
import { EVERYTHING, isNarrowed, only, query } from './filter';
import { FLAT, foldersBelow } from './outline';
import type { LibraryRow } from './rows';
import { Selection } from './selection';
import { Updates } from './updates';
import { openView, type View } from './view';

/** How long typing must rest before the server is asked. */
const SEARCH_DELAY_MS = 120;
/** In a library of at most so many prompts all folders are open at first. */
const ALL_OPEN = 200;

/** The prompts of the workspace, as the library shows them. */
export class LibraryModel implements IDisposable {
  constructor(
    readonly hub: IPromptHub,
    /** Runs a command, by id. */
    readonly run: (command: string, args: ReadonlyPartialJSONObject) => void,
    private readonly _delays: { search?: number; events?: number; rest?: number } = {}
  ) {
    this.facets = new Facets(hub.api, () => this._emit());
    this._searchLater = new Debouncer(() => this.reload(), _delays.search ?? SEARCH_DELAY_MS);
    this._updates = new Updates(this, this.facets, _delays.events);
    hub.meChanged.connect(this._onMe, this);
    hub.currentChanged.connect(this._emit, this);
    hub.connectionChanged.connect(this._onConnection, this);
    this.selection.changed.connect(this._emit, this);
  }

  readonly selection = new Selection();

  /** When what was asked for last is there, or could not be had. Never rejects. */
  loaded = Promise.resolve();

  /** What can be filtered by: tags and environments. */
  readonly facets: Facets;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What is remembered changed. */
  get stateChanged(): ISignal<this, ILibraryState> {
    return this._stateChanged;
  }

  /** The active row moved by itself: it is to be brought into sight. */
  get revealed(): ISignal<this, number> {
    return this._revealed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** What is on show; null before the first answer. */
  get view(): View | null {
    return this._view;
  }

  get count(): number {
    return this._view?.outline.length ?? 0;
  }

  row(index: number): LibraryRow | null {
    return this._view?.row(index) ?? null;
  }

  /** All matches; null before the first answer. */
  get total(): number | null {
    return this._view?.total ?? null;
  }

  get filter(): IFilter {
    return this._filter;
  }

  /** Change what is shown. A search waits until typing rests. */
  setFilter(patch: Partial<IFilter>): void {
    const filter = { ...this._filter, ...patch };
    if (JSON.stringify(filter) === JSON.stringify(this._filter)) {
      return;
    }
    this._filter = filter;
    this.selection.clear();
    this.remember();
    this._emit();
    if (Object.keys(patch).join() === 'search' && filter.search) {
      void this._searchLater.invoke();
    } else {
      void this.reload();
    }
  }

  /** Everything again, in the chosen order. */
  clearFilters(): void {
    this.setFilter({ ...EVERYTHING, sort: this._filter.sort });
  }

  get isNarrowed(): boolean {
    return isNarrowed(this._filter);
  }

  /** Whether what is on show is a search's flat list. */
  get isFlat(): boolean {
    return this._view?.isFlat ?? false;
  }

  get showFilters(): boolean {
    return this._showFilters;
  }

  set showFilters(value: boolean) {
    this._showFilters = value;
    if (value) {
      this.facets.load();
    }
    this.remember();
    this._emit();
  }

  get loading(): boolean {
    return this._loading !== null || (this._view?.pages.isLoading ?? false);
  }

  /** Why there is no list, or why a part of it is missing. */
  get error(): PromptHubError | null {
    return this._error;
  }

  /** The line that the keyboard is at. */
  get active(): number {
    return Math.min(this._active, Math.max(this.count - 1, 0));
  }

  setActive(index: number, reveal = true): void {
    this._active = Math.min(Math.max(index, 0), Math.max(this.count - 1, 0));
    this._activeKey = this.row(this._active)?.key ?? null;
    this._emit();
    if (reveal) {
      this._revealed.emit(this._active);
    }
  }

  /** The folder or prompt whose name is being edited, by the key of its row. */
  get renaming(): string | null {
    return this._renaming;
  }

  set renaming(key: string | null) {
    this._renaming = key;
    this._emit();
  }

  /** Lines that are in sight. */
  show(first: number, last: number): void {
    this._seen = [first, last];
    if (this._top !== first) {
      this._top = first;
      this.remember();
    }
    this._view?.show(first, last);
  }

  /** The line that was at the top when the state was saved. */
  get top(): number {
    return this._top;
  }

  get state(): ILibraryState {
    return {
      filter: this._filter,
      folders: Object.fromEntries(this._toggled),
      showFilters: this._showFilters,
      top: this._top
    };
  }

  /** Take up what was remembered. */
  restore(state: Partial<ILibraryState>): void {
    this._isRestored = true;
    this._filter = only(state.filter ?? {});
    this._toggled = new Map(Object.entries(state.folders ?? {}));
    this._top = state.top ?? 0;
    this.showFilters = state.showFilters ?? false;
    void this.reload();
  }

  remember(): void {
    this._stateChanged.emit(this.state);
  }

  isOpen(path: string): boolean {
    return this._toggled.get(path) ?? this._openAll;
  }

  setOpen(path: string, open: boolean): void {
    this._toggled.set(path, open);
    this._foldersChanged();
  }

  setAllOpen(open: boolean): void {
    const root = this._view?.root;
    this._toggled = new Map(root ? [...foldersBelow(root)].map(each => [each.path, open]) : []);
    this._foldersChanged();
  }

  /** Load what the filter says. What is on show stays until then. */
  reload(): Promise<void> {
    return (this.loaded = this._load());
  }

  private async _load(): Promise<void> {
    this._loading?.abort();
    const loading = (this._loading = new AbortController());
    this._emit();
    try {
      const view = await openView(this.hub.api, this._filter, this._viewOptions, loading.signal);
      if (loading !== this._loading) {
        view.dispose();
        return;
      }
      this._view?.dispose();
      this._view = view;
      this._openAll = view.total <= ALL_OPEN;
      view.layOut(path => this.isOpen(path));
      this._error = null;
    } catch (thrown) {
      if (isAbort(thrown) || loading !== this._loading) {
        return;
      }
      this._error = asPromptHubError(thrown);
    }
    this._loading = null;
    this.rebuilt();
  }

  /** After a change of what stands where: the active row is looked for, and what is in sight is loaded. */
  rebuilt(): void {
    if (this._isDisposed) {
      return;
    }
    this._findActive();
    this._view?.show(...this._seen);
    this._emit();
  }

  /** The filter as the server takes it; of a list, or of a folder with what is in folders of it. */
  asked(list: string | null = null, direct = true): IPromptFilter {
    const all = query(this._view?.filter ?? this._filter);
    return list === null || list === FLAT ? all : { ...all, folder: list, direct };
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._loading?.abort();
    this._view?.dispose();
    this._searchLater.dispose();
    this._updates.dispose();
    this.facets.dispose();
    Signal.disconnectReceiver(this);
    Signal.clearData(this);
  }

  private _findActive(): void {
    const at = this._activeKey === null ? -1 : (this._view?.indexOf(this._activeKey) ?? -1);
    this._active = at >= 0 ? at : this.active;
  }

  private get _viewOptions() {
    return {
      rest: this._delays.rest,
      changed: () => {
        this._error = null;
        this._activeKey ??= this.row(this.active)?.key ?? null;
        // it may have moved to where nothing was loaded
        this._findActive();
        this._emit();
      },
      failed: (thrown: unknown) => {
        this._error = asPromptHubError(thrown);
        this._emit();
      }
    };
  }

  private _foldersChanged(): void {
    this._view?.layOut(path => this.isOpen(path));
    this.remember();
    this.rebuilt();
  }

  private _onMe(): void {
    if (!this._isRestored) {
      return;
    }
    if (this.hub.me && (this._error || !(this._view || this._loading))) {
      void this.reload();
    } else if (this.hub.error && !this._view) {
      this._error = this.hub.error;
      this._emit();
    }
  }

  private _onConnection(): void {
    if (this.hub.connection === 'connected' && this._error) {
      void this.reload();
    }
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _view: View | null = null;
  private _filter: IFilter = EVERYTHING;
  private _toggled = new Map<string, boolean>();
  private _openAll = true;
  private _showFilters = false;
  private _isRestored = false;
  private _seen: [first: number, last: number] = [0, 0];
  private _top = 0;
  private _active = 0;
  private _activeKey: string | null = null;
  private _renaming: string | null = null;
  private _loading: AbortController | null = null;
  private _error: PromptHubError | null = null;
  private _isDisposed = false;
  private readonly _searchLater: Debouncer<void>;
  private readonly _updates: Updates;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _stateChanged = new Signal<this, ILibraryState>(this);
  private readonly _revealed = new Signal<this, number>(this);
}
