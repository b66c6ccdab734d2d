import { describe, expect, it, vi } from 'vitest';
import { CommandIDs } from '../../../commands/ids';
import { Keys } from '../keys';
import type { LibraryModel } from '../model';
import { Selection } from '../selection';

/** What keys ran, and whether they were taken, for somebody with these permissions. */
function press(permissions: readonly string[], ...keys: KeyboardEventInit[]) {
  const ran: string[] = [];
  const row = { kind: 'prompt', key: 'p1', prompt: { id: 'p1' } };
  const model = {
    active: 0,
    count: 1,
    row: () => row,
    renaming: null as string | null,
    selection: new Selection(),
    hub: { can: (permission: string) => permissions.includes(permission) },
    run: (command: string) => ran.push(command)
  };
  const pressing = new Keys({ model: model as unknown as LibraryModel, page: 10 });
  const taken = keys.map(key => pressing.press(new KeyboardEvent('keydown', key)));
  return { ran, taken, renaming: model.renaming };
}

const CHANGING = [{ key: 'Delete' }, { key: 'd', ctrlKey: true }, { key: 'F2' }];

describe('the keys of the library', () => {
  it('that change something mean nothing to somebody who may only read', () => {
    const { ran, taken, renaming } = press(['prompt:read'], ...CHANGING);
    expect(ran).toEqual([]);
    expect(taken).toEqual([false, false, false]);
    expect(renaming).toBeNull();
  });

  it('archive, duplicate and rename for somebody who may', () => {
    const { ran, taken, renaming } = press(['prompt:write', 'prompt:delete'], ...CHANGING);
    expect(ran).toEqual([CommandIDs.archiveMany, CommandIDs.duplicatePrompt]);
    expect(taken).toEqual([true, true, true]);
    expect(renaming).toBe('p1');
  });
});

describe('a range of the library', () => {
  /** A list of prompts that moves under the keyboard. */
  function list(ids: string[]) {
    const rows = { ids };
    const model = {
      active: 0,
      get count() {
        return rows.ids.length;
      },
      row: (index: number) => {
        const id = rows.ids[index];
        return id ? { kind: 'prompt', key: id, prompt: { id } } : null;
      },
      view: {
        indexOf: (key: string) => rows.ids.indexOf(key),
        outline: { ranges: (first: number, last: number) => [['', first, last]] },
        pages: { get: (_: string, place: number) => ({ id: rows.ids[place] }) }
      },
      selection: new Selection(),
      hub: { can: () => true, trans: { __: (text: string) => text } }
    };
    return { rows, model, keys: new Keys({ model: model as unknown as LibraryModel, page: 10 }) };
  }

  it('begins at the row that was chosen, wherever that has moved to', async () => {
    const { rows, model, keys } = list(['a', 'b', 'c', 'd']);
    keys.anchorAt(1);
    rows.ids = ['x', 'y', 'a', 'b', 'c', 'd'];
    keys.selectTo(4);
    await vi.waitFor(() => expect(model.selection.ids).toEqual(['b', 'c']));
  });

  it('begins about where the row was that is gone', async () => {
    const { rows, model, keys } = list(['a', 'b', 'c', 'd']);
    keys.anchorAt(3);
    rows.ids = ['a', 'b', 'c'];
    keys.selectTo(1);
    await vi.waitFor(() => expect(model.selection.ids).toEqual(['b', 'c']));
  });
});

describe('typing ahead in the library', () => {
  /** Two rows are loaded, and the server is asked for the third. */
  function typing() {
    let answer: (found: { position: number; name: string }) => void = () => undefined;
    const rows = ['aa', 'ab', null];
    const model = {
      active: 0,
      count: rows.length,
      row: (index: number) => ({ kind: 'prompt', key: String(index), label: rows[index] ?? '' }),
      setActive: (index: number) => (model.active = index),
      asked: () => ({}),
      view: {
        filter: { sort: 'name' },
        outline: {
          at: () => ({ kind: 'prompt', list: 'f/' }),
          promptIndex: (_: string, place: number) => (place < rows.length ? place : -1)
        },
        pages: { get: (_: string, place: number) => rows[place] ?? null }
      },
      hub: {
        trans: { __: (text: string) => text },
        api: { prompts: { position: () => new Promise(resolve => (answer = resolve)) } }
      }
    };
    const keys = new Keys({ model: model as unknown as LibraryModel, page: 10 });
    const press = (...pressed: string[]) =>
      pressed.forEach(key => keys.press(new KeyboardEvent('keydown', { key })));
    const answered = async () => {
      answer({ position: 2, name: 'f/zz' });
      await new Promise(resolve => setTimeout(resolve));
    };
    return { model, press, answered };
  }

  it('goes to what the server finds', async () => {
    const { model, press, answered } = typing();
    press('z', 'Shift');
    await answered();
    expect(model.active).toBe(2);
  });

  it('goes nowhere when its reader has gone on before the answer', async () => {
    const { model, press, answered } = typing();
    press('z', 'ArrowDown');
    await answered();
    expect(model.active).toBe(1);
  });
});
