import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type {
  IKeptResolution,
  IReview,
  IReviewResolutions,
  ISeenConflict,
  IShownConflict
} from '../api';
import type { ReviewModel } from '../review/model';
import type { Writing } from '../review/writing';
import { OWN_WORDS } from '../review/writing';
import type { Choice, IConflictItem, IConflictStore, IWords } from './decider';
import { Decider } from './decider';

/** The conflicts of a review, which several people decide. */
export class ReviewConflictsModel implements IConflictStore {
  constructor(readonly review: ReviewModel) {
    this.decider = new Decider(this, () => this._emit(), keptWords(review.writing));
    review.changed.connect(this._onReview, this);
    this._onReview();
  }

  readonly decider: Decider;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get items(): readonly IConflictItem[] {
    return this._items;
  }

  /** What the newest decision of somebody else was; null: none since this was opened. */
  get newest(): IKeptResolution | null {
    return this._newest;
  }

  decide(id: string, choice: Choice, seen: ISeenConflict): Promise<void> {
    return this._put({ resolutions: [{ id, ...choice }], seen: { [id]: seen } });
  }

  takeBack(id: string, seen: ISeenConflict): Promise<void> {
    return this._put({ remove: [id], seen: { [id]: seen } });
  }

  private async _put(decided: IReviewResolutions): Promise<void> {
    const { hub, key } = this.review;
    try {
      this.review.take(await hub.api.reviews.resolve(key, decided));
    } catch (thrown) {
      // what is refused is compared with what is there now
      await this.review.reload();
      throw thrown;
    }
  }

  private _onReview(): void {
    const { review } = this.review;
    if (review && review !== this._seen) {
      this._items = itemsOf(review);
      if (this._seen) {
        const known = new Set(this._seen.resolutions.map(each => each.decision));
        const me = this.review.hub.me?.actor.id;
        const fresh = review.resolutions.filter(
          each => !known.has(each.decision) && each.by.id !== me
        );
        this._newest = fresh[fresh.length - 1] ?? this._newest;
      }
      this._seen = review;
    }
    if (this.review.restored !== this._restored) {
      this._restored = this.review.restored;
      this.decider.resume();
    }
    this._emit();
  }

  private _emit(): void {
    this._changed.emit();
  }

  private _items: readonly IConflictItem[] = [];
  private _seen: IReview | null = null;
  private _newest: IKeptResolution | null = null;
  private _restored = 0;
  private readonly _changed = new Signal<this, void>(this);
}

/** Own words are kept with what else is typed about the review. */
function keptWords(writing: Writing): IWords {
  const where = (id: string) => `${OWN_WORDS}${id}`;
  return {
    get: id => writing.typed.get(where(id)),
    set: (id, text) => writing.type(where(id), text),
    delete: id => writing.type(where(id), null),
    clear: () => writing.forget(OWN_WORDS)
  };
}

const models = new WeakMap<ReviewModel, ReviewConflictsModel>();

/** The conflicts of a review that is open; what is typed about them is kept with what else is typed there. */
export function conflictsOf(review: ReviewModel): ReviewConflictsModel {
  let model = models.get(review);
  if (!model) {
    models.set(review, (model = new ReviewConflictsModel(review)));
  }
  return model;
}

/** All conflicts of a review: those that are open, those that are decided, and decisions that hold no more. */
export function itemsOf(review: IReview): IConflictItem[] {
  const kept = new Map(review.resolutions.map(each => [each.resolution.id, each]));
  const open = review.conflicts.map((conflict): IConflictItem => {
    const lapsed = kept.get(conflict.id) ?? null;
    kept.delete(conflict.id);
    const { id } = conflict;
    return { id, conflict, decision: null, lapsed, token: lapsed?.decision ?? null, isGone: false };
  });
  const others = [...kept.values()].map((each): IConflictItem => {
    const { resolution, by, at, applies, decision: token } = each;
    return {
      id: resolution.id,
      conflict: each.conflict ?? unknown(resolution.id),
      decision: applies ? { choice: resolution, by, at } : null,
      lapsed: applies ? null : each,
      token,
      isGone: !applies
    };
  });
  return [...open, ...others];
}

/** A conflict of which only the name is known. */
function unknown(id: string): IShownConflict {
  const at = id.indexOf(':');
  return {
    id,
    kind: id.slice(0, at) as IShownConflict['kind'],
    unit: 'metadata',
    path: id.slice(at + 1),
    label: id.slice(at + 1),
    base: null,
    ours: null,
    theirs: null,
    chunks: [],
    check: null,
    causes: [],
    digest: '',
    marks: { ours: [], theirs: [] },
    runs: []
  };
}
