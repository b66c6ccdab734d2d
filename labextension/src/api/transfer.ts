import type { Request } from './request';
import type { IExportResponse, IImportReport, IImportRequest } from './types';

export interface ITransferApi {
  import(body: IImportRequest): Promise<IImportReport>;
  /** `names`: prompt names; none exports everything. */
  export(names: readonly string[]): Promise<IExportResponse>;
}

export function transferApi(request: Request): ITransferApi {
  return {
    import: body => request('import', { method: 'POST', body }),
    export: names => request('export', { query: { names: names.join(',') } })
  };
}
