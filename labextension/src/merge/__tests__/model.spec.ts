import { Signal } from '@lumino/signaling';
import { describe, expect, it, vi } from 'vitest';
import type { IMerge } from '../../api';
import { PromptHubError } from '../../api';
import type { IPromptHub } from '../../tokens';
import { MergeModel } from '../model';

const READY = { state: 'ready', conflicts: [], target_sha: 't', source_sha: 's' };

/** Two branches that can be merged, and a server that does, or refuses to. */
function made(merge: () => Promise<unknown>) {
  const me = {};
  const event = new Signal<object, unknown>(me);
  const previewMerge = vi.fn(() => Promise.resolve(READY as unknown as IMerge));
  const api = {
    prompts: { get: () => Promise.resolve({ name: 'greeting' }) },
    branches: {
      list: () => Promise.resolve({ items: [{ name: 'main' }, { name: 'tone' }] }),
      previewMerge,
      merge: vi.fn(merge)
    }
  };
  const hub = { api, event, me: null } as unknown as IPromptHub;
  const options = { promptId: 'p', source: 'tone', target: 'main' };
  const model = new MergeModel(hub, options, () => undefined, 0);
  return {
    model,
    branches: api.branches,
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
    const { model, happens } = made(() => Promise.reject(refusal));
    await vi.waitUntil(() => model.canMerge);
    await model.merge();
    expect(model.error).toBe(refusal);
    await happens();
    expect(model.error).toBe(refusal);
    expect(model.canMerge).toBe(true);
    model.dispose();
  });

  it('says it no more when it is begun anew', async () => {
    const { model } = made(() => Promise.reject(refusal));
    await vi.waitUntil(() => model.canMerge);
    await model.merge();
    model.startAgain();
    expect(model.error).toBeNull();
    model.dispose();
  });
});

describe('a merge that is asked for while the branches are read', () => {
  const version = { sha: 'v' };
  const merged = () => Promise.resolve({ ...READY, state: 'merged', version });

  async function reading() {
    const view = made(merged);
    await vi.waitUntil(() => view.model.canMerge);
    let answer: (found: IMerge) => void = () => undefined;
    view.branches.previewMerge.mockImplementationOnce(
      () => new Promise<IMerge>(resolve => (answer = resolve))
    );
    void view.model.load();
    const asked = [view.model.merge(), view.model.merge()];
    await vi.waitUntil(() => view.branches.previewMerge.mock.calls.length === 2);
    expect(view.branches.merge).not.toHaveBeenCalled();
    return { ...view, asked, answer: (found: object) => answer(found as IMerge) };
  }

  it('is made when they have been, once', async () => {
    const { model, branches, asked, answer } = await reading();
    answer(READY);
    expect(await asked[0]).toBe(version);
    await asked[1];
    expect(branches.merge).toHaveBeenCalledOnce();
    model.dispose();
  });

  it('is not made when one has moved', async () => {
    const { model, branches, asked, answer } = await reading();
    answer({ ...READY, source_sha: 'moved' });
    expect(await asked[0]).toBeNull();
    expect(branches.merge).not.toHaveBeenCalled();
    expect(model.canMerge).toBe(true);
    model.dispose();
  });
});
