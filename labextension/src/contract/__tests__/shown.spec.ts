import { describe, expect, it } from 'vitest';
import { isShown } from '../shown';

const OBJECT = { type: 'object', properties: { order: { type: 'string' } } };
const model = {
  variables: [{ name: 'order' }],
  tools: [
    { name: 'lookup', schema: OBJECT },
    { name: 'close', schema: null }
  ],
  content: { snippets: { style: '@main' }, output: { schema: OBJECT } }
} as unknown as Parameters<typeof isShown>[0];

describe('the places of the contract form', () => {
  it('are shown while what they are of is there', () => {
    for (const place of [
      'setting/model',
      'variable/order/default',
      'snippet/style',
      'answer/order/type',
      'tool/close/description',
      'tool/lookup/=remove',
      'tool/lookup/parameter/+',
      'tool/lookup/parameter/order/type'
    ]) {
      expect([place, isShown(model, place)]).toEqual([place, true]);
    }
  });

  it('are not shown when it is gone, though others begin like it', () => {
    for (const place of [
      'variable/order_2/default',
      'snippet/styles',
      'answer/gone/type',
      'tool/refund/description',
      'tool/lookup/parameter/gone/type',
      'tool/close/parameter/order/type'
    ]) {
      expect([place, isShown(model, place)]).toEqual([place, false]);
    }
  });
});
