import { describe, expect, it } from 'vitest';
import { FLAT, folderTree, Outline } from '../outline';

const COUNTS = [
  { path: '', prompts: 2 },
  { path: 'support/', prompts: 3 },
  { path: 'support/german/', prompts: 4 },
  { path: 'a/b/c/', prompts: 1 }
];

/** The lines as short texts: `support/` or `support/[2]`. */
function lines(outline: Outline): string[] {
  return Array.from({ length: outline.length }, (_, index) => {
    const slot = outline.at(index)!;
    return slot.kind === 'folder' ? slot.folder.path : `${slot.list}[${slot.place}]`;
  });
}

describe('the tree of folders', () => {
  it('sums what is in a folder at any depth, also where it holds only folders', () => {
    const root = folderTree(COUNTS);
    expect([root.own, root.all]).toEqual([2, 10]);
    expect(root.folders.map(each => [each.path, each.label, each.level, each.all])).toEqual([
      ['a/', 'a', 1, 1],
      ['support/', 'support', 1, 7]
    ]);
    expect(root.folders[1]!.folders[0]).toMatchObject({
      path: 'support/german/',
      level: 2,
      parent: 'support/'
    });
  });
});

describe('the lines of the library', () => {
  it('puts folders first, and what is in an open one below it', () => {
    const outline = Outline.tree(folderTree(COUNTS), path => path === 'support/');
    expect(lines(outline)).toEqual([
      'a/',
      'support/',
      'support/german/',
      'support/[0]',
      'support/[1]',
      'support/[2]',
      '[0]',
      '[1]'
    ]);
    expect(outline.at(3)).toMatchObject({ level: 2, parent: 'support/', position: 2, siblings: 4 });
    expect(outline.at(6)).toMatchObject({ level: 1, parent: '', position: 3, siblings: 4 });
    expect(outline.at(8)).toBeNull();
    expect(outline.at(-1)).toBeNull();
  });

  it('knows where folders and prompts stand, and that others are not on show', () => {
    const outline = Outline.tree(folderTree(COUNTS), path => path === 'support/');
    expect(outline.folderIndex('support/german/')).toBe(2);
    expect(outline.folderIndex('a/b/')).toBe(-1);
    expect(outline.promptIndex('support/', 2)).toBe(5);
    expect(outline.promptIndex('support/', 3)).toBe(-1);
    expect(outline.promptIndex('support/german/', 0)).toBe(-1);
  });

  it('says which parts of lists lie between two lines', () => {
    const outline = Outline.tree(folderTree(COUNTS), path => path === 'support/');
    expect(outline.ranges(4, 6)).toEqual([
      ['support/', 1, 2],
      ['', 0, 0]
    ]);
    expect(outline.ranges(0, 2)).toEqual([]);
  });

  it('holds ten thousand prompts in one segment', () => {
    const outline = Outline.tree(folderTree([{ path: 'big/', prompts: 10_000 }]), () => true);
    expect(outline.length).toBe(10_001);
    expect(outline.at(10_000)).toMatchObject({ list: 'big/', place: 9_999 });
  });

  it('is one list in a search', () => {
    const outline = Outline.flat(3);
    expect(lines(outline)).toEqual([`${FLAT}[0]`, `${FLAT}[1]`, `${FLAT}[2]`]);
    expect(Outline.flat(0).at(0)).toBeNull();
  });
});
