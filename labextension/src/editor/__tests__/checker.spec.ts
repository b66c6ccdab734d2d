import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IChecked, ICheckText } from '../../api';
import { Checker } from '../checker';

/** A check whose answers are given by hand. */
function server() {
  const asked: { body: ICheckText; signal: AbortSignal; answer: (hash: string) => void }[] = [];
  const check = (body: ICheckText, signal: AbortSignal) =>
    new Promise<IChecked>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
      asked.push({
        body,
        signal,
        answer: text_hash => resolve({ text_hash } as unknown as IChecked)
      });
    });
  return { asked, check };
}

describe('the live check', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('waits for a pause in typing, and asks about the last text only', async () => {
    const { asked, check } = server();
    const checker = new Checker(check);
    for (const text of ['a', 'ab', 'abc']) {
      checker.ask({ text });
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(60);
    expect(asked.map(({ body }) => body.text)).toEqual(['abc']);
  });

  it('aborts a request whose text is stale, and never takes its answer', async () => {
    const { asked, check } = server();
    const checker = new Checker(check);
    checker.ask({ text: 'old' }, 0);
    await vi.advanceTimersByTimeAsync(1);
    checker.ask({ text: 'new' });
    expect(asked[0]!.signal.aborted).toBe(true);
    asked[0]!.answer('old');
    await vi.advanceTimersByTimeAsync(300);
    expect(checker.latest).toBeNull();
    asked[1]!.answer('new');
    await vi.advanceTimersByTimeAsync(1);
    expect(checker.latest).toEqual({ text: 'new', checked: { text_hash: 'new' } });
    expect(checker.isBusy).toBe(false);
  });

  it('keeps the last answer when a later request fails, and says so', async () => {
    let fail = false;
    const checker = new Checker(({ text }) =>
      fail
        ? Promise.reject(new Error('gone'))
        : Promise.resolve({ text_hash: text } as unknown as IChecked)
    );
    checker.ask({ text: 'a' }, 0);
    await vi.advanceTimersByTimeAsync(1);
    fail = true;
    checker.ask({ text: 'b' }, 0);
    await vi.advanceTimersByTimeAsync(1);
    expect(checker.latest?.text).toBe('a');
    expect(checker.error).toEqual(new Error('gone'));
  });

  it('asks nothing after it is disposed', async () => {
    const { asked, check } = server();
    const checker = new Checker(check);
    checker.ask({ text: 'a' });
    checker.dispose();
    checker.ask({ text: 'b' }, 0);
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toHaveLength(0);
  });
});
