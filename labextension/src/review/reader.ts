import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IEvent, IPromptDetail, IReview, IThread, PromptHubError } from '../api';
import { asPromptHubError, isAbort } from '../api';
import type { IReviewKey } from '../api/reviews';
import type { IPromptHub } from '../tokens';
import type { IPlaces } from './places';
import { placesOf } from './places';

/** Events that come together are answered together. */
const REST_MS = 150;

/** One review, as the server says it is now: read when it is asked for, and when something happens to it. */
export abstract class ReviewReader implements IDisposable {
  constructor(
    readonly hub: IPromptHub,
    { promptId, number }: IReviewKey,
    restMs = REST_MS
  ) {
    this.key = { promptId, number };
    this._soon = new Debouncer(async () => {
      // what is being written is followed by a reading of its own
      if (this.isBusy) {
        this._isMissed = true;
      } else {
        await this.reload();
      }
    }, restMs);
    hub.event.connect(this._onEvent, this);
    hub.meChanged.connect(this._onMe, this);
    hub.connectionChanged.connect(this._onConnection, this);
  }

  readonly key: IReviewKey;

  /** Something is being written. */
  abstract get isBusy(): boolean;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._soon.isDisposed;
  }

  /** Null until it is known. */
  get review(): IReview | null {
    return this._review;
  }

  get prompt(): IPromptDetail | null {
    return this._prompt;
  }

  get threads(): readonly IThread[] {
    return this._threads;
  }

  /** The conversations, where they belong. */
  get places(): IPlaces {
    return (this._places ??= this._review
      ? placesOf(this._review, this._threads)
      : { at: [], elsewhere: [], outdated: [], talk: [] });
  }

  /** Why it could not be read (again). */
  get error(): PromptHubError | null {
    return this._error;
  }

  /** It is a draft or open. */
  get isLive(): boolean {
    return this._review?.state === 'open' || this._review?.state === 'draft';
  }

  /** The caller may take part in it. */
  get mayWrite(): boolean {
    return this.hub.can('review:write') && this._prompt?.archived === false;
  }

  /** The caller may change the branches. */
  get mayChange(): boolean {
    return this.mayWrite && this.hub.can('prompt:write');
  }

  /** Read it again, and wait for the newest answer; what is typed stays. */
  async reload(): Promise<void> {
    let reading = (this._reading = this._read());
    for (await reading; reading !== this._reading; await reading) {
      reading = this._reading;
    }
  }

  private async _read(): Promise<void> {
    if (this.isDisposed) {
      return;
    }
    this._loading?.abort();
    const { signal } = (this._loading = new AbortController());
    const { prompts, reviews } = this.hub.api;
    try {
      const [review, threads, prompt] = await Promise.all([
        reviews.get(this.key, signal),
        reviews.threads(this.key, signal),
        prompts.get(this.key.promptId, signal),
        this._beside()
      ]);
      if (signal.aborted) {
        return; // it was answered before it could be stopped
      }
      this._take(review, threads);
      this._prompt = prompt;
      this._error = null;
    } catch (thrown) {
      if (isAbort(thrown)) {
        return;
      }
      this._error = asPromptHubError(thrown);
    }
    this._emit();
  }

  /** What the server answered to somebody else here; what was being read meanwhile may be older. */
  take(review: IReview): void {
    this._loading?.abort();
    this._take(review, this._threads);
    this._emit();
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._soon.dispose();
      this._loading?.abort();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  /** What is asked for beside each reading. */
  protected abstract _beside(): Promise<void>;

  /** The review is another one. */
  protected abstract _arrives(before: IReview | null, review: IReview): void;

  /** What is being read may be older than what is done now, or have a part of it. */
  protected _drop(): void {
    this._loading?.abort();
  }

  /** Read again when what is being written has its answer; what happens from now on and is not read is missed. */
  protected _follow(): Promise<void> {
    this._isMissed = false;
    return this.reload();
  }

  /** Read what was missed while something was written. */
  protected _catchUp(): void {
    if (this._isMissed) {
      this._readSoon();
    }
  }

  /** The newest reading. */
  protected get _newest(): Promise<void> {
    return this._reading;
  }

  private _take(review: IReview, threads: readonly IThread[]): void {
    this._arrives(this._review, review);
    this._review = review;
    this._threads = threads;
    this._places = null;
  }

  /** A conversation is new, or another one. */
  protected _talked(thread: IThread): void {
    this._loading?.abort();
    const known = this._threads.some(each => each.id === thread.id);
    this._threads = known
      ? this._threads.map(each => (each.id === thread.id ? thread : each))
      : [...this._threads, thread];
    this._places = null;
  }

  private _onEvent(_: IPromptHub, event: IEvent): void {
    const [noun] = event.kind.split('.', 1);
    const { prompt, number } = event.ids;
    if (noun === 'execution' || noun === 'draft' || noun === 'sample' || noun === 'connection') {
      return;
    }
    // whether the branch of a merged review may go depends on other reviews
    const isMerged = this._review?.state === 'merged';
    if (noun === 'review' && number !== String(this.key.number) && !isMerged) {
      return;
    }
    // a snippet that moves changes what is merged
    const isOther = prompt !== undefined && prompt !== this.key.promptId;
    if (!isOther || (noun !== 'review' && this._review?.text?.includes('{{>'))) {
      this._readSoon();
    }
  }

  private _onMe(): void {
    // what may be merged depends on who asks
    void this._beside();
    this._readSoon();
  }

  private _readSoon(): void {
    void this._soon.invoke().catch(() => undefined);
  }

  private _onConnection(): void {
    if (this.hub.connection === 'connected' && this._error) {
      void this.reload();
    } else {
      this._emit();
    }
  }

  protected _emit(): void {
    if (!this.isDisposed) {
      this._changed.emit();
    }
  }

  private _review: IReview | null = null;
  private _prompt: IPromptDetail | null = null;
  private _threads: readonly IThread[] = [];
  private _places: IPlaces | null = null;
  private _error: PromptHubError | null = null;
  /** Something happened that no reading since has. */
  private _isMissed = false;
  private _loading: AbortController | null = null;
  private _reading = Promise.resolve();
  private readonly _soon: Debouncer;
  private readonly _changed = new Signal<this, void>(this);
}
