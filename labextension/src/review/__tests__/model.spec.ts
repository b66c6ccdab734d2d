import { Signal } from '@lumino/signaling';
import { describe, expect, it, vi } from 'vitest';
import type { IEvent, IReview, IThread } from '../../api';
import { PromptHubError } from '../../api';
import type { IPromptHub } from '../../tokens';
import { ReviewModel } from '../model';

const review = (more: Partial<IReview> = {}): IReview =>
  ({
    prompt_id: 'p',
    number: 1,
    state: 'open',
    digest: 'd1',
    source_sha: 's1',
    text: 'text',
    versions: [],
    decisions: [],
    blocks: [],
    diff: { changes: [] },
    ...more
  }) as unknown as IReview;

const thread = (id: string, more: Partial<IThread> = {}): IThread =>
  ({ id, original: null, comments: [], ...more }) as unknown as IThread;

function setting() {
  const owner = {};
  const event = new Signal<object, IEvent>(owner);
  const meChanged = new Signal<object, void>(owner);
  const connectionChanged = new Signal<object, string>(owner);
  const reviews = {
    get: vi.fn(() => Promise.resolve(review())),
    threads: vi.fn(() => Promise.resolve([] as IThread[])),
    decide: vi.fn(() => Promise.resolve(review())),
    merge: vi.fn(() => Promise.resolve(review({ state: 'merged' }))),
    begin: vi.fn<(...args: unknown[]) => Promise<IThread>>(() => Promise.resolve(thread('t'))),
    apply: vi.fn(() => Promise.resolve(thread('t')))
  };
  const hub = {
    api: {
      reviews,
      prompts: { get: () => Promise.resolve({ archived: false }) }
    },
    trans: { __: (text: string, ...args: unknown[]) => text.replace('%1', String(args[0])) },
    can: () => true,
    connection: 'connected',
    event,
    meChanged,
    connectionChanged
  };
  const model = new ReviewModel(
    hub as unknown as IPromptHub,
    { promptId: 'p', number: 1 },
    () => undefined,
    null,
    0
  );
  const send = (kind: string, ids: IEvent['ids']) =>
    event.emit({ kind, ids, seq: 1 } as unknown as IEvent);
  return { model, reviews, hub, send, connectionChanged };
}

const stale = new PromptHubError('It moved.', 'stale_head', 409);

describe('a review page', () => {
  it('follows the events that are about it', async () => {
    const { model, reviews, send } = setting();
    await vi.waitFor(() => expect(model.review).not.toBeNull());
    send('review.commented', { prompt: 'p', number: '2' });
    send('execution.finished', { prompt: 'p' });
    send('draft.changed', { prompt: 'p' });
    send('version.created', { prompt: 'other' });
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(reviews.get).toHaveBeenCalledTimes(1);
    send('review.commented', { prompt: 'p', number: '1' });
    await vi.waitFor(() => expect(reviews.get).toHaveBeenCalledTimes(2));
    send('version.created', { prompt: 'p' });
    await vi.waitFor(() => expect(reviews.get).toHaveBeenCalledTimes(3));
    model.dispose();
  });

  it('follows snippets that it includes', async () => {
    const { model, reviews, send } = setting();
    reviews.get.mockResolvedValue(review({ text: 'Hello {{> style}}' }));
    await vi.waitFor(() => expect(model.review).not.toBeNull());
    await model.reload();
    const before = reviews.get.mock.calls.length;
    send('version.created', { prompt: 'other' });
    await vi.waitFor(() => expect(reviews.get).toHaveBeenCalledTimes(before + 1));
    model.dispose();
  });

  it('approves exactly what it shows, and takes the choice back when that is another text', async () => {
    const { model, reviews, send } = setting();
    await vi.waitFor(() => expect(model.review).not.toBeNull());
    model.writing.word = 'approve';
    model.writing.type('word', 'Well done');
    reviews.get.mockResolvedValue(review({ digest: 'd2' }));
    send('version.created', { prompt: 'p' });
    await vi.waitFor(() => expect(model.review?.digest).toBe('d2'));
    expect(model.writing.word).toBe('comment');
    expect(model.writing.notice?.text).toContain('has changed since you looked');
    expect(model.writing.typed.get('word')).toBe('Well done');
    model.writing.word = 'approve';
    expect(await model.decide('Well done')).toBe(true);
    expect(reviews.decide).toHaveBeenCalledWith(
      { promptId: 'p', number: 1 },
      { decision: 'approve', digest: 'd2', body: 'Well done' }
    );
    expect(model.writing.word).toBe('comment');
    model.dispose();
  });

  it('tells what the server refuses, reads again, and loses nothing that was typed', async () => {
    const { model, reviews } = setting();
    await vi.waitFor(() => expect(model.review).not.toBeNull());
    reviews.decide.mockRejectedValue(stale);
    reviews.get.mockResolvedValue(review({ digest: 'd2' }));
    model.writing.word = 'approve';
    model.writing.type('word', 'Well done');
    expect(await model.decide('Well done')).toBe(false);
    expect(model.writing.notice).toEqual({
      kind: 'warn',
      text: 'It moved. What you have typed is still here.'
    });
    expect(model.review?.digest).toBe('d2');
    expect(model.writing.typed.get('word')).toBe('Well done');
    expect(model.isBusy).toBe(false);
    model.dispose();
  });

  it('says a comment about all of it as a conversation, which can be answered', async () => {
    const { model, reviews } = setting();
    await vi.waitFor(() => expect(model.review).not.toBeNull());
    expect(await model.decide('Hm.')).toBe(true);
    expect(reviews.begin).toHaveBeenCalledWith({ promptId: 'p', number: 1 }, { body: 'Hm.' });
    expect(reviews.decide).not.toHaveBeenCalled();
    model.dispose();
  });

  it('merges what it shows, and applies to the head that it shows', async () => {
    const { model, reviews } = setting();
    await vi.waitFor(() => expect(model.review).not.toBeNull());
    await model.apply(thread('t'), { id: 'c' } as never);
    expect(reviews.apply).toHaveBeenCalledWith({ promptId: 'p', number: 1 }, 't', 'c', {
      expected_head: 's1'
    });
    reviews.get.mockResolvedValue(review({ state: 'merged' }));
    expect(await model.merge({ mode: 'squash' })).toBe(true);
    expect(reviews.merge).toHaveBeenCalledWith(
      { promptId: 'p', number: 1 },
      { mode: 'squash', digest: 'd1' }
    );
    expect(model.isLive).toBe(false);
    model.dispose();
  });

  it('shows what it sends once, however early the event that tells of it comes', async () => {
    const { model, reviews, send } = setting();
    await vi.waitFor(() => expect(model.review).not.toBeNull());
    let answer: (made: IThread) => void = () => undefined;
    reviews.begin.mockReturnValue(new Promise(resolve => (answer = resolve)));
    reviews.threads.mockResolvedValue([thread('t')]);
    let isDone = false;
    // a reading that began before has it too, if it is answered late
    const reading = model.reload();
    const sending = model.begin({ body: 'Why?' }).then(done => (isDone = done));
    await reading;
    send('review.commented', { prompt: 'p', number: '1' });
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(model.threads).toEqual([]);
    // with its answer it is done: whoever sent it does not wait until all is read again
    let read: (threads: IThread[]) => void = () => undefined;
    reviews.threads.mockReturnValue(new Promise(resolve => (read = resolve)));
    answer(thread('t'));
    await sending;
    expect(isDone).toBe(true);
    expect(model.threads.map(({ id }) => id)).toEqual(['t']);
    read([thread('t'), thread('u')]);
    await vi.waitFor(() => expect(model.threads).toHaveLength(2));
    model.dispose();
  });

  it('reads again what happened while a refusal was read', async () => {
    const { model, reviews, send } = setting();
    await vi.waitFor(() => expect(model.review).not.toBeNull());
    reviews.decide.mockRejectedValue(stale);
    let read: (threads: IThread[]) => void = () => undefined;
    reviews.threads.mockReturnValueOnce(new Promise(resolve => (read = resolve)));
    model.writing.word = 'approve';
    const deciding = model.decide('Well done');
    await vi.waitFor(() => expect(model.writing.notice).not.toBeNull());
    send('review.commented', { prompt: 'p', number: '1' });
    await new Promise(resolve => setTimeout(resolve, 20));
    reviews.threads.mockResolvedValue([thread('new')]);
    read([]);
    expect(await deciding).toBe(false);
    await vi.waitFor(() => expect(model.threads).toHaveLength(1));
    model.dispose();
  });

  it('merges after what is under way, and only what was looked at', async () => {
    const { model, reviews } = setting();
    await vi.waitFor(() => expect(model.review).not.toBeNull());
    let answer: (made: IThread) => void = () => undefined;
    reviews.begin.mockReturnValue(new Promise(resolve => (answer = resolve)));
    void model.begin({ body: 'By the way' });
    const merging = model.merge({ mode: 'auto' });
    expect(await model.merge({ mode: 'auto' })).toBe(false); // a second Enter
    expect(reviews.merge).not.toHaveBeenCalled();
    answer(thread('t'));
    expect(await merging).toBe(true);
    expect(reviews.merge).toHaveBeenCalledTimes(1);
    model.dispose();
  });

  it.each([
    [{ digest: 'd2' }, 'it has changed since you asked for it'],
    [{ blocks: [{ message: 'Two approvals are needed.' }] }, 'Two approvals are needed.'],
    [{ state: 'merged' }, 'this review has ended']
  ])('does not merge what became %j meanwhile, and says so', async (more, why) => {
    const { model, reviews } = setting();
    await vi.waitFor(() => expect(model.review).not.toBeNull());
    model.writing.type('merge-message', 'Mine');
    reviews.get.mockResolvedValue(review(more as Partial<IReview>));
    void model.begin({ body: 'By the way' });
    expect(await model.merge({ mode: 'auto' })).toBe(false);
    expect(reviews.merge).not.toHaveBeenCalled();
    expect(model.writing.notice?.text).toContain(why);
    model.dispose();
  });

  it('stays readable while the server is away, and reads again when it is back', async () => {
    const { model, reviews, connectionChanged } = setting();
    await vi.waitFor(() => expect(model.review).not.toBeNull());
    reviews.get.mockRejectedValueOnce(new PromptHubError('No answer.', 'network', 0));
    await model.reload();
    expect(model.error?.code).toBe('network');
    expect(model.review).not.toBeNull();
    connectionChanged.emit('connected');
    await vi.waitFor(() => expect(model.error).toBeNull());
    model.dispose();
  });
});
