import * as React from 'react';
import { act } from 'react';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';
import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IUnitChange } from '../../api';
import { ChangeCard } from '../ChangeCard';
import { selectedIn } from '../Inline';

const change = {
  op: 'changed',
  unit: 'segment',
  path: 'segment/0/system',
  label: 'System',
  before: 'Thank the customer.',
  after: 'Thank the customer kindly.',
  position_before: null,
  position_after: null,
  spans: [
    { op: 'equal', text: 'Thank the customer' },
    { op: 'insert', text: ' kindly' },
    { op: 'equal', text: '.' }
  ]
} as unknown as IUnitChange;

describe('a change side by side in which words are pointed at', () => {
  let root: Root;
  let node: HTMLElement;

  beforeEach(() => {
    (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
    node = document.body.appendChild(document.createElement('div'));
    root = createRoot(node);
    act(() =>
      root.render(
        <ChangeCard
          change={change}
          layout="split"
          isActive={false}
          onFocus={() => undefined}
          marks={[{ from: 10, to: 25 }]}
          trans={nullTranslator.load('')}
        />
      )
    );
  });

  afterEach(() => {
    act(() => root.unmount());
    node.remove();
  });

  it('shows both texts, and the marks in the newer one', () => {
    const sides = [...node.querySelectorAll('.jp-PromptHub-inline')];
    expect(sides.map(each => each.textContent)).toEqual([change.before, change.after]);
    expect(sides[0]!.querySelector('.jp-PromptHub-pointedAt')).toBeNull();
    const marked = [...sides[1]!.querySelectorAll('.jp-PromptHub-pointedAt')];
    expect(marked.map(each => each.textContent)).toEqual(['customer', ' kindly']);
  });

  it('lets words of the newer text be selected', () => {
    const newer = node.querySelector<HTMLElement>('[data-pointable]')!;
    const range = document.createRange();
    range.selectNodeContents(newer.querySelector('ins')!);
    const selection = document.getSelection()!;
    selection.removeAllRanges();
    selection.addRange(range);
    const found = selectedIn(newer, selection)!;
    expect(change.after!.slice(found.from, found.to)).toBe(' kindly');
    const older = node.querySelector<HTMLElement>('[aria-label="Before"]')!;
    expect(older.dataset['pointable']).toBeUndefined();
  });
});
