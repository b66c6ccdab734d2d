import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type {
  IComment,
  IEvent,
  IMergeReview,
  INewComment,
  INewThread,
  IPromptDetail,
  IReview,
  IReviewPatch,
  IThread,
  PromptHubError
} from '../api';
import { asPromptHubError, isAbort } from '../api';
import { CommandIDs } from '../commands/ids';
import { SHOWN_DIGITS } from '../components/sha';
import type { IPromptHub } from '../tokens';
import type { IReviewKey } from '../api/reviews';
import { Names } from './mentions';
import type { IPlaces } from './places';
import { placesOf } from './places';
import { told, Writing } from './writing';

/** Events that come together are answered together. */
const REST_MS = 150;

/** One review, as the server says it is now, and what is being written about it here. */
export class ReviewModel implements IDisposable {
  constructor(
    readonly hub: IPromptHub,
    options: IReviewKey,
    /** Runs a command, by id. */
    readonly run: (command: string, args: ReadonlyPartialJSONObject) => void,
    restMs = REST_MS
  ) {
    this.key = { promptId: options.promptId, number: options.number };
    this._soon = new Debouncer(() => this.reload(), restMs);
    hub.event.connect(this._onEvent, this);
    hub.meChanged.connect(this._onMe, this);
    hub.connectionChanged.connect(this._onConnection, this);
    void this.reload();
  }

  readonly key: IReviewKey;

  /** What is being written here. */
  readonly writing = new Writing(() => this._emit());

  /** Who may be mentioned. */
  readonly names = new Names(
    async () => (await this.hub.api.reviews.reviewers()).items.map(each => each.actor.display_name),
    () => this._emit()
  );

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

  /** Something is being written. */
  get isBusy(): boolean {
    return this._writing > 0;
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
        prompts.get(this.key.promptId, signal)
      ]);
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

  patch(patch: IReviewPatch): Promise<boolean> {
    return this._write(api => api.patch(this.key, patch));
  }

  /** Say what `word` is, of exactly what is shown here. */
  async decide(body: string): Promise<boolean> {
    const { word } = this.writing;
    const review = this._review;
    const done =
      word === 'comment'
        ? await this.begin({ body })
        : await this._write(api =>
            api.decide(this.key, { decision: word, digest: review?.digest ?? null, body })
          );
    if (done) {
      this.writing.word = 'comment';
    }
    return done;
  }

  dismiss(reason: string): Promise<boolean> {
    return this._write(api => api.dismiss(this.key, { reason }));
  }

  /** Merge what is shown here, and nothing else. */
  merge(how: Pick<IMergeReview, 'mode' | 'commit_message'>): Promise<boolean> {
    const digest = this._review?.digest ?? null;
    return this._write(api => api.merge(this.key, { ...how, digest }));
  }

  /** What the server answered to somebody else here; what was being read meanwhile may be older. */
  take(review: IReview): void {
    this._loading?.abort();
    this._take(review, this._threads);
    this._emit();
  }

  /** Bring the target's versions into the source. */
  update(): Promise<boolean> {
    const expected_head = this._review?.source_sha ?? null;
    return this._write(api => api.update(this.key, { expected_head }));
  }

  /** Open a review that takes back what this one brought. */
  async revert(): Promise<boolean> {
    let made: IReview | null = null;
    const done = await this._write(async api => {
      made = await api.revert(this.key, {});
      return null;
    });
    const opened = made as IReview | null;
    if (opened) {
      this.run(CommandIDs.openReview, { prompt: opened.prompt_id, number: opened.number });
    }
    return done;
  }

  begin(thread: INewThread): Promise<boolean> {
    return this._write(async api => void this._talked(await api.begin(this.key, thread)));
  }

  reply(thread: IThread, comment: INewComment): Promise<boolean> {
    return this._write(
      async api => void this._talked(await api.reply(this.key, thread.id, comment))
    );
  }

  resolve(thread: IThread, resolved: boolean): Promise<boolean> {
    return this._write(
      async api => void this._talked(await api.resolveThread(this.key, thread.id, resolved))
    );
  }

  edit(thread: IThread, comment: IComment, body: string): Promise<boolean> {
    return this._write(
      async api => void this._talked(await api.edit(this.key, thread.id, comment.id, { body }))
    );
  }

  /** Save what a comment suggests as a version of the source branch. */
  apply(thread: IThread, comment: IComment): Promise<boolean> {
    const { trans } = this.hub;
    const expected_head = this._review?.source_sha ?? null;
    return this._write(async api => {
      const made = await api.apply(this.key, thread.id, comment.id, { expected_head });
      this._talked(made);
      const sha = made.comments.find(each => each.id === comment.id)?.applied_sha;
      this.writing.say({
        kind: 'success',
        text: trans.__('The suggestion is version %1 now.', sha?.slice(0, SHOWN_DIGITS) ?? '')
      });
    });
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._soon.dispose();
      this._loading?.abort();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  /**
   * Ask the server to do something. What it refuses is told, and the page is read again; says whether it was done.
   */
  private async _write(
    ask: (api: IPromptHub['api']['reviews']) => Promise<IReview | null | void>
  ): Promise<boolean> {
    this._writing += 1;
    this.writing.say(null);
    let problem: PromptHubError | null = null;
    try {
      const review = await ask(this.hub.api.reviews);
      if (review) {
        this.take(review);
      }
    } catch (thrown) {
      problem = asPromptHubError(thrown);
    }
    if (problem) {
      this.writing.say(told(problem, this.hub.trans));
      this._emit();
    }
    const reading = this.reload();
    if (problem) {
      await reading; // the next thing is done about what is there now
    }
    this._writing -= 1;
    this._emit();
    await reading;
    return problem === null;
  }

  private _take(review: IReview, threads: readonly IThread[]): void {
    const before = this._review;
    if (this.writing.word === 'approve' && before && before.digest !== review.digest) {
      // nobody approves what they have not seen
      this.writing.reconsider(
        this.hub.trans.__(
          'What would be merged has changed since you looked. Look at the changes again before you approve.'
        )
      );
    }
    this._review = review;
    this._threads = threads;
    this._places = null;
  }

  private _talked(thread: IThread): void {
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
    if (noun === 'review' && number !== String(this.key.number)) {
      return;
    }
    // a snippet that moves changes what is merged
    const isOther = prompt !== undefined && prompt !== this.key.promptId;
    if (!isOther || (noun !== 'review' && this._review?.text?.includes('{{>'))) {
      void this._soon.invoke().catch(() => undefined);
    }
  }

  private _onMe(): void {
    // what may be merged depends on who asks
    void this._soon.invoke().catch(() => undefined);
  }

  private _onConnection(): void {
    if (this.hub.connection === 'connected' && this._error) {
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

  private _review: IReview | null = null;
  private _prompt: IPromptDetail | null = null;
  private _threads: readonly IThread[] = [];
  private _places: IPlaces | null = null;
  private _error: PromptHubError | null = null;
  private _writing = 0;
  private _loading: AbortController | null = null;
  private _reading = Promise.resolve();
  private readonly _soon: Debouncer;
  private readonly _changed = new Signal<this, void>(this);
}
