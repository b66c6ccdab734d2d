import { StateDB } from '@jupyterlab/statedb';
import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it, vi } from 'vitest';
import { ReviewView } from '../view';

const trans = nullTranslator.load('');

describe('how reviews are looked at', () => {
  it('is kept for the next time', async () => {
    const state = new StateDB();
    const one = new ReviewView(state);
    await one.restore(trans);
    expect(one.layout).toBe('inline');
    one.layout = 'split';
    await vi.waitFor(async () =>
      expect(await state.fetch('prompthub-kept:review-view')).toEqual({ layout: 'split' })
    );
    const two = new ReviewView(state);
    const told = vi.fn();
    two.changed.connect(told);
    await two.restore(trans);
    expect(two.layout).toBe('split');
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('is what was chosen while it was being read, and inline where something else is kept', async () => {
    const state = new StateDB();
    await state.save('prompthub-kept:review-view', { layout: 'split' });
    const view = new ReviewView(state);
    const reading = view.restore(trans);
    view.layout = 'inline';
    await reading;
    expect(view.layout).toBe('inline');
    await state.save('prompthub-kept:review-view', { layout: 'diagonal' });
    const other = new ReviewView(state);
    await other.restore(trans);
    expect(other.layout).toBe('inline');
  });
});
