import type { Request } from './request';
import { path } from './request';
import type {
  IBranch,
  IBranchList,
  IBranchMove,
  IMerge,
  IMergeQuery,
  INewBranch,
  INewMerge,
  INewPick
} from './types';

export interface IBranchesApi {
  list(promptId: string, signal?: AbortSignal): Promise<IBranchList>;
  create(promptId: string, body: INewBranch): Promise<IBranch>;
  move(promptId: string, branch: string, body: IBranchMove): Promise<IBranch>;
  delete(promptId: string, branch: string): Promise<unknown>;
  /** What a merge would come to; nothing is written. */
  previewMerge(promptId: string, body: IMergeQuery, signal?: AbortSignal): Promise<IMerge>;
  /** With conflicts nothing is written, and they are the answer. */
  merge(promptId: string, body: INewMerge): Promise<IMerge>;
  /** The change of one version, made again on a branch. */
  pick(promptId: string, body: INewPick): Promise<IMerge>;
  /** The change of one version, taken back on a branch. */
  revert(promptId: string, body: INewPick): Promise<IMerge>;
}

export function branchesApi(request: Request): IBranchesApi {
  const of = (promptId: string, ...branch: string[]) =>
    path('prompts', promptId, 'branches', ...branch);
  return {
    list: (promptId, signal) => request(of(promptId), { signal }),
    create: (promptId, body) => request(of(promptId), { method: 'POST', body }),
    move: (promptId, branch, body) => request(of(promptId, branch), { method: 'PUT', body }),
    delete: (promptId, branch) => request(of(promptId, branch), { method: 'DELETE' }),
    previewMerge: (promptId, body, signal) =>
      request(path('prompts', promptId, 'merge', 'preview'), { method: 'POST', body, signal }),
    merge: (promptId, body) =>
      request(path('prompts', promptId, 'merge'), { method: 'POST', body }),
    pick: (promptId, body) =>
      request(path('prompts', promptId, 'cherry-pick'), { method: 'POST', body }),
    revert: (promptId, body) =>
      request(path('prompts', promptId, 'revert'), { method: 'POST', body })
  };
}
