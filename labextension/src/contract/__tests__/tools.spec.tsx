import * as React from 'react';
import { act } from 'react';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ITool } from '../../api';
import type { Change } from '../../editor/formedits';
import type { PromptModel } from '../../editor/model';
import { Tools } from '../Tools';

const trans = {
  __: (text: string, ...args: unknown[]) =>
    args.reduce<string>((made, arg, index) => made.replace(`%${index + 1}`, String(arg)), text)
};
const LOOKUP: ITool = {
  name: 'lookup',
  description: 'finds it',
  is_defined: true,
  problem: null,
  schema: {
    type: 'object',
    properties: { order: { type: 'string', description: 'its number' }, most: { enum: [1, 2] } },
    required: ['order']
  }
};

describe('the tools of the contract form', () => {
  let root: Root;
  let node: HTMLElement;
  let asked: [place: string, change: Change][];

  const show = (tool: Partial<ITool>, disabled = false): void => {
    const edits = {
      refusals: new Map(),
      make: (place: string, change: Change) => {
        asked.push([place, change]);
        return Promise.resolve();
      },
      dismiss: () => undefined
    };
    const model = { hub: { trans }, edits, tools: [{ ...LOOKUP, ...tool }] };
    act(() => root.render(<Tools model={model as unknown as PromptModel} disabled={disabled} />));
  };
  const field = <T extends HTMLElement = HTMLInputElement>(label: string): T => {
    const found = node.querySelector<T>(`[aria-label="${label}"]`);
    expect(found, label).not.toBeNull();
    return found!;
  };
  const fill = (label: string, text: string): void => {
    const input = field(label);
    const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!;
    act(() => {
      input.focus();
      set!.call(input, text);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    act(() => {
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    });
  };

  beforeEach(() => {
    (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
    asked = [];
    node = document.body.appendChild(document.createElement('div'));
    root = createRoot(node);
  });
  afterEach(() => {
    act(() => root.unmount());
    node.remove();
  });

  it('ask for one change of the parameter that is named', () => {
    show({});
    const place = 'tool/lookup/parameter/order';
    fill('Name of the parameter order of lookup', ' number ');
    fill('Description of order of lookup', 'such as A-17');
    act(() => field('order of lookup is required').click());
    fill('Values of most of lookup', '1, 2, 3');
    act(() => field('Remove the parameter most of lookup').click());
    fill('Name of a new parameter of lookup', 'near');
    const named = (name: string): object => ({ tool: 'lookup', name });
    expect(asked).toEqual([
      [`${place}/name`, { change: 'rename_tool_parameter', ...named('order'), to: 'number' }],
      [
        `${place}/description`,
        { change: 'put_tool_parameter', ...named('order'), description: 'such as A-17' }
      ],
      [`${place}/required`, { change: 'put_tool_parameter', ...named('order'), required: false }],
      [
        'tool/lookup/parameter/most/values',
        { change: 'put_tool_parameter', ...named('most'), schema: { enum: [1, 2, 3] } }
      ],
      ['tool/lookup/parameter/most', { change: 'remove_tool_parameter', ...named('most') }],
      ['tool/lookup/parameter/+', { change: 'put_tool_parameter', ...named('near') }]
    ]);
  });

  it('take no name that is there, or that is none', () => {
    show({});
    fill('Name of a new parameter of lookup', 'order');
    expect(node.textContent).toContain('order is there already.');
    fill('Name of the parameter order of lookup', ' ');
    expect(node.textContent).toContain('Expected a name.');
    expect(asked).toEqual([]);
  });

  it('take any name that JSON lets a property have', () => {
    show({});
    fill('Name of a new parameter of lookup', 'first-name');
    fill('Name of the parameter order of lookup', '1st order');
    expect(asked.map(([, change]) => change)).toEqual([
      { change: 'put_tool_parameter', tool: 'lookup', name: 'first-name' },
      { change: 'rename_tool_parameter', tool: 'lookup', name: 'order', to: '1st order' }
    ]);
  });

  it('keep the focus in the name that was changed', () => {
    show({});
    const { order, most } = LOOKUP.schema!['properties'] as { order: object; most: object };
    fill('Name of the parameter order of lookup', 'number');
    show({ schema: { ...LOOKUP.schema, properties: { number: order, most } } });
    expect(document.activeElement).toBe(field('Name of the parameter number of lookup'));
  });

  it('cannot be changed where nothing may be', () => {
    show({}, true);
    const fields = [...node.querySelectorAll<HTMLInputElement>('input, select, button')];
    expect(fields.length).toBeGreaterThan(8);
    expect(fields.filter(each => !each.disabled)).toEqual([]);
  });

  it('say why there is no form for what one takes', () => {
    show({ problem: "schema order: there is no type 'strin'" });
    expect(node.textContent).toContain("there is no type 'strin'");
    expect(node.querySelector('[aria-label="Name of a new parameter of lookup"]')).toBeNull();
    show({ schema: null, is_defined: false });
    expect(node.textContent).toContain('only named');
    expect(field('Name of a new parameter of lookup').disabled).toBe(false);
  });
});
