import type { IPromptFilter } from '../../api';

export type Order = NonNullable<IPromptFilter['sort']>;

/** What the library shows, as a person chooses it. Saved under a name, and remembered over a reload. */
export interface IFilter {
  readonly search: string;
  readonly tags: readonly string[];
  readonly sort: Order;
  readonly archived: boolean;
  readonly draft: boolean;
  /** The name of an environment; empty for any prompt. */
  readonly served: string;
  readonly behind: boolean;
  readonly mine: boolean;
}

/** A filter with a name. */
export interface ISavedFilter extends IFilter {
  readonly name: string;
}

export const EVERYTHING: IFilter = {
  search: '',
  tags: [],
  sort: 'name',
  archived: false,
  draft: false,
  served: '',
  behind: false,
  mine: false
};

/** As the server takes it. A search is in the order of its matches, unless another order is chosen. */
export function query(filter: IFilter): IPromptFilter {
  const search = filter.search.trim();
  const { archived, draft, served, behind, mine } = filter;
  const sort = search && filter.sort === 'name' ? undefined : filter.sort;
  return { search, tags: filter.tags.join(','), archived, draft, served, behind, mine, sort };
}

/** Whether something beside the search and the order narrows the list. */
export function isNarrowed(filter: IFilter): boolean {
  const { archived, draft, served, behind, mine, tags } = filter;
  return archived || draft || behind || mine || served !== '' || tags.length > 0;
}

/** Whether what a prompt holds (its draft, what is served) decides whether and where it is shown. */
export function followsState(filter: IFilter): boolean {
  return filter.draft || filter.behind || filter.served !== '' || filter.sort === 'updated';
}

export function isSame(one: IFilter, other: IFilter): boolean {
  return JSON.stringify(only(one)) === JSON.stringify(only(other));
}

/** A filter out of what was saved, which may be older or written by hand. */
export function only(saved: Partial<IFilter>): IFilter {
  const made: IFilter = { ...EVERYTHING };
  for (const [name, usual] of Object.entries(EVERYTHING)) {
    const value: unknown = saved[name as keyof IFilter];
    if (typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual)) {
      Object.assign(made, { [name]: value });
    }
  }
  return { ...made, tags: [...made.tags].sort() };
}

/** What is remembered from one session to the next. */
export interface ILibraryState {
  readonly filter: Partial<IFilter>;
  /** Folders that were opened or closed, by path. */
  readonly folders: { readonly [path: string]: boolean };
  readonly showFilters: boolean;
  /** How far it is scrolled, in lines. */
  readonly top: number;
}
