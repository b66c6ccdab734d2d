import type { Request } from './request';
import { path } from './request';
import type {
  IConnection,
  IConnectionList,
  IConnectionPatch,
  IModelList,
  INewConnection
} from './types';

export interface IConnectionsApi {
  models(signal?: AbortSignal): Promise<IModelList>;
  list(): Promise<IConnectionList>;
  create(body: INewConnection): Promise<IConnection>;
  update(name: string, body: IConnectionPatch): Promise<IConnection>;
  delete(name: string): Promise<unknown>;
}

export function connectionsApi(request: Request): IConnectionsApi {
  return {
    models: signal => request('models', { signal }),
    list: () => request('connections'),
    create: body => request('connections', { method: 'POST', body }),
    update: (name, body) => request(path('connections', name), { method: 'PATCH', body }),
    delete: name => request(path('connections', name), { method: 'DELETE' })
  };
}
