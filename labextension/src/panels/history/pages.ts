import type { IApi, IGraphNode, IVersionSummary } from '../../api';

/** How many versions are asked for at a time. */
export const PAGE = 100;

/** What a list of versions can be narrowed to; empty means all. */
export interface IHistoryFilter {
  readonly branch: string;
  readonly author: string;
  readonly search: string;
  /** What `search` looks at: what people said of a version, or its text; then branch and author count for nothing. */
  readonly place: 'messages' | 'texts';
}

export const EVERYTHING: IHistoryFilter = { branch: '', author: '', search: '', place: 'messages' };

/** How often a searched text stands in a version, and in the one before it. */
export interface ITimes {
  readonly before: number;
  readonly after: number;
}

/** Versions, newest first, and the graph where nothing but a branch narrows them. */
export interface IPage {
  versions: readonly IVersionSummary[];
  nodes: readonly IGraphNode[];
  /** By SHA, where texts were searched. */
  times: ReadonlyMap<string, ITimes>;
  next: string | null;
}

export function isNarrowed({ branch, author, search }: IHistoryFilter): boolean {
  return Boolean(branch || author || search);
}

/** One page of a history. */
export async function pageOf(
  api: IApi,
  promptId: string,
  filter: IHistoryFilter,
  cursor: string | null,
  signal: AbortSignal
): Promise<IPage> {
  const { branch, author } = filter;
  const search = filter.search.trim();
  const { versions } = api;
  const none = new Map<string, ITimes>();
  if (search && filter.place === 'texts') {
    const query = { text: search, limit: PAGE, cursor };
    const page = await versions.textChanges(promptId, query, signal);
    return {
      versions: page.items.map(each => each.version),
      nodes: [],
      times: new Map(page.items.map(({ version, ...times }) => [version.sha, times])),
      next: page.next_cursor
    };
  }
  if (author || search) {
    const query = { branch, author, search, limit: PAGE, cursor };
    const page = await versions.list(promptId, query, signal);
    return { versions: page.items, nodes: [], times: none, next: page.next_cursor };
  }
  const query = { branch: branch || null, limit: PAGE, cursor };
  const page = await versions.graph(promptId, query, signal);
  return {
    versions: page.items.map(each => each.version),
    nodes: page.items,
    times: none,
    next: page.next_cursor
  };
}

export function joined(first: IPage, second: IPage): IPage {
  return {
    versions: [...first.versions, ...second.versions],
    nodes: [...first.nodes, ...second.nodes],
    times: new Map([...first.times, ...second.times]),
    next: second.next
  };
}
