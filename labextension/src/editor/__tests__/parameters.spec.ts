import { describe, expect, it } from 'vitest';
import { PARAMETERS, read, write } from '../parameters';

const of = (name: string) => PARAMETERS.find(each => each.name === name) ?? null;

describe('the settings form', () => {
  it('reads back what it writes', () => {
    const cases: [string, unknown][] = [
      ['temperature', 0.7],
      ['max_tokens', 150],
      ['stop', ['END', '###']],
      ['logit_bias', { a: 1 }],
      ['user', 'me']
    ];
    for (const [name, value] of cases) {
      expect(read(of(name), write(of(name), value))).toEqual({ kind: 'value', value });
    }
  });

  it('takes an empty field as not set', () => {
    expect(write(of('seed'), undefined)).toBe('');
    expect(read(of('seed'), ' ')).toEqual({ kind: 'none' });
  });

  it('says what is expected instead', () => {
    expect(read(of('temperature'), 'hot')).toEqual({ kind: 'wrong', expected: 'number' });
    expect(read(of('temperature'), '2.5')).toEqual({ kind: 'wrong', expected: 'range' });
    expect(read(of('max_tokens'), '1.5')).toEqual({ kind: 'wrong', expected: 'integer' });
    expect(read(of('max_tokens'), '0')).toEqual({ kind: 'wrong', expected: 'range' });
    expect(read(null, 'text')).toEqual({ kind: 'wrong', expected: 'json' });
  });
});
