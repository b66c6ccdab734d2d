import {
  choicesText,
  fits,
  readChoices,
  readDefault,
  schemaOf,
  showDefault,
  typeOf
} from '../types';

describe('the types of the contract form', () => {
  it('leaves null aside, and what it cannot make as other', () => {
    expect(typeOf({ type: ['string', 'null'] })).toBe('string');
    expect(typeOf({ type: ['string', 'integer'] })).toBe('other');
    expect(typeOf({ enum: [1, null] })).toBe('enum');
    expect(typeOf({})).toBe('any');
  });

  it('makes schemas that are of the type that was chosen', () => {
    for (const type of [
      'string',
      'integer',
      'boolean',
      'enum',
      'array',
      'object',
      'any'
    ] as const) {
      expect(typeOf(schemaOf(type))).toBe(type);
    }
  });

  it('keeps the numbers and the commas of an enumeration', () => {
    const numbers = { enum: [1, 2, null] };
    expect(choicesText(numbers)).toBe('1, 2');
    expect(readChoices(numbers, '1, 2, 4')).toEqual([1, 2, 4]);
    expect(readChoices(numbers, '1, two')).toEqual(['1', 'two']);
    const commas = { enum: ['yes, please', 'no'] };
    expect(readChoices(commas, choicesText(commas))).toEqual(commas.enum);
    const mixed = { enum: ['1', 1] };
    expect(readChoices(mixed, choicesText(mixed))).toEqual(mixed.enum);
    expect(readChoices({ enum: ['a'] }, ' b , c,, b')).toEqual(['b', 'c']);
    expect(readChoices({ enum: ['a'] }, ' , ')).toBeNull();
    expect(readChoices({ enum: ['a'] }, '[oops')).toBeNull();
  });

  it('takes a default of its type only', () => {
    expect(readDefault({ type: 'integer' }, '3')).toEqual({ value: 3 });
    expect(readDefault({ type: 'integer' }, '3.5')).toBeNull();
    expect(readDefault({ type: 'integer' }, '"x"')).toBeNull();
    expect(readDefault({ type: 'string' }, '3')).toEqual({ value: '3' });
    expect(readDefault({ enum: ['a', 'b'] }, 'a')).toEqual({ value: 'a' });
    expect(readDefault({ enum: ['a', 'b'] }, 'c')).toBeNull();
    expect(readDefault({ enum: [1, 2] }, '2')).toEqual({ value: 2 });
    expect(readDefault({ type: 'array' }, '["a"]')).toEqual({ value: ['a'] });
    expect(readDefault({ type: 'object' }, '[]')).toBeNull();
    expect(fits({}, null)).toBe(true);
  });

  it('shows a default as it is typed in', () => {
    for (const [schema, value] of [
      [{ type: 'string' }, 'a "b"'],
      [{ type: 'boolean' }, false],
      [{ type: 'array' }, ['a', 1]]
    ] as const) {
      expect(readDefault(schema, showDefault(typeOf(schema), value))).toEqual({ value });
    }
  });
});
