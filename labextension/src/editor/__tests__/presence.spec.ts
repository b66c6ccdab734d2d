import { describe, expect, it } from 'vitest';
import { people } from '../people';

describe('who is here', () => {
  it('shows everybody else once, by name', () => {
    const states = new Map<number, unknown>([
      [1, { user: { username: 'me', name: 'Me' } }],
      [2, { user: { username: 'u2', name: 'Zoe', display_name: 'Zoe Zett', color: 'red' } }],
      [3, { user: { username: 'u3', name: 'ada' } }],
      [4, { user: { username: 'u2', name: 'Zoe' } }],
      [5, {}],
      [6, null]
    ]);
    const common = { isMe: false, head: null };
    expect(people(states, 1)).toEqual([
      { id: 'u3', name: 'ada', initials: 'A', color: '', ...common },
      { id: 'u2', name: 'Zoe Zett', initials: 'ZZ', color: 'red', ...common }
    ]);
  });

  it('knows me in another window, and takes the cursor of the window that spoke last', () => {
    const me = { username: 'me', name: 'Me' };
    const ada = { username: 'u2', name: 'Ada' };
    const states = new Map<number, unknown>([
      [1, { user: me }],
      [2, { user: me, cursors: [{ head: 'mine', primary: true }] }],
      [3, { user: ada, cursors: [{ head: 'old' }] }],
      [4, { user: ada, cursors: [{ head: 'second', primary: false }, { head: 'new' }] }],
      [5, { user: ada }]
    ]);
    const spoke = new Map([
      [3, 1],
      [4, 2],
      [5, 3]
    ]);
    expect(people(states, 1, spoke).map(({ id, isMe, head }) => [id, isMe, head])).toEqual([
      ['u2', false, 'new'],
      ['me', true, 'mine']
    ]);
  });
});
