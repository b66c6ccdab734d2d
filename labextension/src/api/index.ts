import type { ServerConnection } from '@jupyterlab/services';
import type { IBranchesApi } from './branches';
import { branchesApi } from './branches';
import type { IConnectionsApi } from './connections';
import { connectionsApi } from './connections';
import type { IDeploymentsApi } from './deployments';
import { deploymentsApi } from './deployments';
import type { IDraftsApi } from './drafts';
import { draftsApi } from './drafts';
import type { IExecutionApi } from './execution';
import { executionApi } from './execution';
import type { IGitApi } from './git';
import { gitApi } from './git';
import type { IPromptsApi } from './prompts';
import { promptsApi } from './prompts';
import type { IProtectionsApi } from './protections';
import { protectionsApi } from './protections';
import { createRequest } from './request';
import type { IReviewsApi } from './reviews';
import { reviewsApi } from './reviews';
import type { ISamplesApi } from './samples';
import { samplesApi } from './samples';
import type { ITransferApi } from './transfer';
import { transferApi } from './transfer';
import type { IMe, INotebookFile } from './types';
import type { IVersionsApi } from './versions';
import { versionsApi } from './versions';

export { asPromptHubError, isAbort, PromptHubError } from './errors';
export type { ExecuteEvent } from './execution';
export type * from './types';

/** The server, as functions. All of them reject with a PromptHubError. */
export interface IApi {
  readonly branches: IBranchesApi;
  readonly connections: IConnectionsApi;
  readonly deployments: IDeploymentsApi;
  readonly drafts: IDraftsApi;
  readonly execution: IExecutionApi;
  readonly git: IGitApi;
  readonly prompts: IPromptsApi;
  readonly protections: IProtectionsApi;
  readonly reviews: IReviewsApi;
  readonly samples: ISamplesApi;
  readonly transfer: ITransferApi;
  readonly versions: IVersionsApi;
  me(): Promise<IMe>;
  /** The tutorial. */
  quickstart(): Promise<INotebookFile>;
}

export function createApi(settings: ServerConnection.ISettings): IApi {
  const request = createRequest(settings);
  return {
    branches: branchesApi(request),
    connections: connectionsApi(request),
    deployments: deploymentsApi(request),
    drafts: draftsApi(request),
    execution: executionApi(request, settings),
    git: gitApi(request),
    prompts: promptsApi(request),
    protections: protectionsApi(request),
    reviews: reviewsApi(request),
    samples: samplesApi(request),
    transfer: transferApi(request),
    versions: versionsApi(request),
    me: () => request('me'),
    quickstart: () => request('quickstart')
  };
}
