import type { Request } from './request';
import { path } from './request';
import type {
  ICovered,
  ICoveredQuery,
  INewProtection,
  IProtection,
  IProtectionList,
  IProtectionPatch
} from './types';

export interface IProtectionsApi {
  list(): Promise<IProtectionList>;
  /** What patterns hold for now. */
  covered(query: ICoveredQuery, signal?: AbortSignal): Promise<ICovered>;
  create(body: INewProtection): Promise<IProtection>;
  update(id: string, body: IProtectionPatch): Promise<IProtection>;
  delete(id: string): Promise<unknown>;
}

export function protectionsApi(request: Request): IProtectionsApi {
  return {
    list: () => request('protections'),
    covered: (query, signal) => request('protections/covered', { query, signal }),
    create: body => request('protections', { method: 'POST', body }),
    update: (id, body) => request(path('protections', id), { method: 'PATCH', body }),
    delete: id => request(path('protections', id), { method: 'DELETE' })
  };
}
