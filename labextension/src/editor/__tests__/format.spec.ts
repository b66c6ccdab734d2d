import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';
import type { IExecutionMetadata } from '../../api';
import { dollars, duration, facts } from '../format';

describe('the line under an answer', () => {
  it('says durations as people read them', () => {
    expect([0, 820.4, 999.6, 1234, 59_949, 59_960, 125_000].map(duration)).toEqual([
      '0 ms',
      '820 ms',
      '1.0 s',
      '1.2 s',
      '59.9 s',
      '1 min 0 s',
      '2 min 5 s'
    ]);
  });

  it('says costs with the digits that count', () => {
    expect([0, 0.00012345, 0.034, 0.5, 1.5, 12.345].map(dollars)).toEqual([
      '$0',
      '$0.00012',
      '$0.034',
      '$0.50',
      '$1.50',
      '$12.35'
    ]);
  });

  it('tells tokens, cost, latency, first token, and that an answer was cut', () => {
    const metadata = {
      tokens_used: 12,
      latency_ms: 1500,
      cost_usd: null,
      first_token_ms: 80,
      finish_reason: 'length',
      usage: { input_tokens: 10, output_tokens: 2, cached_tokens: null, total_tokens: 12 }
    } as unknown as IExecutionMetadata;
    expect(facts(metadata, nullTranslator.load(''))).toEqual([
      '10 + 2 tokens',
      'cost not known',
      '1.5 s',
      'first token after 80 ms',
      'cut off by max_tokens'
    ]);
  });
});
