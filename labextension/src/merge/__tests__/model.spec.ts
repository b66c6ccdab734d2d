import { Signal } from '@lumino/signaling';
import { describe, expect, it, vi } from 'vitest';
import type { IMerge } from '../../api';
import { PromptHubError } from '../../api';
import type { IPromptHub } from '../../tokens';
import { MergeModel } from '../model';

const READY = { state: 'ready', conflicts: [], target_sha: 't', source_sha: 's' };

/** Two branches that can be merged, and a server that refuses to. */
function made(refusal: PromptHubError) {
  const me = {};
  const event = new Signal<object, unknown>(me);
  const previewMerge = vi.fn(() => Promise.resolve(READY as unknown as IMerge));
  const api = {
    prompts: { get: () => Promise.resolve({ name: 'greeting' }) },
    branches: {
      list: () => Promise.resolve({ items: [{ name: 'main' }, { name: 'tone' }] }),
      previewMerge,
      merge: vi.fn(() => Promise.reject(refusal))
    }
  };
  const hub = { api, event, me: null } as unknown as IPromptHub;
  const options = { promptId: 'p', source: 'tone', target: 'main' };
  const model = new MergeModel(hub, options, () => undefined, 0);
  return {
    model,
    /** Something happens to the prompt, and is read. */
    async happens(): Promise<void> {
      const before = previewMerge.mock.calls.length;
      event.emit({ kind: 'version.created', ids: { prompt: 'p' } });
      await vi.waitUntil(() => previewMerge.mock.calls.length > before && !model.isBusy);
    }
  };
}

describe('a merge that is refused', () => {
  const refusal = new PromptHubError('Somebody saved first.', 'stale_head', 409);

  it('says why, also when what was in the way is heard of later', async () => {
    const { model, happens } = made(refusal);
    await vi.waitUntil(() => model.canMerge);
    await model.merge();
    expect(model.error).toBe(refusal);
    await happens();
    expect(model.error).toBe(refusal);
    expect(model.canMerge).toBe(true);
    model.dispose();
  });

  it('says it no more when it is begun anew', async () => {
    const { model } = made(refusal);
    await vi.waitUntil(() => model.canMerge);
    await model.merge();
    model.startAgain();
    expect(model.error).toBeNull();
    model.dispose();
  });
});
