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
  IDependentList,
  IGraphNode,
  IPromptDetail,
  IVersionSummary,
  PromptHubError
} from '../../api';
import { asPromptHubError, isAbort } from '../../api';
import { CommandIDs } from '../../commands/ids';
import { currentDeployments } from '../../commands/deployments';
import type { IPromptHub } from '../../tokens';
import { writerOf } from '../../components/writer';
import type { IHistoryFilter, IPage, ITimes } from './pages';
import { EVERYTHING, isNarrowed, joined, PAGE, pageOf } from './pages';

const SEARCH_DELAY_MS = 200;
const EVENT_DELAY_MS = 120;
/** As many as are loaded are loaded again, up to so many. */
const MOST_AGAIN = 2000;

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

  /** The place of each version in the graph; empty where only some of a history is shown. */
  get nodes(): readonly IGraphNode[] {
    return this._nodes;
  }

  /** How often the searched text stands in a version and before it; null where no texts were searched. */
  times(sha: string): ITimes | null {
    return this._times.get(sha) ?? null;
  }

  /** How many lanes the graph needs. */
  get lanes(): number {
    return this._lanes;
  }

  /** Who includes this prompt as a snippet; null until it is known. */
  get dependents(): IDependentList | null {
    return this._dependents;
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

  get filter(): IHistoryFilter {
    return this._filter;
  }

  get isFiltered(): boolean {
    return isNarrowed(this._filter);
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
      const [prompt, branchList, environments, deployed, dependents, page] = await Promise.all([
        prompts.get(this.promptId, signal),
        branches.list(this.promptId, signal),
        deployments.environments(),
        deployments.list(this.promptId, signal),
        prompts.dependents(this.promptId, undefined, signal),
        this._again(Math.min(Math.max(this._versions.length, PAGE), MOST_AGAIN), signal)
      ]);
      this._prompt = prompt;
      this._branches = branchList.items;
      this._environments = [...environments.items].sort((a, b) => a.position - b.position);
      this._deployments = currentDeployments(deployed.items);
      this._dependents = dependents;
      this._set(page);
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
      const page = await this._page(this._next, loading.signal);
      const { _versions: versions, _nodes: nodes, _times: times } = this;
      this._set(joined({ versions, nodes, times, next: null }, page));
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

  /** The first pages, until so many versions are there. */
  private async _again(least: number, signal: AbortSignal): Promise<IPage> {
    let page = await this._page(null, signal);
    while (page.next !== null && page.versions.length < least) {
      page = joined(page, await this._page(page.next, signal));
    }
    return page;
  }

  private _page(cursor: string | null, signal: AbortSignal): Promise<IPage> {
    return pageOf(this.hub.api, this.promptId, this._filter, cursor, signal);
  }

  private _set(page: IPage): void {
    this._versions = page.versions;
    this._nodes = page.nodes;
    this._times = page.times;
    this._next = page.next;
    this._lanes = page.nodes.reduce((most, { lane, above, below }) => {
      const ends = [...above, ...below].flatMap(line => [line.top + 1, line.bottom + 1]);
      return Math.max(most, lane + 1, ...ends);
    }, 1);
    for (const version of page.versions) {
      for (const each of [version.author, writerOf(version)]) {
        this._authors.set(each.id, each);
      }
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
  private _nodes: readonly IGraphNode[] = [];
  private _lanes = 1;
  private _dependents: IDependentList | null = null;
  private _branches: readonly IBranch[] = [];
  private _environments: readonly IEnvironment[] = [];
  private _deployments: readonly IDeployment[] = [];
  private _authors = new Map<string, IActorRef>();
  private _filter = EVERYTHING;
  private _times: ReadonlyMap<string, ITimes> = new Map();
  private _picked: readonly IVersionSummary[] = [];
  private _order: readonly string[] = [];
  private _next: string | null = null;
  private _loading: AbortController | null = null;
  private _error: PromptHubError | null = null;
  private _isDisposed = false;
  private readonly _searchLater: Debouncer<void>;
  private readonly _refreshLater: Debouncer<void>;
  private readonly _changed = new Signal<this, void>(this);
}
