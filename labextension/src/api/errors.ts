import type { IErrorResponse } from './types';

/**
 * What the server answered, or that it did not answer.
 *
 * `code` is the server's stable code (`stale_head`, `not_found`, …), or one of the two made here:
 * `network` (no answer) and `bad_response` (an answer that is not PromptHub's).
 */
export class PromptHubError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly status: number,
    readonly details: { readonly [key: string]: unknown } = {},
    readonly traceId: string | null = null
  ) {
    super(message);
    this.name = 'PromptHubError';
  }

  /** One of `details`, when it is text. */
  detail(key: string): string | null {
    const value = this.details[key];
    return typeof value === 'string' ? value : null;
  }

  /** Whether trying the same again may help. */
  get isTransient(): boolean {
    return this.code === 'network' || this.status === 429 || this.status >= 500;
  }
}

/** The body of an error answer; null when it is not one of ours. */
function errorBody(data: unknown): IErrorResponse['error'] | null {
  const error = (data as Partial<IErrorResponse> | null)?.error;
  return typeof error?.code === 'string' && typeof error.message === 'string' ? error : null;
}

/** The error of an answer that is not ok: ours, Jupyter's (`{message}`), or plain text. */
export function errorOf(status: number, data: unknown): PromptHubError {
  const ours = errorBody(data);
  if (ours) {
    return new PromptHubError(ours.message, ours.code, status, ours.details ?? {}, ours.trace_id);
  }
  const jupyter = (data as { message?: unknown } | null)?.message;
  const said = typeof jupyter === 'string' && jupyter ? jupyter : `HTTP ${status}`;
  return new PromptHubError(said, 'bad_response', status);
}

/** Anything thrown, as a PromptHubError. */
export function asPromptHubError(error: unknown): PromptHubError {
  if (error instanceof PromptHubError) {
    return error;
  }
  const message = error instanceof Error ? error.message : String(error);
  return new PromptHubError(message, 'internal_error', 0);
}

/** Whether `error` is the rejection of a request that was aborted on purpose. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
