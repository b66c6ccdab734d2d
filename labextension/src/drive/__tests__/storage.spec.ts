import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Storage } from '../storage';

/** A server whose answers are given by hand. */
function server() {
  const asked: { store: () => void; fail: () => void }[] = [];
  const confirm = () =>
    new Promise<void>((resolve, reject) => {
      asked.push({ store: resolve, fail: () => reject(new Error('lost')) });
    });
  return { asked, confirm };
}

const pass = (ms = 200) => vi.advanceTimersByTimeAsync(ms);

describe('whether a draft is stored', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is unknown before the documents are in step, then stored', () => {
    const storage = new Storage(server().confirm);
    expect(storage.state).toBe('connecting');
    storage.online();
    expect(storage.state).toBe('stored');
  });

  it('asks once for a burst, and is stored when the server says so', async () => {
    const { asked, confirm } = server();
    const storage = new Storage(confirm);
    storage.online();
    storage.edited();
    storage.edited();
    expect(storage.state).toBe('saving');
    await pass();
    expect(asked).toHaveLength(1);
    expect(storage.state).toBe('saving');
    asked[0]!.store();
    await pass(0);
    expect(storage.state).toBe('stored');
  });

  it('asks again for what was typed while it waited', async () => {
    const { asked, confirm } = server();
    const storage = new Storage(confirm);
    storage.online();
    storage.edited();
    await pass();
    storage.edited();
    asked[0]!.store();
    await pass();
    expect(storage.state).toBe('saving');
    expect(asked).toHaveLength(2);
    asked[1]!.store();
    await pass(0);
    expect(storage.state).toBe('stored');
  });

  it('does not believe an answer from before a loss', async () => {
    const { asked, confirm } = server();
    const storage = new Storage(confirm);
    storage.online();
    storage.edited();
    await pass();
    storage.offline('The disk is full.');
    expect([storage.state, storage.reason]).toEqual(['offline', 'The disk is full.']);
    storage.online();
    asked[0]!.store();
    await pass(0);
    expect(storage.state).toBe('saving');
    await pass();
    asked[1]!.store();
    await pass(0);
    expect([storage.state, storage.reason]).toEqual(['stored', '']);
  });

  it('asks again when the server could not say', async () => {
    const { asked, confirm } = server();
    const storage = new Storage(confirm);
    storage.online();
    storage.edited();
    await pass();
    asked[0]!.fail();
    await pass();
    expect(asked).toHaveLength(2);
  });

  it('flushes: resolves when all is stored, rejects when that cannot be', async () => {
    const { asked, confirm } = server();
    const storage = new Storage(confirm);
    storage.online();
    await storage.flush();
    storage.edited();
    const flushed = storage.flush();
    await pass();
    asked[0]!.store();
    await flushed;
    storage.edited();
    const refused = expect(storage.flush()).rejects.toThrow('No longer allowed.');
    storage.close('No longer allowed.');
    await refused;
    expect(storage.state).toBe('closed');
  });
});
