import type { Request } from './request';
import { path } from './request';
import type {
  IBlame,
  ICallerList,
  ICellCopy,
  IComparison,
  IGraphPage,
  IGraphQuery,
  INewVersion,
  INewVersionTag,
  ITextChangePage,
  ITextChangeQuery,
  IVersion,
  IVersionPage,
  IVersionQuery,
  IVersionSummary
} from './types';

export interface IVersionsApi {
  list(promptId: string, query?: IVersionQuery, signal?: AbortSignal): Promise<IVersionPage>;
  get(promptId: string, ref: string, signal?: AbortSignal): Promise<IVersion>;
  save(promptId: string, body: INewVersion): Promise<IVersion>;
  tag(promptId: string, body: INewVersionTag): Promise<IVersionSummary>;
  /** The history as a graph, newest first. */
  graph(promptId: string, query?: IGraphQuery, signal?: AbortSignal): Promise<IGraphPage>;
  /** The versions that brought a text or took it away, newest first. */
  textChanges(
    promptId: string,
    query: ITextChangeQuery,
    signal?: AbortSignal
  ): Promise<ITextChangePage>;
  /** The version that brought each unit of a version, and each line of a message, as they are. */
  blame(promptId: string, ref: string, signal?: AbortSignal): Promise<IBlame>;
  /** A notebook cell that runs it. */
  cell(promptId: string, ref: string): Promise<ICellCopy>;
  /** Who gave a variable in its last run, the latest first. */
  callers(promptId: string, variable: string, signal?: AbortSignal): Promise<ICallerList>;
  /** `base...head`; both are refs. */
  compare(promptId: string, base: string, head: string, signal?: AbortSignal): Promise<IComparison>;
}

export function versionsApi(request: Request): IVersionsApi {
  return {
    list: (promptId, query, signal) =>
      request(path('prompts', promptId, 'versions'), { query, signal }),
    get: (promptId, ref, signal) => request(path('prompts', promptId, 'versions', ref), { signal }),
    save: (promptId, body) => request(path('prompts', promptId), { method: 'PUT', body }),
    tag: (promptId, body) =>
      request(path('prompts', promptId, 'version-tags'), { method: 'POST', body }),
    graph: (promptId, query, signal) =>
      request(path('prompts', promptId, 'graph'), { query, signal }),
    textChanges: (promptId, query, signal) =>
      request(path('prompts', promptId, 'text-changes'), { query, signal }),
    blame: (promptId, ref, signal) =>
      request(path('prompts', promptId, 'blame'), { query: { ref }, signal }),
    cell: (promptId, ref) => request(path('prompts', promptId, 'versions', ref, 'cell')),
    callers: (promptId, variable, signal) =>
      request(path('prompts', promptId, 'callers'), { query: { variable, limit: 20 }, signal }),
    compare: (promptId, base, head, signal) =>
      request(path('prompts', promptId, 'compare', `${base}...${head}`), { signal })
  };
}
