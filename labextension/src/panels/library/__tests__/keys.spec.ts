import { describe, expect, it } from 'vitest';
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
  const pressing = new Keys({ model: model as unknown as LibraryModel, page: 10, anchor: 0 });
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
