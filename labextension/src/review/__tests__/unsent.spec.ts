import { Notification } from '@jupyterlab/apputils';
import type { IStateDB } from '@jupyterlab/statedb';
import { StateDB } from '@jupyterlab/statedb';
import { nullTranslator } from '@jupyterlab/translation';
import { DisposableDelegate } from '@lumino/disposable';
import { describe, expect, it, vi } from 'vitest';
import { Unsent } from '../unsent';
import { Writing } from '../writing';

const trans = nullTranslator.load('');
const KEY = 'prompthub-kept:review:p:1:ann';
const PLACE = { path: 'segment/0', label: 'System', words: 'Be brief.', range: { from: 0, to: 9 } };

function page(state: IStateDB | null, times: { storeMs?: number; sentMs?: number } = {}) {
  let guards = 0;
  const guard = () => {
    guards += 1;
    return new DisposableDelegate(() => (guards -= 1));
  };
  const writing: Writing = new Writing(
    () => undefined,
    () => unsent.changed()
  );
  const unsent = new Unsent({ writing, state, id: 'review:p:1', trans, guard, ...times });
  return { writing, unsent, guards: () => guards };
}

describe('words that are not sent', () => {
  it('are there when the page opens again, with the place that they are about', async () => {
    const state = new StateDB();
    const one = page(state);
    expect(await one.unsent.restore('ann')).toBe(false);
    one.writing.type('word', 'Looks g');
    one.writing.compose(PLACE);
    one.writing.type('new/segment/0', 'Why');
    one.writing.compose({ ...PLACE, path: 'segment/1' }); // nothing was typed there
    one.unsent.dispose(); // at once
    await vi.waitFor(async () => expect(await state.fetch(KEY)).toBeDefined());

    const two = page(state);
    two.writing.type('word', 'Other');
    expect(await two.unsent.restore('ann')).toBe(true);
    expect(Object.fromEntries(two.writing.typed)).toEqual({
      word: 'Other',
      'new/segment/0': 'Why'
    });
    expect([...two.writing.composing.values()]).toEqual([PLACE]);
    expect(await two.unsent.restore('ann')).toBe(false);
    two.unsent.dispose();
  });

  it('are offered to nobody else', async () => {
    const state = new StateDB();
    await state.save(KEY, { typed: { word: 'Mine' }, composing: [] });
    const other = page(state);
    expect(await other.unsent.restore('ben')).toBe(false);
    expect(other.writing.unsent).toBeNull();
    other.unsent.dispose();
  });

  it('are forgotten once they are sent, also when the page went before the answer came', async () => {
    const state = new StateDB();
    const { unsent, writing } = page(state);
    await unsent.restore('ann');
    writing.type('word', 'Done');
    unsent.dispose();
    await vi.waitFor(async () => expect(await state.fetch(KEY)).toBeDefined());
    writing.type('word', null);
    await vi.waitFor(async () => expect(await state.fetch(KEY)).toBeUndefined());
  });

  it('keep the browser from closing unasked until they are kept', async () => {
    const { unsent, writing, guards } = page(new StateDB(), { storeMs: 1, sentMs: 1 });
    await unsent.restore('ann');
    expect(guards()).toBe(0);
    writing.type('word', 'H');
    writing.type('word', 'Hm');
    expect(guards()).toBe(1);
    await vi.waitFor(() => expect(guards()).toBe(0));
    writing.type('word', 'Hm.');
    expect(guards()).toBe(1);
    unsent.dispose();
    await vi.waitFor(() => expect(guards()).toBe(0));
  });

  it.each([
    null,
    'words',
    { typed: null },
    { typed: ['a'], composing: 'b' },
    { typed: { word: 3 }, composing: [] },
    { typed: {}, composing: [PLACE] }
  ])('are none where something else is kept: %j', async kept => {
    const state = { fetch: () => Promise.resolve(kept) } as unknown as IStateDB;
    const { unsent, writing } = page(state);
    const found = await unsent.restore('ann');
    expect(found).toBe(writing.unsent !== null);
    expect(writing.composing.size).toBe(0);
    unsent.dispose();
  });

  it('come back without places that are none', async () => {
    const composing = [
      PLACE,
      { path: 'x' },
      { ...PLACE, range: null },
      null,
      { ...PLACE, words: 3 }
    ];
    const kept = { typed: { word: 'Hm' }, composing };
    const state = { fetch: () => Promise.resolve(kept) } as unknown as IStateDB;
    const { unsent, writing } = page(state);
    expect(await unsent.restore('ann')).toBe(true);
    expect([...writing.composing.values()]).toEqual([PLACE]);
    unsent.dispose();
  });

  it('begin empty, and it is said, where what was kept cannot be read', async () => {
    const warning = vi.spyOn(Notification, 'warning').mockReturnValue('');
    vi.spyOn(console, 'warn').mockReturnValue();
    const state = { fetch: () => Promise.reject(new Error('gone')) } as unknown as IStateDB;
    const { unsent } = page(state);
    expect(await unsent.restore('ann')).toBe(false);
    expect(warning.mock.calls[0]?.[0]).toContain('could not be read');
    unsent.dispose();
    vi.restoreAllMocks();
  });
});
