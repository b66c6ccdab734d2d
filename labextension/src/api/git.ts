import type { Request } from './request';
import type { IGitExport, IGitImport, IGitPull, IGitPush } from './types';

export interface IGitApi {
  /** Write prompts into a repository elsewhere. */
  push(body: IGitPush): Promise<IGitExport>;
  /** Bring in what a repository elsewhere has. */
  pull(body: IGitPull): Promise<IGitImport>;
}

export function gitApi(request: Request): IGitApi {
  return {
    push: body => request('git/push', { method: 'POST', body }),
    pull: body => request('git/pull', { method: 'POST', body })
  };
}
