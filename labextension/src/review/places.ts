import type {
  IActorRef,
  IReview,
  IReviewDecision,
  IThread,
  IUnitChange,
  IVersionSummary
} from '../api';

/** The server counts code points, JavaScript UTF-16 units. */
export function toPoints(text: string, offset: number): number {
  return [...text.slice(0, offset)].length;
}

/** The UTF-16 offset of a number of code points. */
export function fromPoints(text: string, points: number): number {
  let offset = 0;
  for (const character of text) {
    if (points-- <= 0) {
      break;
    }
    offset += character.length;
  }
  return offset;
}

/** Some words of a text, in UTF-16 units. */
export interface IRange {
  readonly from: number;
  readonly to: number;
}

/** A conversation at its change; `range` where it is about some of the words. */
export interface IPlaced {
  readonly thread: IThread;
  readonly range: IRange | null;
}

/** Where each conversation of a review belongs. */
export interface IPlaces {
  /** At the changes, by their index; in the order of their words. */
  readonly at: readonly (readonly IPlaced[])[];
  /** About what the review does not change. */
  readonly elsewhere: readonly IThread[];
  /** About what is gone. */
  readonly outdated: readonly IThread[];
  /** About the whole review. */
  readonly talk: readonly IThread[];
}

export function placesOf(review: IReview, threads: readonly IThread[]): IPlaces {
  const changes = review.diff?.changes ?? [];
  const at: IPlaced[][] = changes.map(() => []);
  const [elsewhere, outdated, talk]: IThread[][] = [[], [], []];
  for (const thread of threads) {
    const index = changes.findIndex(change => isAt(review, change, thread));
    if (thread.original === null) {
      talk!.push(thread);
    } else if (index >= 0) {
      at[index]!.push({ thread, range: rangeOf(changes[index]!, thread) });
    } else {
      (thread.outdated ? outdated : elsewhere)!.push(thread);
    }
  }
  for (const placed of at) {
    placed.sort((a, b) => (a.range?.from ?? -1) - (b.range?.from ?? -1));
  }
  return { at, elsewhere: elsewhere!, outdated: outdated!, talk: talk! };
}

function isAt(review: IReview, change: IUnitChange, thread: IThread): boolean {
  if (change.op === 'removed') {
    // it is in the target only
    return thread.version_sha === review.target_sha && thread.original?.path === change.path;
  }
  return thread.shown?.path === change.path;
}

function rangeOf({ op, before, after }: IUnitChange, { shown, original }: IThread): IRange | null {
  const place = op === 'removed' ? original : shown;
  const text = op === 'removed' ? before : after;
  if (text === null || place === null || place.start === null || place.end === null) {
    return null;
  }
  return { from: fromPoints(text, place.start), to: fromPoints(text, place.end) };
}

/** Where the words are now; null where they are not there, or more than once. */
export function findWords(text: string, words: string, was: IRange): IRange | null {
  if (text.slice(was.from, was.to) === words) {
    return was;
  }
  const from = text.indexOf(words);
  return from >= 0 && text.indexOf(words, from + 1) < 0 ? { from, to: from + words.length } : null;
}

/** What happened, one after the other. */
export type Entry =
  | { readonly kind: 'opened' | 'ended'; readonly at: string; readonly by: IActorRef }
  | { readonly kind: 'version'; readonly at: string; readonly version: IVersionSummary }
  | { readonly kind: 'decision'; readonly at: string; readonly decision: IReviewDecision }
  | { readonly kind: 'talk'; readonly at: string; readonly thread: IThread };

const RANK = { opened: 0, version: 1, decision: 2, talk: 2, ended: 3 };

export function timelineOf(review: IReview, talk: readonly IThread[]): Entry[] {
  const entries: Entry[] = [
    { kind: 'opened', at: review.created_at, by: review.author },
    ...review.versions.map(version => ({
      kind: 'version' as const,
      at: version.created_at,
      version
    })),
    ...review.decisions.map(decision => ({ kind: 'decision' as const, at: decision.at, decision })),
    ...talk.map(thread => ({
      kind: 'talk' as const,
      at: thread.comments[0]?.at ?? review.created_at,
      thread
    }))
  ];
  if (review.ended_at && review.ended_by) {
    entries.push({ kind: 'ended', at: review.ended_at, by: review.ended_by });
  }
  return entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || RANK[a.kind] - RANK[b.kind]);
}
