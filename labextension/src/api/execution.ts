import type { ServerConnection } from '@jupyterlab/services';
import { errorOf, PromptHubError } from './errors';
import type { Request } from './request';
import { path, send } from './request';
import { serverSentEvents } from './sse';
import type {
  IEstimates,
  IExecuteRequest,
  IExecuteResponse,
  IExecution,
  IExecutionCopy,
  IExecutionPage,
  IExecutionQuery,
  ITextComparisons
} from './types';

/** What a streamed execution says: a start, pieces of text, and at last the result. */
export type ExecuteEvent =
  | { kind: 'start'; executionId: string }
  | { kind: 'delta'; text: string }
  | { kind: 'result'; response: IExecuteResponse };

export interface IExecutionApi {
  run(body: IExecuteRequest, signal?: AbortSignal): Promise<IExecuteResponse>;
  /**
   * Run with streaming. Ends after `result`; a failed call throws a PromptHubError (with
   * `details.execution_id`). Aborting the signal, or leaving the loop, cancels the call.
   */
  stream(
    body: IExecuteRequest,
    signal?: AbortSignal
  ): AsyncGenerator<ExecuteEvent, void, undefined>;
  /** What runs would send and cost, or why they would be refused; nothing is called. */
  estimate(runs: readonly IExecuteRequest[], signal?: AbortSignal): Promise<IEstimates>;
  /** The words by which texts differ from a base. */
  compare(base: string, others: readonly string[], signal?: AbortSignal): Promise<ITextComparisons>;
  list(query?: IExecutionQuery, signal?: AbortSignal): Promise<IExecutionPage>;
  get(executionId: string): Promise<IExecution>;
  /** The execution as a text to take elsewhere. */
  copy(executionId: string, form: IExecutionCopy['form']): Promise<IExecutionCopy>;
  cancel(executionId: string): Promise<IExecution>;
}

export function executionApi(
  request: Request,
  settings: ServerConnection.ISettings
): IExecutionApi {
  return {
    run: (body, signal) => request('execute', { method: 'POST', body, signal }),
    stream: (body, signal) => stream(settings, body, signal),
    estimate: (runs, signal) => request('estimate', { method: 'POST', body: { runs }, signal }),
    compare: (base, others, signal) =>
      request('compare-texts', { method: 'POST', body: { base, others }, signal }),
    list: (query, signal) => request('executions', { query, signal }),
    get: executionId => request(path('executions', executionId)),
    copy: (executionId, form) =>
      request(path('executions', executionId, 'as'), { query: { form } }),
    cancel: executionId => request(path('executions', executionId, 'cancel'), { method: 'POST' })
  };
}

async function* stream(
  settings: ServerConnection.ISettings,
  body: IExecuteRequest,
  signal?: AbortSignal
): AsyncGenerator<ExecuteEvent, void, undefined> {
  const response = await send(settings, 'execute', {
    method: 'POST',
    body: { ...body, stream: true },
    headers: { Accept: 'text/event-stream' },
    signal
  });
  if (!response.body) {
    throw new PromptHubError('The answer has no stream.', 'bad_response', response.status);
  }
  for await (const { event, data } of serverSentEvents(response.body)) {
    if (event === 'start') {
      yield {
        kind: 'start',
        executionId: (JSON.parse(data) as { execution_id: string }).execution_id
      };
    } else if (event === 'delta') {
      yield { kind: 'delta', text: (JSON.parse(data) as { text: string }).text };
    } else if (event === 'result') {
      yield { kind: 'result', response: JSON.parse(data) as IExecuteResponse };
      return;
    } else if (event === 'error') {
      throw errorOf(502, JSON.parse(data));
    }
  }
  throw new PromptHubError(
    'The stream broke off before the answer was complete. The execution is recorded; run again.',
    'provider_unavailable',
    503
  );
}
