import { describe, expect, it } from 'vitest';
import type { IImportItem } from '../../api';
import { needed, snippetsFirst } from '../importing';

function item(name: string, text = 'Hi\n'): IImportItem {
  return { name, versions: [{ text }] };
}

function names(items: readonly IImportItem[]): string[] {
  return items.map(each => each.name);
}

describe('the order of an import', () => {
  it('has what others include first, also in a circle', () => {
    const items = [item('a', '{{>b}}'), item('b', '{{~> c }}'), item('c', '{{>a}}'), item('d')];
    expect(names(snippetsFirst(items))).toEqual(['c', 'b', 'a', 'd']);
  });
});

describe('what must come before a part of an import', () => {
  const house = item('house', '{{>deep}}');
  const earlier = [item('deep'), house, item('other'), item('twice')];

  it('is what it includes, and what that includes', () => {
    expect(names(needed([item('a', '{{>house}}')], earlier))).toEqual(['deep', 'house']);
    expect(needed([item('a')], earlier)).toEqual([]);
  });

  it('is what has the name of one of its items', () => {
    expect(needed([item('twice', '{{>other}}')], earlier)).toEqual([earlier[3], earlier[2]]);
  });

  it('holds nothing of the part itself', () => {
    const part = [item('x', '{{>y}}'), item('y', '{{>house}}')];
    expect(names(needed(part, earlier))).toEqual(['deep', 'house']);
  });
});
