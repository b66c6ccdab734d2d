import type { TranslationBundle } from '@jupyterlab/translation';
import type { IExecutionMetadata } from '../api';

/** Milliseconds as people read them: `820 ms`, `1.2 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 999.5) {
    return `${Math.round(ms)} ms`;
  }
  const seconds = ms / 1000;
  if (seconds < 59.95) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** US dollars with two digits that count: `$0.00012`, `$1.50`. */
export function dollars(usd: number): string {
  if (usd === 0) {
    return '$0';
  }
  if (usd >= 0.995) {
    return `$${usd.toFixed(2)}`;
  }
  const digits = Math.min(10, 1 - Math.floor(Math.log10(usd)));
  return `$${usd.toFixed(digits)}`;
}

/** The line under an answer: tokens, cost, latency, first token. */
export function facts(metadata: IExecutionMetadata, trans: TranslationBundle): string[] {
  const { usage } = metadata;
  const said: string[] = [];
  if (usage.input_tokens !== null && usage.output_tokens !== null) {
    said.push(trans.__('%1 + %2 tokens', usage.input_tokens, usage.output_tokens));
  } else if (metadata.tokens_used !== null) {
    said.push(trans._n('%1 token', '%1 tokens', metadata.tokens_used));
  }
  said.push(
    metadata.cost_usd === null ? trans.__('cost not known') : dollars(metadata.cost_usd),
    duration(metadata.latency_ms)
  );
  if (metadata.first_token_ms !== null) {
    said.push(trans.__('first token after %1', duration(metadata.first_token_ms)));
  }
  if (metadata.finish_reason === 'length') {
    said.push(trans.__('cut off by max_tokens'));
  }
  return said;
}
