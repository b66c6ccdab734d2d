import type { ISharedFile } from '@jupyter/ydoc';
import { YFile } from '@jupyter/ydoc';
import { describe, expect, it } from 'vitest';
import type { IChecked, IProblem } from '../../api';
import type { ICheck } from '../../editor/checker';
import { mendable } from '../fixes';
import { includeAt, nameAt } from '../names';
import { applyAsStep } from '../textedits';
import { Trail } from '../trail';

const TEXT = '😀 one\n{{two}} three\nfour';

function problem(start: number, end: number, fixes = 1): IProblem {
  const fix = { title: 'Mend', edits: [] };
  const place = { line: 1, column: 1, end_line: 1, end_column: 1 };
  return {
    severity: 'error',
    code: 'x',
    message: '',
    start,
    end,
    ...place,
    fixes: Array.from({ length: fixes }, () => fix)
  };
}

function check(more: Partial<IChecked>): ICheck {
  return {
    text: TEXT,
    checked: { problems: [], places: [], includes: [], ...more } as unknown as IChecked
  };
}

describe('fixes', () => {
  const first = problem(2, 5);
  const second = problem(8, 11);
  const third = problem(18, 20, 0);
  const all = check({ problems: [first, second, third] });

  it('are of the problem at the cursor', () => {
    expect(mendable(all, 10, 10)).toEqual([second]);
  });

  it('are of the line where no problem is at the cursor', () => {
    expect(mendable(all, 17, 17)).toEqual([second]);
  });

  it('are of all problems where the line has none that can be mended', () => {
    expect(mendable(all, 22, 22)).toEqual([first, second]);
  });

  it('are one step of undo, apart from what was typed before and after', () => {
    const file = YFile.create();
    file.setSource(TEXT);
    file.updateSource(TEXT.length, TEXT.length, ' typed');
    const text = file.getSource();
    const edits = [
      { start: 2, end: 5, text: 'ONE' },
      { start: 8, end: 11, text: 'TWO' }
    ];
    expect(applyAsStep(file as ISharedFile, text, edits)).toBe(true);
    expect(file.getSource()).toBe('😀 ONE\n{{TWO}} three\nfour typed');
    file.updateSource(0, 0, '!');
    file.undo();
    file.undo();
    expect(file.getSource()).toBe(text);
  });

  it('change nothing in a text that has moved on', () => {
    const file = YFile.create();
    file.setSource('another');
    expect(applyAsStep(file as ISharedFile, TEXT, [{ start: 0, end: 1, text: '' }])).toBe(false);
    expect(file.getSource()).toBe('another');
  });
});

describe('names', () => {
  const include = { name: 'two', ref: 'latest', prompt_id: 'p', branch: 'main', sha: 'f' };
  const named = check({
    places: [{ kind: 'snippet', name: 'two', start: 8, end: 11 }],
    includes: [include]
  });

  it('are found in UTF-16 units', () => {
    expect(nameAt(named, 9)).toEqual({ kind: 'snippet', name: 'two', from: 9, to: 12 });
    expect(nameAt(named, 8)).toBeNull();
    expect(includeAt(named, 12)?.include).toBe(include);
  });
});

describe('the trail', () => {
  it('leads back, the last place first', () => {
    const trail = new Trail();
    trail.leave({ path: 'a', at: 1 });
    trail.leave({ path: 'b', at: 2 });
    expect([trail.back()?.path, trail.back()?.path, trail.back()]).toEqual(['b', 'a', null]);
  });
});
