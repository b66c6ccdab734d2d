import { Notification } from '@jupyterlab/apputils';
import type { IStateDB } from '@jupyterlab/statedb';
import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it, vi } from 'vitest';
import type { IVariable } from '../../api';
import { RunForm } from '../runform';

const variable = (name: string, type = 'string') =>
  ({ name, type, schema: {}, required: true, has_default: false }) as unknown as IVariable;
const variables = [variable('order'), variable('count', 'integer'), variable('tags', 'array')];

const trans = nullTranslator.load('');

describe('the form of a run', () => {
  it('is filled from inputs, and what they do not have is emptied', () => {
    const form = new RunForm(null, () => 'id', trans);
    form.set('order', 'mine');
    form.set('count', '3');
    form.fill(variables, { order: 'A-17', tags: ['a'], unknown: 1 });
    expect(form.typed).toEqual({ order: 'A-17', tags: '[\n  "a"\n]' });
    form.dispose();
  });

  it('brings back what was typed before it was filled, however often it was', () => {
    const form = new RunForm(null, () => 'id', trans);
    form.set('order', 'mine');
    form.fill(variables, { order: 'one' });
    form.fill(variables, { order: 'two' });
    form.set('order', 'two and more');
    form.fill(variables, null);
    expect(form.typed).toEqual({ order: 'mine' });
    form.fill(variables, null);
    expect(form.typed).toEqual({ order: 'mine' });
    form.dispose();
  });

  it('keeps what was typed in just before its document is closed', () => {
    const save = vi.fn(() => Promise.resolve());
    const form = new RunForm({ save } as unknown as IStateDB, () => 'id', trans);
    form.set('order', 'A-17');
    form.dispose();
    expect(save.mock.calls).toEqual([
      ['prompthub-kept:id', { inputs: { order: 'A-17' }, model: '' }]
    ]);

    const untouched = new RunForm({ save } as unknown as IStateDB, () => 'id', trans);
    untouched.dispose();
    expect(save).toHaveBeenCalledTimes(1);
  });

  it('begins empty, and says so, where what was kept cannot be read', async () => {
    const warning = vi.spyOn(Notification, 'warning').mockReturnValue('');
    vi.spyOn(console, 'warn').mockReturnValue();
    const state = { fetch: () => Promise.reject(new Error('gone')) } as unknown as IStateDB;
    const form = new RunForm(state, () => 'id', trans);
    await form.restore();
    expect(form.typed).toEqual({});
    expect(warning.mock.calls.map(([text]) => text)).toEqual([
      'What you had typed in for runs of this prompt could not be read; the form begins empty.'
    ]);
    form.dispose();
    vi.restoreAllMocks();
  });
});
