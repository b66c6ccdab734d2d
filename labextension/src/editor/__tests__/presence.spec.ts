import { describe, expect, it } from 'vitest';
import { people } from '../presence';

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
    expect(people(states, 1)).toEqual([
      { id: 'u3', name: 'ada', initials: 'A', color: '' },
      { id: 'u2', name: 'Zoe Zett', initials: 'ZZ', color: 'red' }
    ]);
  });
});
