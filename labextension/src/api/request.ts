import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { errorOf, PromptHubError } from './errors';

/** Everything of PromptHub's server lies below this path of the Jupyter server. */
export const API_ROOT = 'prompthub/api/v1';

/** A query: empty values are left out. */
export type Query = object;

export interface IRequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Query;
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
  headers?: { [name: string]: string };
}

/** The one way to the server. Rejects with a PromptHubError, or an AbortError when aborted. */
export type Request = <T>(path: string, options?: IRequestOptions) => Promise<T>;

/** A path below the API root; every part is escaped. */
export function path(...parts: string[]): string {
  return parts.map(part => encodeURIComponent(part)).join('/');
}

type Scalar = string | number | boolean | null | undefined;

/** The query string of `query`, with its question mark, or nothing. */
export function queryString(query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query) as [string, Scalar][]) {
    if (value !== undefined && value !== null && value !== '' && value !== false) {
      search.set(key, String(value));
    }
  }
  const text = search.toString();
  return text && `?${text}`;
}

/** The answer as it came, checked for errors; for streams. Everything else uses `createRequest`. */
export async function send(
  settings: ServerConnection.ISettings,
  path: string,
  options: IRequestOptions = {}
): Promise<Response> {
  const url = URLExt.join(settings.baseUrl, API_ROOT, path) + queryString(options.query);
  const init: RequestInit = { method: options.method ?? 'GET', headers: { ...options.headers } };
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
    // said by us: with text in its body, a request is otherwise text/plain, and JupyterLab adds nothing
    init.headers = { 'Content-Type': 'application/json', ...options.headers };
  }
  if (options.signal) {
    init.signal = options.signal;
  }
  let response: Response;
  try {
    response = await ServerConnection.makeRequest(url, init, settings);
  } catch {
    // JupyterLab makes a network error of everything, of what was aborted too
    options.signal?.throwIfAborted();
    throw new PromptHubError('The Jupyter server does not answer.', 'network', 0);
  }
  if (!response.ok) {
    throw errorOf(response.status, parse(await response.text()));
  }
  return response;
}

/** A request function bound to one server. */
export function createRequest(settings: ServerConnection.ISettings): Request {
  return async <T>(path: string, options?: IRequestOptions): Promise<T> => {
    const response = await send(settings, path, options);
    const text = await response.text();
    const data = parse(text);
    if (data === undefined) {
      throw new PromptHubError(
        'Expected JSON from the PromptHub server, got something else. Is a proxy in between?',
        'bad_response',
        response.status
      );
    }
    return data as T;
  };
}

/** JSON; null for nothing; undefined for what is not JSON. */
function parse(text: string): unknown {
  if (!text) {
    return null;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
