import { Signal } from '@lumino/signaling';
import { expect, it } from 'vitest';
import type { IExecuteRequest } from '../../api';
import type { IPromptHub } from '../../tokens';
import { Runner } from '../runner';
import { isRunning } from '../runstate';

/** A server whose answers end only when they are cancelled. */
function hub(): IPromptHub {
  const stream = async function* (_: IExecuteRequest, signal: AbortSignal) {
    await new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')))
    );
    yield { kind: 'delta', text: '' };
  };
  const api = { execution: { stream, list: () => Promise.resolve({ items: [] }) } };
  return { api, event: new Signal({}) } as unknown as IPromptHub;
}

it('a run that begins right after another was stopped is not taken for the stopped one', async () => {
  const runner = new Runner(hub(), 'p1');
  const request = {} as IExecuteRequest;
  const first = runner.run(request, { kind: 'draft' });
  runner.cancel();
  const second = runner.run(request, { kind: 'draft' });
  await first;
  expect(isRunning(runner.state)).toBe(true);
  runner.cancel();
  await second;
  expect(isRunning(runner.state)).toBe(false);
  runner.dispose();
});
