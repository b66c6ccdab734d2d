import { describe, expect, it } from 'vitest';
import type { IVariable } from '../../api';
import { asTyped, controlOf, readInputs } from '../inputs';

function variable(name: string, more: Partial<IVariable> = {}): IVariable {
  return {
    name,
    type: 'string',
    required: true,
    description: '',
    default: null,
    has_default: false,
    examples: [],
    declared: true,
    schema: {},
    ...more
  };
}

describe('the Run form', () => {
  it('shows a control for every type', () => {
    const controls = ['string', 'integer', 'number', 'boolean', 'array', 'object', 'any'].map(
      type => controlOf(variable('v', { type }))
    );
    expect(controls).toEqual(['text', 'integer', 'number', 'boolean', 'json', 'json', 'json']);
    expect(controlOf(variable('v', { type: 'enum', schema: { enum: ['a', 'b', null] } }))).toBe(
      'select'
    );
  });

  it('says which required inputs are missing, and leaves the others out', () => {
    const variables = [
      variable('needed'),
      variable('optional', { required: false }),
      variable('defaulted', { has_default: true, default: 'x' })
    ];
    expect(readInputs(variables, {})).toEqual({ values: {}, errors: { needed: 'missing' } });
  });

  it('takes a required text that was emptied on purpose as the empty text', () => {
    const variables = [variable('needed'), variable('optional', { required: false })];
    expect(readInputs(variables, { needed: '', optional: '' }).values).toEqual({ needed: '' });
  });

  it('reads numbers, and says what is none', () => {
    const variables = [
      variable('n', { type: 'number' }),
      variable('i', { type: 'integer' }),
      variable('x', { type: 'number' }),
      variable('h', { type: 'integer' })
    ];
    const { values, errors } = readInputs(variables, { n: ' 1.5', i: '-3', x: 'many', h: '0.5' });
    expect(values).toEqual({ n: 1.5, i: -3 });
    expect(errors).toEqual({ x: 'number', h: 'integer' });
  });

  it('reads booleans and choices as values of their type', () => {
    const variables = [
      variable('b', { type: 'boolean' }),
      variable('size', { type: 'enum', schema: { enum: [1, 2] } }),
      variable('tone', { type: 'enum', schema: { enum: ['warm', 'dry'] } })
    ];
    expect(readInputs(variables, { b: 'false', size: '2', tone: 'dry' }).values).toEqual({
      b: false,
      size: 2,
      tone: 'dry'
    });
    expect(readInputs(variables, { b: 'true', size: '7', tone: 'dry' }).errors).toEqual({
      size: 'choice'
    });
  });

  it('reads JSON, says where it is none, and where it is of another kind', () => {
    const variables = [
      variable('list', { type: 'array' }),
      variable('map', { type: 'object' }),
      variable('free', { type: 'any' }),
      variable('broken', { type: 'array' }),
      variable('other', { type: 'object' })
    ];
    const typed = { list: '[1]', map: '{"a": 1}', free: 'plain', broken: '[1', other: '[]' };
    expect(readInputs(variables, typed)).toEqual({
      values: { list: [1], map: { a: 1 }, free: 'plain' },
      errors: { broken: 'json', other: 'object' }
    });
  });

  it('shows values so that reading them gives them back', () => {
    const cases: [IVariable, unknown][] = [
      [variable('v'), 'two\nlines'],
      [variable('v', { type: 'object' }), { a: ['b'] }],
      [variable('v', { type: 'number' }), 0.25],
      [variable('v', { type: 'boolean' }), false],
      [variable('v', { type: 'any' }), 'text']
    ];
    for (const [each, value] of cases) {
      const typed = asTyped(value, controlOf(each));
      expect(readInputs([each], { v: typed }).values).toEqual({ v: value });
    }
  });
});
