import { describe, expect, it } from 'vitest';
import { EVERYTHING, isNarrowed, isSame, only, query } from '../filter';
import type { LibraryModel } from '../model';
import { selectAll, selectRange } from '../select';
import { Selection } from '../selection';

describe('a selection', () => {
  it('keeps what was picked one by one when a range is drawn beside it', () => {
    const selection = new Selection();
    selection.toggle('a');
    selection.range(['c', 'd', 'e']);
    expect(selection.ids).toEqual(['a', 'c', 'd', 'e']);
    selection.range(['c']);
    expect(selection.ids).toEqual(['a', 'c']);
    selection.toggle('a');
    expect(selection.ids).toEqual(['c']);
  });

  it('tells of every change, and not of clearing nothing', () => {
    const selection = new Selection();
    let told = 0;
    selection.changed.connect(() => told++);
    selection.clear();
    selection.set(['a']);
    selection.clear();
    expect(told).toBe(2);
  });
});

describe('what is asked to be selected', () => {
  /** A list of which nothing is loaded: the server's answers come when they are let to. */
  function slow() {
    const answers: ((ids: string[]) => void)[] = [];
    const view = { outline: { ranges: () => [['', 0, 1]] }, pages: { get: () => null } };
    const selection = new Selection();
    const ids = () => new Promise(resolve => answers.push(ids => resolve({ ids })));
    const model = { view, selection, asked: () => ({}), hub: { api: { prompts: { ids } } } };
    return { answers, selection, model: model as unknown as LibraryModel };
  }

  it('is what was asked last, whichever answer comes last', async () => {
    const { answers, selection, model } = slow();
    const first = selectRange(model, 0, 1);
    const second = selectRange(model, 0, 1);
    answers[1]!(['c', 'd']);
    await second;
    answers[0]!(['a', 'b']);
    await first;
    expect(selection.ids).toEqual(['c', 'd']);
  });

  it.each(['clear', 'toggle'] as const)('is not selected any more after a %s', async what => {
    const { answers, selection, model } = slow();
    const asked = what === 'clear' ? selectAll(model) : selectRange(model, 0, 1);
    selection[what]('z');
    answers[0]!(['a', 'b']);
    await asked;
    expect(selection.ids).toEqual(what === 'clear' ? [] : ['z']);
  });
});

describe('a filter', () => {
  it('leaves the order of a search to the server, unless one is chosen', () => {
    expect(query({ ...EVERYTHING, search: ' x ' })).toMatchObject({ search: 'x', sort: undefined });
    expect(query({ ...EVERYTHING, search: 'x', sort: 'updated' }).sort).toBe('updated');
    expect(query(EVERYTHING).sort).toBe('name');
  });

  it('of an older or a hand-written setting is read as far as it makes sense', () => {
    const read = only({ search: 'x', tags: ['b', 'a'], draft: 'yes', colour: 'red' } as never);
    expect(read).toEqual({ ...EVERYTHING, search: 'x', tags: ['a', 'b'] });
    expect(isSame(read, { ...EVERYTHING, search: 'x', tags: ['b', 'a'] })).toBe(true);
  });

  it('is narrow by tags and states, not by its order', () => {
    expect(isNarrowed({ ...EVERYTHING, sort: 'created' })).toBe(false);
    expect(isNarrowed({ ...EVERYTHING, mine: true })).toBe(true);
  });
});
