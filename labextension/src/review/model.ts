import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type {
  IComment,
  IMergeReview,
  INewComment,
  INewThread,
  IReview,
  IReviewPatch,
  IThread,
  PromptHubError
} from '../api';
import { asPromptHubError } from '../api';
import { CommandIDs } from '../commands/ids';
import { SHOWN_DIGITS } from '../components/sha';
import type { IPromptHub } from '../tokens';
import type { IReviewKey } from '../api/reviews';
import { Names } from './mentions';
import { ReviewReader } from './reader';
import { Unsent } from './unsent';
import { OWN_WORDS, told, Writing } from './writing';

/** One review, and what is being written about it here. */
export class ReviewModel extends ReviewReader {
  constructor(
    hub: IPromptHub,
    key: IReviewKey,
    /** Runs a command, by id. */
    readonly run: (command: string, args: ReadonlyPartialJSONObject) => void,
    /** Where words that are not sent are kept; null: nothing is written here. */
    keeping: (Pick<Unsent.IOptions, 'state' | 'guard'> & { page: string }) | null,
    restMs?: number
  ) {
    super(hub, key, restMs);
    if (keeping) {
      this._unsent = new Unsent({
        ...keeping,
        writing: this.writing,
        id: `${keeping.page}:${key.promptId}:${key.number}`,
        trans: hub.trans
      });
    }
    void this.reload();
  }

  /** What is being written here. */
  readonly writing = new Writing(
    () => this._emit(),
    () => this._unsent?.changed()
  );

  /** Counts how often words that were kept came back: fields that were there before do not have them. */
  get restored(): number {
    return this._restored;
  }

  /** Who may be mentioned. */
  readonly names = new Names(
    async () => (await this.hub.api.reviews.reviewers()).items.map(each => each.actor.display_name),
    () => this._emit()
  );

  override get isBusy(): boolean {
    return this._writing > 0;
  }

  patch(patch: IReviewPatch): Promise<boolean> {
    return this._write(api => api.patch(this.key, patch));
  }

  /** Say what `word` is, of exactly what is shown here. */
  async decide(body: string): Promise<boolean> {
    const { word } = this.writing;
    const digest = this.review?.digest ?? null;
    const done =
      word === 'comment'
        ? await this.begin({ body })
        : await this._write(api => api.decide(this.key, { decision: word, digest, body }));
    if (done) {
      this.writing.word = 'comment';
    }
    return done;
  }

  dismiss(reason: string): Promise<boolean> {
    return this._write(api => api.dismiss(this.key, { reason }));
  }

  /** Merge what is shown here, and nothing else; what is being written or read ends first. */
  async merge(how: Pick<IMergeReview, 'mode' | 'commit_message'>): Promise<boolean> {
    if (this._isMerging) {
      return false;
    }
    this._isMerging = true;
    const digest = this.review?.digest ?? null;
    try {
      await this._quiet();
      const why = this._whyNotMerged(digest);
      if (why !== null) {
        this.writing.say({ kind: 'warn', text: why });
        return false;
      }
      return await this._write(api => api.merge(this.key, { ...how, digest }));
    } finally {
      this._isMerging = false;
    }
  }

  private _whyNotMerged(digest: string | null): string | null {
    const { trans } = this.hub;
    const review = this.review;
    if (!review || !this.isLive) {
      return trans.__('It was not merged: this review has ended.');
    }
    const [block] = review.blocks;
    if (block) {
      return trans.__('It was not merged: %1', block.message);
    }
    return review.digest === digest
      ? null
      : trans.__('It was not merged: it has changed since you asked for it. Look at it again.');
  }

  /** Delete the branch that was merged; it can be made again. */
  deleteSource(): Promise<boolean> {
    return this._write(api => api.deleteSource(this.key));
  }

  restoreSource(): Promise<boolean> {
    return this._write(api => api.restoreSource(this.key));
  }

  /** Bring the target's versions into the source. */
  update(): Promise<boolean> {
    const expected_head = this.review?.source_sha ?? null;
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
    const expected_head = this.review?.source_sha ?? null;
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

  override dispose(): void {
    this._unsent?.dispose();
    super.dispose();
  }

  /**
   * Ask the server to do something. What it refuses is told, and the page is read again; says whether it was done.
   */
  private _write(
    ask: (api: IPromptHub['api']['reviews']) => Promise<IReview | null | void>
  ): Promise<boolean> {
    const done = this._ask(ask);
    this._asked = done;
    return done;
  }

  private async _ask(
    ask: (api: IPromptHub['api']['reviews']) => Promise<IReview | null | void>
  ): Promise<boolean> {
    this._writing += 1;
    // what is read now may have what is being sent, which would stand there beside itself until the answer comes
    this._drop();
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
    const reading = this._follow();
    if (problem) {
      await reading; // the next thing is done about what is there now
    }
    this._writing -= 1;
    this._emit();
    this._catchUp();
    // the answer has what was done: nobody waits with what they typed until all of it is read again
    return problem === null;
  }

  /** What is being written has its answer, and what is being read is there. */
  private async _quiet(): Promise<void> {
    let [asked, reading]: [unknown, unknown] = [null, null];
    while (asked !== this._asked || reading !== this._newest) {
      [asked, reading] = [this._asked, this._newest];
      await Promise.all([asked, reading]);
    }
  }

  /** Offer what somebody had typed here, as soon as it is known who looks. */
  protected override async _beside(): Promise<void> {
    const { me, trans } = this.hub;
    if (me && (await this._unsent?.restore(me.actor.id))) {
      this._restored += 1;
      this.writing.say({
        kind: 'success',
        text: trans.__('What you had typed here and not sent is back in its place.')
      });
    }
  }

  protected override _arrives(before: IReview | null, review: IReview): void {
    if (this.writing.word === 'approve' && before && before.digest !== review.digest) {
      // nobody approves what they have not seen
      this.writing.reconsider(
        this.hub.trans.__(
          'What would be merged has changed since you looked. Look at the changes again before you approve.'
        )
      );
    }
    if (review.state === 'merged') {
      this.writing.type('merge-message', null);
      this.writing.type('merge-mode', null);
      this.writing.forget(OWN_WORDS);
    }
  }

  private _writing = 0;
  private _asked: Promise<boolean> | null = null;
  private _isMerging = false;
  private _restored = 0;
  private readonly _unsent: Unsent | null = null;
}
