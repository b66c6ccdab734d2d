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
  const runner = new Runner(hub(), { prompt_id: 'p1' });
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

it('lists the runs of a file again when any text has been run, and takes no older answer', async () => {
  const answers: ((items: unknown[]) => void)[] = [];
  const asked: unknown[] = [];
  const list = (query: unknown) => {
    asked.push(query);
    return new Promise(resolve => answers.push(items => resolve({ items })));
  };
  const event = new Signal<object, { kind: string; ids: object }>({});
  const runner = new Runner({ api: { execution: { list } }, event } as unknown as IPromptHub, {
    notebook: 'a.prompt'
  });
  event.emit({ kind: 'execution.finished', ids: { prompt: 'p1', execution: 'e' } });
  event.emit({ kind: 'execution.finished', ids: { execution: 'f' } });
  expect(asked).toEqual([
    { notebook: 'a.prompt', limit: 10 },
    { notebook: 'a.prompt', limit: 10 }
  ]);
  answers[1]!([{ id: 'f' }]);
  await Promise.resolve();
  answers[0]!([]);
  await new Promise(resolve => setTimeout(resolve));
  expect(runner.recent).toEqual([{ id: 'f' }]);
  runner.dispose();
});
