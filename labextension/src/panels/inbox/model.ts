import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IEvent, IReviewQuery, IReviewSummary, PromptHubError } from '../../api';
import { asPromptHubError, isAbort } from '../../api';
import { CommandIDs } from '../../commands/ids';
import type { IPromptHub } from '../../tokens';

export type Tab = 'to_review' | 'mine' | 'mentioned' | 'all';

/** As they are shown, from left to right. */
export const TABS: readonly Tab[] = ['to_review', 'mine', 'mentioned', 'all'];

/** Events that come together are answered together; so is what is typed quickly. */
const REST_MS = 200;
/** Reviews that one request brings; the most that the server gives. */
const PAGE = 50;
const MOST = 200;
/** So near the end the next page is asked for. */
const NEAR = 15;

/** The reviews that concern the caller, in four lists of which one is shown, and how many wait for them. */
export class InboxModel implements IDisposable {
  constructor(
    readonly hub: IPromptHub,
    /** Runs a command, by id. */
    readonly run: (command: string, args: { prompt: string; number: number }) => void,
    restMs = REST_MS
  ) {
    this._soon = new Debouncer(() => this.reload(), restMs);
    hub.event.connect(this._onEvent, this);
    hub.meChanged.connect(this._onMe, this);
    if (hub.me) {
      void this.reload();
    }
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._soon.isDisposed;
  }

  /** How many reviews wait for the caller's word; null until it is known. */
  get waiting(): number | null {
    return this._waiting;
  }

  get tab(): Tab {
    return this._tab;
  }

  set tab(tab: Tab) {
    if (tab !== this._tab) {
      this._tab = tab;
      this._forget();
    }
  }

  get search(): string {
    return this._search;
  }

  set search(words: string) {
    if (words !== this._search) {
      this._search = words;
      this._emit();
      void this._soon.invoke();
    }
  }

  /** Those loaded until now, newest change first; null until the first came. */
  get reviews(): readonly IReviewSummary[] | null {
    return this._reviews;
  }

  /** How many there are in the list that is shown. */
  get total(): number {
    return this._total;
  }

  get isLoading(): boolean {
    return this._loading !== null;
  }

  /** Why the list could not be loaded. */
  get error(): PromptHubError | null {
    return this._error;
  }

  /** Which row the keyboard is at. It stays with its review when others come or go. */
  get active(): number {
    return Math.max(0, Math.min(this._active, (this._reviews?.length ?? 0) - 1));
  }

  set active(index: number) {
    this._active = index;
    const review = this._reviews?.[index];
    this._at = review ? keyOf(review) : null;
    this._emit();
  }

  open(index: number): void {
    const review = this._reviews?.[index];
    if (review) {
      this.run(CommandIDs.openReview, { prompt: review.prompt_id, number: review.number });
    }
  }

  /** What is in sight: the next page is loaded before the end is. */
  show(last: number): void {
    if (this._cursor && !this._loading && last + NEAR >= (this._reviews?.length ?? 0)) {
      void this._load(this._cursor);
    }
  }

  /** Go to the last row, loading what comes before it. */
  async toEnd(): Promise<void> {
    const { tab, search } = this;
    const isAsked = () => !this.isDisposed && tab === this._tab && search === this._search;
    while (this._cursor && !this._error && isAsked()) {
      // an event may read the list again instead of its next page: that is waited for
      await (this._loaded ?? this._load(this._cursor));
    }
    if (isAsked()) {
      this.active = (this._reviews?.length ?? 0) - 1;
    }
  }

  /** Read again what is shown, and what waits. */
  async reload(): Promise<void> {
    if (this.isDisposed || !this.hub.me) {
      return;
    }
    this._count();
    await this._load(null);
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._soon.dispose();
      this._loading?.abort();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _load(cursor: string | null): Promise<void> {
    this._loading?.abort();
    const loaded = this._read(cursor).finally(() => {
      if (this._loaded === loaded) {
        this._loaded = null;
      }
    });
    this._loaded = loaded;
    return loaded;
  }

  private async _read(cursor: string | null): Promise<void> {
    const loading = (this._loading = new AbortController());
    // what was loaded page by page is read again at once, as far as one answer goes
    const limit = cursor ? PAGE : Math.min(MOST, Math.max(PAGE, this._reviews?.length ?? 0));
    const query: IReviewQuery = { ...asked(this._tab), search: this._search.trim(), cursor, limit };
    this._emit();
    try {
      const page = await this.hub.api.reviews.list(query, loading.signal);
      this._reviews = cursor ? [...(this._reviews ?? []), ...page.items] : page.items;
      this._cursor = page.next_cursor;
      this._total = page.total ?? this._reviews.length;
      this._error = null;
      const at = this._reviews.findIndex(each => keyOf(each) === this._at);
      this._active = at >= 0 ? at : this._active;
    } catch (thrown) {
      if (isAbort(thrown)) {
        return;
      }
      this._error = asPromptHubError(thrown);
    } finally {
      if (this._loading === loading) {
        this._loading = null;
      }
    }
    this._emit();
  }

  private _count(): void {
    const request = ++this._counts;
    void this.hub.api.reviews.list({ ...asked('to_review'), limit: 1 }).then(
      ({ total }) => {
        if (request === this._counts) {
          this._waiting = total ?? 0;
          this._emit();
        }
      },
      // a lost connection is told elsewhere; the number stays as it was until it is back
      () => undefined
    );
  }

  private _forget(): void {
    this._reviews = null;
    this._cursor = null;
    this._error = null;
    this._active = 0;
    this._at = null;
    void this._load(null);
  }

  private _onEvent(_: IPromptHub, { kind }: IEvent): void {
    if (kind.startsWith('review.') || kind === 'prompt.updated' || kind === 'resync') {
      void this._soon.invoke();
    }
  }

  private _onMe(): void {
    const { me } = this.hub;
    const as = me ? `${me.actor.id} ${me.role}` : null;
    if (as !== this._as) {
      this._as = as;
      void this.reload();
    } else {
      this._emit();
    }
  }

  private _emit(): void {
    if (!this.isDisposed) {
      this._changed.emit();
    }
  }

  private _tab: Tab = 'to_review';
  private _search = '';
  private _reviews: readonly IReviewSummary[] | null = null;
  private _cursor: string | null = null;
  private _total = 0;
  private _waiting: number | null = null;
  private _active = 0;
  /** The review at that row; null until somebody went to one. */
  private _at: string | null = null;
  private _error: PromptHubError | null = null;
  private _loading: AbortController | null = null;
  /** Settles with what is being loaded. */
  private _loaded: Promise<void> | null = null;
  /** How often it was counted: only the newest answer is taken. */
  private _counts = 0;
  private _as: string | null = null;
  private readonly _soon: Debouncer;
  private readonly _changed = new Signal<this, void>(this);
}

/** Names a review, whatever row it is in. */
export function keyOf(review: IReviewSummary): string {
  return `${review.prompt_id}#${review.number}`;
}

function asked(tab: Tab): IReviewQuery {
  return tab === 'all' ? { state: 'live' } : { state: 'live', inbox: tab };
}
