import { Signal } from '@lumino/signaling';
import * as React from 'react';
import * as ReactDOM from 'react-dom/client';
import { flushSync } from 'react-dom';
import { describe, expect, it, vi } from 'vitest';
import type { IGraphNode, IGraphQuery, IVersionQuery } from '../../../api';
import type { IPromptHub } from '../../../tokens';
import { UsedBy } from '../../../components/usedby';
import { HistoryModel } from '../model';

const COUNT = 2000;

const node = (number: number): IGraphNode =>
  ({
    version: {
      sha: String(number),
      number,
      parents: number > 1 ? [String(number - 1)] : [],
      author: { id: 'a', display_name: 'Ada' }
    },
    lane: number % 2,
    above: [],
    below: [{ top: number % 2, bottom: 1 - (number % 2), lane: 0 }]
  }) as unknown as IGraphNode;

function setting() {
  const owner = {};
  const signal = () => new Signal<object, unknown>(owner);
  const graph = vi.fn((_: string, { cursor, limit = 100 }: IGraphQuery) => {
    const first = cursor ? Number(cursor) : COUNT;
    const last = Math.max(first - limit, 0);
    const items = Array.from({ length: first - last }, (_, at) => node(first - at));
    return Promise.resolve({ items, lanes: 2, next_cursor: last > 0 ? String(last) : null });
  });
  const list = vi.fn((_: string, __: IVersionQuery) =>
    Promise.resolve({ items: [node(7).version], next_cursor: null, total: 1 })
  );
  const textChanges = vi.fn(() =>
    Promise.resolve({
      items: [{ version: node(9).version, before: 0, after: 2 }],
      looked_at: COUNT,
      next_cursor: null
    })
  );
  const none = () => Promise.resolve({ items: [] });
  const api = {
    prompts: {
      get: () => Promise.resolve({ id: 'p', name: 'p', title: 'P' }),
      dependents: () => Promise.resolve({ items: [], prompts: 0, next_cursor: null })
    },
    branches: { list: none },
    deployments: { environments: none, list: none },
    versions: { graph, list, textChanges }
  };
  const hub = {
    api,
    event: signal(),
    meChanged: signal(),
    connectionChanged: signal()
  } as unknown as IPromptHub;
  return { model: new HistoryModel(hub, 'p', () => undefined), graph, list, textChanges };
}

describe('the history of 2,000 versions', () => {
  it('comes in pages, with the lanes that the server laid out', async () => {
    const { model, graph } = setting();
    await vi.waitFor(() => expect(model.versions).toHaveLength(100));
    while (model.hasMore) {
      await model.loadMore();
    }
    expect(model.versions).toHaveLength(COUNT);
    expect(model.nodes.map(each => each.version.sha)).toEqual(model.versions.map(each => each.sha));
    expect(model.lanes).toBe(2);
    expect(graph).toHaveBeenCalledTimes(COUNT / 100);
    await model.reload();
    expect(model.versions).toHaveLength(COUNT);
    model.dispose();
  });

  it('is a list without a graph where words narrow it, and a graph again after that', async () => {
    const { model, list } = setting();
    await vi.waitFor(() => expect(model.versions).toHaveLength(100));
    model.setFilter({ author: 'a' });
    await vi.waitFor(() => expect(model.versions).toHaveLength(1));
    expect(model.nodes).toEqual([]);
    expect(list).toHaveBeenCalledTimes(1);
    model.setFilter({ author: '' });
    await vi.waitFor(() => expect(model.nodes).toHaveLength(100));
    model.dispose();
  });
});

it('says which versions brought a text or took it away', async () => {
  const { model, list, textChanges } = setting();
  await vi.waitFor(() => expect(model.versions).toHaveLength(100));
  model.setFilter({ place: 'texts', branch: 'main', author: 'a' });
  model.setFilter({ search: ' in two sentences ' });
  await vi.waitFor(() => expect(model.versions.map(each => each.sha)).toEqual(['9']));
  expect(textChanges.mock.calls).toEqual([
    ['p', { text: 'in two sentences', limit: 100, cursor: null }, expect.anything()]
  ]);
  expect(list).toHaveBeenCalledTimes(1); // by author, before there was a text
  expect([model.times('9'), model.times('8')]).toEqual([{ before: 0, after: 2 }, null]);
  model.dispose();
});

describe('who includes a snippet', () => {
  const trans = {
    __: (text: string) => text,
    _n: (one: string, many: string, count: number) =>
      (count === 1 ? one : many).replace('%1', String(count))
  };
  const shown = (effects: (string | null)[]) => {
    const items = effects.map((effect, at) => ({
      prompt_id: String(at),
      name: `p${at}`,
      version_sha: 'a',
      branches: ['main'],
      environments: [],
      direct: at > 0,
      effect,
      reasons: effect === 'breaks' ? ['variable x: new and required'] : []
    }));
    const list = { items, prompts: items.length, next_cursor: null };
    const host = document.createElement('div');
    const root = ReactDOM.createRoot(host);
    const element = React.createElement(UsedBy, { list, trans } as unknown as React.ComponentProps<
      typeof UsedBy
    >);
    flushSync(() => root.render(element));
    return host;
  };

  it('is said in one line, with the list in it, open where something breaks', () => {
    const plain = shown([null, null]);
    expect(plain.querySelector('summary')?.textContent).toBe('Used by 2 prompts');
    expect(plain.querySelector('details')?.open).toBe(false);
    expect(plain.querySelectorAll('li')[0]?.textContent).toContain('through other snippets');
    const breaking = shown(['changed', 'breaks']);
    expect(breaking.querySelector('details')?.open).toBe(true);
    expect(breaking.textContent).toContain('variable x: new and required');
    expect(shown([]).innerHTML).toBe('');
  });
});
