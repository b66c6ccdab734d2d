import type { Request } from './request';
import { path } from './request';
import type { IDeployment, IDeploymentPage, IEnvironmentList, IPromote, IRollback } from './types';

export interface IDeploymentsApi {
  environments(): Promise<IEnvironmentList>;
  list(promptId: string, signal?: AbortSignal): Promise<IDeploymentPage>;
  promote(promptId: string, body: IPromote): Promise<IDeployment>;
  rollback(promptId: string, body: IRollback): Promise<IDeployment>;
}

export function deploymentsApi(request: Request): IDeploymentsApi {
  const of = (promptId: string, what: string) => path('prompts', promptId, what);
  return {
    environments: () => request('environments'),
    list: (promptId, signal) => request(of(promptId, 'deployments'), { signal }),
    promote: (promptId, body) => request(of(promptId, 'promote'), { method: 'POST', body }),
    rollback: (promptId, body) => request(of(promptId, 'rollback'), { method: 'POST', body })
  };
}
