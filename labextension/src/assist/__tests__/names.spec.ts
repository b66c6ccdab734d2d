import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it, vi } from 'vitest';
import type { PromptModel } from '../../editor/model';
import { freshCheck } from '../names';

const trans = nullTranslator.load('');

/** A model whose text becomes the next of `typed` while each check is under way. */
function model(text: string, typed: string[], checked: string | null = null) {
  const check = vi.fn(async (body: { text: string }) => {
    made.text = typed.shift() ?? made.text;
    return Promise.resolve({ of: body.text });
  });
  const made = {
    text,
    key: null,
    check: checked === null ? null : { text: checked, checked: { of: checked } },
    hub: { trans, api: { prompts: { check } } }
  };
  return { made: made as unknown as PromptModel, check };
}

describe('the check of the present text', () => {
  it('is the newest one where that is of the text', async () => {
    const { made, check } = model('a', [], 'a');
    expect(await freshCheck(made)).toBe(made.check);
    expect(check).not.toHaveBeenCalled();
  });

  it('is never of a text that has moved on while it was asked for', async () => {
    const { made, check } = model('a', ['ab', 'abc'], 'before');
    expect(await freshCheck(made)).toEqual({ text: 'abc', checked: { of: 'abc' } });
    expect(check.mock.calls.map(([{ text }]) => text)).toEqual(['a', 'ab', 'abc']);
  });

  it('is given up where somebody types on and on', async () => {
    const { made, check } = model('0', ['1', '2', '3', '4', '5', '6', '7']);
    await expect(freshCheck(made)).rejects.toThrow('Somebody is typing');
    expect(check).toHaveBeenCalledTimes(5);
  });
});
