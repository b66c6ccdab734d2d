import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { IEvent, IMe, IReviewPage, IReviewQuery, IReviewSummary } from '../../../api';
import { PromptHubError } from '../../../api';
import type { IPromptHub } from '../../../tokens';
import { InboxModel } from '../model';
import { about } from '../notices';
import { Share } from '../share';
import { missing } from '../words';

const ME = { id: 'me', display_name: 'Me', kind: 'user' as const };
const BEN = { id: 'ben', display_name: 'Ben', kind: 'user' as const };
const ROB = { id: 'rob', display_name: 'Rob', kind: 'user' as const };
const trans = nullTranslator.load('');

function review(more: Partial<IReviewSummary> = {}): IReviewSummary {
  return {
    prompt_id: 'p',
    prompt_name: 'support/refund',
    number: 1,
    title: 'Softer',
    state: 'open',
    source: 'tone',
    target: 'main',
    author: BEN,
    reviewers: [],
    approved_by: [],
    changes_requested_by: [],
    failing: [],
    created_at: '',
    updated_at: '',
    reverts: null,
    ...more
  };
}

/** A server with so many reviews in every list. */
class Desk {
  readonly event = new Signal<object, IEvent>({});
  readonly meChanged = new Signal<object, void>({});
  me = { actor: ME, role: 'engineer' } as unknown as IMe;
  readonly list = vi.fn((query: IReviewQuery): Promise<IReviewPage> => {
    const from = Number(query.cursor ?? 0);
    const to = Math.min(this.count, from + (query.limit ?? 50));
    const items = Array.from({ length: to - from }, (_, at) => review({ number: from + at + 1 }));
    return Promise.resolve({
      items,
      next_cursor: to < this.count ? String(to) : null,
      page: null,
      limit: query.limit ?? 50,
      total: this.count
    });
  });
  readonly run = vi.fn();
  readonly model: InboxModel;
  count: number;

  constructor(count: number) {
    this.count = count;
    const hub = { ...this, api: { reviews: { list: this.list } } } as unknown as IPromptHub;
    this.model = new InboxModel(hub, this.run, 10);
  }

  tell(kind: string): void {
    this.event.emit({ seq: 1, kind, at: '', ids: {} });
  }

  /** What was asked for, without the counting. */
  get lists(): IReviewQuery[] {
    return this.list.mock.calls.map(([query]) => query).filter(({ limit }) => limit !== 1);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function desk(count: number): Promise<Desk> {
  const made = new Desk(count);
  await vi.advanceTimersByTimeAsync(50);
  return made;
}

it('counts what waits, in whatever list one is', async () => {
  const { model, list } = await desk(3);
  expect([model.waiting, model.reviews?.length, model.total]).toEqual([3, 3, 3]);
  model.tab = 'mine';
  await vi.advanceTimersByTimeAsync(50);
  expect(list.mock.lastCall?.[0]).toMatchObject({ inbox: 'mine', state: 'live' });
  expect(model.waiting).toBe(3);
  model.dispose();
});

it('loads the next page before the end is seen, and all of it again at once after an event', async () => {
  const made = await desk(120);
  const { model } = made;
  expect(model.reviews).toHaveLength(50);
  model.show(10);
  await vi.advanceTimersByTimeAsync(50);
  expect(model.reviews).toHaveLength(50);
  model.show(40);
  await vi.advanceTimersByTimeAsync(50);
  expect(model.reviews?.map(({ number }) => number)).toEqual(
    Array.from({ length: 100 }, (_, at) => at + 1)
  );
  made.count = 119;
  made.tell('review.merged');
  made.tell('review.decided');
  await vi.advanceTimersByTimeAsync(50);
  expect(made.lists.slice(2)).toHaveLength(1);
  expect([model.reviews?.length, model.total, model.waiting]).toEqual([100, 119, 119]);
  model.dispose();
});

it('goes to the end, also where that is not loaded', async () => {
  const { model } = await desk(230);
  await model.toEnd();
  expect([model.reviews?.length, model.active]).toEqual([230, 229]);
  model.dispose();
});

it('goes to the end, also when an event reads the list again on the way', async () => {
  const made = await desk(120);
  const { model, list } = made;
  const answer = list.getMockImplementation()!;
  let isFirst = true;
  list.mockImplementation((query: IReviewQuery, signal?: AbortSignal) => {
    if (!query.cursor || !isFirst) {
      return answer(query);
    }
    isFirst = false;
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
    });
  });
  const end = model.toEnd();
  made.tell('review.commented');
  await vi.advanceTimersByTimeAsync(50);
  await end;
  expect([model.reviews?.length, model.active]).toEqual([120, 119]);
  model.dispose();
});

it('stays at a review that moves, and at the first row as long as nobody went to one', async () => {
  const made = await desk(3);
  const { model } = made;
  const numbers = (...all: number[]) =>
    made.list.mockResolvedValue({
      items: all.map(number => review({ number })),
      next_cursor: null,
      page: null,
      limit: 50,
      total: all.length
    });
  const now = async () => {
    made.tell('review.opened');
    await vi.advanceTimersByTimeAsync(50);
    return model.active;
  };
  numbers(4, 1, 2, 3);
  expect(await now()).toBe(0);
  model.active = 1;
  numbers(5, 4, 2, 1, 3);
  expect(await now()).toBe(3);
  // gone: the row stays
  numbers(5, 4, 2, 3);
  expect(await now()).toBe(3);
  model.dispose();
});

it('is not touched by events of other things', async () => {
  const { list, model, event } = await desk(1);
  list.mockClear();
  event.emit({ seq: 1, kind: 'version.saved', at: '', ids: {} });
  await vi.advanceTimersByTimeAsync(50);
  expect(list).not.toHaveBeenCalled();
  model.dispose();
});

it('says why nothing could be loaded, and keeps what there was', async () => {
  const made = await desk(2);
  made.list.mockRejectedValue(new PromptHubError('Gone fishing.', 'network', 0));
  made.tell('resync');
  await vi.advanceTimersByTimeAsync(50);
  expect([made.model.error?.message, made.model.reviews?.length, made.model.waiting]).toEqual([
    'Gone fishing.',
    2,
    2
  ]);
  made.model.dispose();
});

it('searches once for what is typed quickly, and opens what is chosen', async () => {
  const made = await desk(2);
  made.model.search = 'so';
  made.model.search = 'soft ';
  await vi.advanceTimersByTimeAsync(50);
  expect(made.lists.slice(1).map(({ search }) => search)).toEqual(['soft']);
  made.model.open(1);
  expect(made.run).toHaveBeenCalledWith('prompthub:open-review', { prompt: 'p', number: 2 });
  made.model.open(7);
  expect(made.run).toHaveBeenCalledTimes(1);
  made.model.dispose();
});

it.each<[Partial<IReviewSummary>, string]>([
  [{ state: 'draft' as const }, 'A draft: nobody is asked yet'],
  [{ changes_requested_by: [ROB], failing: ['suite'] }, 'Rob asked for changes'],
  [{ failing: ['suite', 'tone'] }, 'Not passed: suite, tone'],
  [{ reviewers: [ROB, ME] }, 'Waits for your word'],
  [{ reviewers: [ROB, ME], approved_by: [ME] }, 'Waits for Rob'],
  [{ reviewers: [ROB], approved_by: [ROB, ME] }, 'Approved by Rob and you'],
  [{ approved_by: [ROB, BEN, ME] }, 'Approved by Rob, Ben and 1 more'],
  [{}, 'Nobody is asked to review it']
])('says of %o: %s', (more, text) => {
  expect(missing(review(more), 'me', trans).text).toBe(text);
});

it.each<[string, { [name: string]: string }, string | null]>([
  ['review.opened', { by: 'ben', author: 'ben', asked: 'rob me' }, 'asked'],
  ['review.opened', { by: 'me', author: 'me', asked: 'me' }, null],
  ['review.opened', { by: 'ben', author: 'ben', asked: 'rob somebody-me' }, null],
  ['review.commented', { by: 'ben', author: 'me', mentioned: 'me' }, 'mentioned'],
  ['review.commented', { by: 'ben', author: 'me' }, null],
  ['review.decided', { by: 'ben', author: 'me', decision: 'approve' }, 'approved'],
  ['review.decided', { by: 'ben', author: 'me', decision: 'request_changes' }, 'changes_requested'],
  ['review.decided', { by: 'ben', author: 'rob', decision: 'approve' }, null],
  ['review.decided', { by: 'ben', author: 'me', decision: 'comment' }, null],
  ['review.merged', { by: 'ben', author: 'me' }, 'merged'],
  ['review.dismissed', { by: 'ben', author: 'ben', approved: 'me' }, 'dismissed'],
  ['version.saved', { by: 'ben', author: 'me', asked: 'me' }, null]
])('%s with %o is to me: %s', (kind, ids, what) => {
  expect(about({ seq: 1, kind, at: '', ids }, 'me')).toBe(what);
});

it('gives an event to one of two windows, and to none again for a while', async () => {
  const held = new Set<string>();
  const request = async (
    name: string,
    _: LockOptions,
    then: (lock: Lock | null) => Promise<void> | undefined
  ) => {
    const isFree = !held.has(name);
    held.add(name);
    await then(isFree ? { name, mode: 'exclusive' } : null);
    if (isFree) {
      held.delete(name);
    }
  };
  const locks = { request } as unknown as LockManager;
  const [one, other] = [new Share('k', locks, 1000), new Share('k', locks, 1000)];
  expect([await one.take(7), await other.take(7), await other.take(8)]).toEqual([
    true,
    false,
    true
  ]);
  await vi.advanceTimersByTimeAsync(900);
  expect([await one.take(7), await one.take(8)]).toEqual([false, false]);
});

it('gives every window all where there are no locks', async () => {
  vi.stubGlobal('navigator', {});
  expect(await new Share('k').take(1)).toBe(true);
  vi.unstubAllGlobals();
});
