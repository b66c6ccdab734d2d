import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it, vi } from 'vitest';
import type { IEstimate, IExecuteRequest } from '../../api';
import { sayBasis, sayEstimate, sayTokens } from '../estimate';
import { Estimator } from '../estimator';

const trans = nullTranslator.load('prompthub');

const one = (fields: Partial<IEstimate> = {}): IEstimate => ({
  model: 'm',
  connection: 'c',
  provider: 'p',
  message_tokens: [100],
  input_tokens: 100,
  exact: false,
  max_output_tokens: 50,
  input_cost_nano_usd: 15_000,
  max_output_cost_nano_usd: 30_000,
  price_source: 'litellm',
  price: 'a price',
  refusal: null,
  ...fields
});

const refused = one({
  input_tokens: null,
  refusal: { code: 'contract', message: 'no', details: {} }
});

describe('an estimate in words', () => {
  it('tells tokens, what they cost and the most that the answer can cost', () => {
    expect(sayEstimate([one()], trans)).toBe(
      '≈ 100 tokens · about $0.000015, at most $0.000045 · answer up to 50 tokens'
    );
  });

  it('is exact only where the model’s own tokenizer counted', () => {
    expect(sayTokens(1, true, trans)).toBe('1 token');
    expect(sayTokens(2, false, trans)).toBe('≈ 2 tokens');
    expect(sayBasis([one({ exact: true })], trans)).toContain('own tokenizer');
  });

  it('sums several runs, without those that would be refused', () => {
    expect(sayEstimate([one(), refused, one({ exact: true })], trans)).toBe(
      '≈ 200 tokens · about $0.000030, at most $0.000090 · answer up to 100 tokens'
    );
  });

  it('does not claim a cost where one price is not known, nor a bound where there is none', () => {
    const unknown = one({ input_cost_nano_usd: null, max_output_cost_nano_usd: null });
    expect(sayEstimate([unknown], trans)).toContain('cost not known');
    expect(sayEstimate([one(), unknown], trans)).toContain('about $0.000015 and 1 of unknown cost');
    const local = { input_cost_nano_usd: 0, max_output_cost_nano_usd: 0 };
    expect(sayEstimate([one(local)], trans)).toContain(' · free · ');
    expect(sayEstimate([one(local), unknown], trans)).toContain('1 of unknown cost, the rest free');
    const unbound = one({ max_output_tokens: null, max_output_cost_nano_usd: null });
    expect(sayEstimate([unbound], trans)).toBe('≈ 100 tokens · about $0.000015 and the answer');
  });

  it('says nothing where nothing can be run', () => {
    expect(sayEstimate([refused], trans)).toBe('');
  });
});

describe('the estimator', () => {
  const run = { prompt_id: 'p' } as IExecuteRequest;

  it('takes only the answer to the newest question', async () => {
    const answers: ((tokens: number) => void)[] = [];
    const estimator = new Estimator(
      () =>
        new Promise(resolve =>
          answers.push(input_tokens => resolve({ items: [one({ input_tokens })] }))
        )
    );
    estimator.ask([run]);
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    estimator.ask([run]);
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]!(2);
    answers[0]!(1);
    await vi.waitFor(() => expect(estimator.latest[0]?.input_tokens).toBe(2));
    estimator.dispose();
  });

  it('forgets what it knew when there is nothing to run, or no answer', async () => {
    const ask = vi
      .fn()
      .mockResolvedValueOnce({ items: [one()] })
      .mockRejectedValueOnce(new Error());
    const estimator = new Estimator(ask);
    estimator.ask([run]);
    await vi.waitFor(() => expect(estimator.latest).toHaveLength(1));
    estimator.ask([run]);
    await vi.waitFor(() => expect(estimator.latest).toHaveLength(0));
    estimator.ask([]);
    expect(ask).toHaveBeenCalledTimes(2);
    estimator.dispose();
  });
});
