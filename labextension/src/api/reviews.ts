import type { Request } from './request';
import { path } from './request';
import type {
  IApplySuggestion,
  ICommentPatch,
  IDismissal,
  IMergeReview,
  INewComment,
  INewDecision,
  INewReview,
  INewThread,
  IReview,
  IReviewDependentPage,
  IReviewDependentsQuery,
  IReviewerList,
  IReviewPage,
  IReviewPatch,
  IReviewQuery,
  IReviewResolutions,
  IRevertReview,
  IThread,
  IThreadList,
  IUpdateReview
} from './types';

/** Which review. */
export interface IReviewKey {
  readonly promptId: string;
  readonly number: number;
}

export interface IReviewsApi {
  list(query?: IReviewQuery, signal?: AbortSignal): Promise<IReviewPage>;
  /** Who may be asked to review. */
  reviewers(signal?: AbortSignal): Promise<IReviewerList>;
  open(promptId: string, body: INewReview): Promise<IReview>;
  get(key: IReviewKey, signal?: AbortSignal): Promise<IReview>;
  patch(key: IReviewKey, body: IReviewPatch): Promise<IReview>;
  /** Who includes the snippet under review, by name. */
  dependents(
    key: IReviewKey,
    query: IReviewDependentsQuery,
    signal?: AbortSignal
  ): Promise<IReviewDependentPage>;
  decide(key: IReviewKey, body: INewDecision): Promise<IReview>;
  /** Take back all requests for changes. */
  dismiss(key: IReviewKey, body: IDismissal): Promise<IReview>;
  resolve(key: IReviewKey, body: IReviewResolutions): Promise<IReview>;
  merge(key: IReviewKey, body: IMergeReview): Promise<IReview>;
  /** The target into the source. */
  update(key: IReviewKey, body: IUpdateReview): Promise<IReview>;
  /** A new review, which takes back what this one brought. */
  revert(key: IReviewKey, body: IRevertReview): Promise<IReview>;
  /** Delete the source branch of a merged one. */
  deleteSource(key: IReviewKey): Promise<IReview>;
  /** Make it again, as it was. */
  restoreSource(key: IReviewKey): Promise<IReview>;
  /** All of them, oldest first. */
  threads(key: IReviewKey, signal?: AbortSignal): Promise<IThread[]>;
  begin(key: IReviewKey, body: INewThread): Promise<IThread>;
  resolveThread(key: IReviewKey, thread: string, resolved: boolean): Promise<IThread>;
  reply(key: IReviewKey, thread: string, body: INewComment): Promise<IThread>;
  edit(key: IReviewKey, thread: string, comment: string, body: ICommentPatch): Promise<IThread>;
  /** Save what a comment suggests as a version. */
  apply(key: IReviewKey, thread: string, comment: string, body: IApplySuggestion): Promise<IThread>;
}

export function reviewsApi(request: Request): IReviewsApi {
  const of = ({ promptId, number }: IReviewKey, ...rest: string[]) =>
    path('prompts', promptId, 'reviews', String(number), ...rest);
  const post = <T>(at: string, body: object) => request<T>(at, { method: 'POST', body });
  const change = <T>(at: string, body: object) => request<T>(at, { method: 'PATCH', body });
  return {
    list: (query, signal) => request('reviews', { query, signal }),
    reviewers: signal => request('reviewers', { signal }),
    open: (promptId, body) => post(path('prompts', promptId, 'reviews'), body),
    get: (key, signal) => request(of(key), { signal }),
    patch: (key, body) => change(of(key), body),
    dependents: (key, query, signal) => request(of(key, 'dependents'), { query, signal }),
    decide: (key, body) => post(of(key, 'decisions'), body),
    dismiss: (key, body) => post(of(key, 'dismiss'), body),
    resolve: (key, body) => request(of(key, 'resolutions'), { method: 'PUT', body }),
    merge: (key, body) => post(of(key, 'merge'), body),
    update: (key, body) => post(of(key, 'update'), body),
    revert: (key, body) => post(of(key, 'revert'), body),
    deleteSource: key => request(of(key, 'source'), { method: 'DELETE' }),
    restoreSource: key => request(of(key, 'source'), { method: 'POST' }),
    threads: async (key, signal) => {
      const all: IThread[] = [];
      let cursor: string | null = null;
      do {
        const page: IThreadList = await request(of(key, 'threads'), { query: { cursor }, signal });
        all.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor !== null);
      return all;
    },
    begin: (key, body) => post(of(key, 'threads'), body),
    resolveThread: (key, thread, resolved) => change(of(key, 'threads', thread), { resolved }),
    reply: (key, thread, body) => post(of(key, 'threads', thread, 'comments'), body),
    edit: (key, thread, comment, body) =>
      change(of(key, 'threads', thread, 'comments', comment), body),
    apply: (key, thread, comment, body) =>
      post(of(key, 'threads', thread, 'comments', comment, 'apply'), body)
  };
}
