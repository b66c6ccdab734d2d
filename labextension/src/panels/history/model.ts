import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type {
  IActorRef,
  IBranch,
  IDeployment,
  IEnvironment,
  IEvent,
  IPromptDetail,
  IVersionPage,
  IVersionSummary,
  PromptHubError
} from '../../api';
import { asPromptHubError, isAbort } from '../../api';
import { CommandIDs } from '../../commands/ids';
import { currentDeployments } from '../../commands/deployments';
import type { IPromptHub } from '../../tokens';
import type { IGraph } from './graph';
import { layoutGraph } from './graph';

const SEARCH_DELAY_MS = 200;
const EVENT_DELAY_MS = 120;
const PAGE = 50;

/** What a list of versions can be narrowed to; empty means all. */
export interface IHistoryFilter {
  readonly branch: string;
  readonly author: string;
  readonly search: string;
}

/** The versions of one prompt, where its branches are, and what environments serve. */
export class HistoryModel implements IDisposable {
  constructor(
    readonly hub: IPromptHub,
    readonly promptId: string,
    /** Runs a command, by id. */
    readonly run: (command: string, args: ReadonlyPartialJSONObject) => void
  ) {
    this._searchLater = new Debouncer(() => this.reload(), SEARCH_DELAY_MS);
    this._refreshLater = new Debouncer(() => this.reload(), EVENT_DELAY_MS);
    hub.event.connect(this._onEvent, this);
    hub.meChanged.connect(this._emit, this);
    hub.connectionChanged.connect(this._onConnection, this);
    void this.reload();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get prompt(): IPromptDetail | null {
    return this._prompt;
  }

  get versions(): readonly IVersionSummary[] {
    return this._versions;
  }

  get graph(): IGraph {
    return this._graph;
  }

  get branches(): readonly IBranch[] {
    return this._branches;
  }

  /** In order. */
  get environments(): readonly IEnvironment[] {
    return this._environments;
  }

  get loading(): boolean {
    return this._loading !== null;
  }

  get error(): PromptHubError | null {
    return this._error;
  }

  get hasMore(): boolean {
    return this._next !== null;
  }

  get total(): number | null {
    return this._total;
  }

  get filter(): IHistoryFilter {
    return this._filter;
  }

  get isFiltered(): boolean {
    return Object.values(this._filter).some(Boolean);
  }

  /** The authors of the versions seen so far, by name. */
  get authors(): readonly IActorRef[] {
    return [...this._authors.values()].sort((a, b) => a.display_name.localeCompare(b.display_name));
  }

  /** The versions picked to compare, older first; at most two. */
  get picked(): readonly IVersionSummary[] {
    return this._picked;
  }

  /** What an environment serves now. */
  deployment(environment: string): IDeployment | null {
    return this._deployments.find(each => each.environment === environment) ?? null;
  }

  setFilter(filter: Partial<IHistoryFilter>): void {
    const search = filter.search !== undefined && filter.search !== this._filter.search;
    this._filter = { ...this._filter, ...filter };
    this._emit();
    void (search ? this._searchLater.invoke() : this.reload());
  }

  /** Pick a version to compare, or drop it; a third takes the place of the one picked first. */
  pick(version: IVersionSummary): void {
    const others = this._picked.filter(each => each.sha !== version.sha);
    if (others.length === this._picked.length) {
      this._order = [...this._order, version.sha].slice(-2);
    } else {
      this._order = this._order.filter(sha => sha !== version.sha);
    }
    this._picked = [...others, version]
      .filter(each => this._order.includes(each.sha))
      .sort((a, b) => a.number - b.number);
    this._emit();
  }

  clearPicked(): void {
    this._picked = [];
    this._order = [];
    this._emit();
  }

  /** Compare the two picked versions. */
  comparePicked(): void {
    const [base, head] = this._picked;
    if (base && head) {
      this.compare(base.sha, head.sha);
    }
  }

  compare(base: string, head: string): void {
    this.run(CommandIDs.compareVersions, { promptId: this.promptId, base, head });
  }

  /** Load what is shown again, as many versions as there were. */
  async reload(): Promise<void> {
    this._loading?.abort();
    const loading = (this._loading = new AbortController());
    const { signal } = loading;
    const { prompts, branches, deployments } = this.hub.api;
    this._emit();
    try {
      const [prompt, branchList, environments, deployed, page] = await Promise.all([
        prompts.get(this.promptId, signal),
        branches.list(this.promptId, signal),
        deployments.environments(),
        deployments.list(this.promptId, signal),
        this._page(Math.min(Math.max(this._versions.length, PAGE), 200), null, signal)
      ]);
      this._prompt = prompt;
      this._branches = branchList.items;
      this._environments = [...environments.items].sort((a, b) => a.position - b.position);
      this._deployments = currentDeployments(deployed.items);
      this._total = page.total;
      this._setVersions(page.items, page.next_cursor);
      this._error = null;
    } catch (thrown) {
      if (isAbort(thrown) || loading !== this._loading) {
        return;
      }
      this._error = asPromptHubError(thrown);
    }
    this._done(loading);
  }

  async loadMore(): Promise<void> {
    if (!this._next || this._loading || this._error) {
      return;
    }
    const loading = (this._loading = new AbortController());
    this._emit();
    try {
      const page = await this._page(PAGE, this._next, loading.signal);
      this._setVersions([...this._versions, ...page.items], page.next_cursor);
    } catch (thrown) {
      if (isAbort(thrown)) {
        return;
      }
      this._error = asPromptHubError(thrown);
    }
    this._done(loading);
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

  private _page(limit: number, cursor: string | null, signal: AbortSignal): Promise<IVersionPage> {
    const { branch, author, search } = this._filter;
    return this.hub.api.versions.list(
      this.promptId,
      { branch, author, search: search.trim(), limit, cursor },
      signal
    );
  }

  private _setVersions(versions: readonly IVersionSummary[], next: string | null): void {
    this._versions = versions;
    this._next = next;
    this._graph = layoutGraph(versions);
    for (const { author } of versions) {
      this._authors.set(author.id, author);
    }
  }

  private _done(loading: AbortController): void {
    if (loading === this._loading) {
      this._loading = null;
      this._emit();
    }
  }

  /** What failed while the server was away is asked for again. */
  private _onConnection(): void {
    if (this.hub.connection === 'connected' && this._error) {
      void this.reload();
    }
  }

  private _onEvent(_: IPromptHub, event: IEvent): void {
    const [noun] = event.kind.split('.');
    const everything = noun === 'resync' || noun === 'workspace';
    const ours = event.ids['prompt'] === this.promptId && noun !== 'draft' && noun !== 'execution';
    if (everything || ours) {
      void this._refreshLater.invoke();
    }
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _prompt: IPromptDetail | null = null;
  private _versions: readonly IVersionSummary[] = [];
  private _graph: IGraph = { rows: [], lanes: 1 };
  private _branches: readonly IBranch[] = [];
  private _environments: readonly IEnvironment[] = [];
  private _deployments: readonly IDeployment[] = [];
  private _authors = new Map<string, IActorRef>();
  private _filter: IHistoryFilter = { branch: '', author: '', search: '' };
  private _picked: readonly IVersionSummary[] = [];
  private _order: readonly string[] = [];
  private _next: string | null = null;
  private _total: number | null = null;
  private _loading: AbortController | null = null;
  private _error: PromptHubError | null = null;
  private _isDisposed = false;
  private readonly _searchLater: Debouncer<void>;
  private readonly _refreshLater: Debouncer<void>;
  private readonly _changed = new Signal<this, void>(this);
}
