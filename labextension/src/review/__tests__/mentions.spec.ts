import { describe, expect, it } from 'vitest';
import { mentionAt, offered } from '../mentions';

describe('a mention', () => {
  it('begins with an @ that no word is before, and ends at the caret', () => {
    expect(mentionAt('@', 1)).toEqual({ from: 0, words: '' });
    expect(mentionAt('Hm, @Le and', 7)).toEqual({ from: 4, words: 'Le' });
    expect(mentionAt('@Ada Love', 9)).toEqual({ from: 0, words: 'Ada Love' });
    expect(mentionAt('me@example', 10)).toBeNull();
    expect(mentionAt('@Lea\nis', 7)).toBeNull();
    expect(mentionAt('@Lea is it so', 13)).toBeNull();
    expect(mentionAt('nobody', 6)).toBeNull();
  });

  it('offers who is called so, the beginning of a name first', () => {
    const names = ['Ben Adams', 'Ada', 'Rob', 'adam', ''];
    expect(offered(names, 'ad')).toEqual(['Ada', 'adam', 'Ben Adams']);
    // it is written already
    expect(offered(names, 'ada')).toEqual(['adam', 'Ben Adams']);
    expect(offered(names, 'x')).toEqual([]);
    expect(offered(names, '')).toHaveLength(4);
  });
});
