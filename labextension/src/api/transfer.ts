import type { Request } from './request';
import type {
  IExportResponse,
  IImportItem,
  IImportPreview,
  IImportReport,
  IImportRequest
} from './types';

export interface ITransferApi {
  import(body: IImportRequest): Promise<IImportReport>;
  /** What an import would do, item by item. */
  preview(items: readonly IImportItem[]): Promise<IImportPreview>;
  /** `names`: prompt names or ids; none exports everything. */
  export(names: readonly string[]): Promise<IExportResponse>;
}

export function transferApi(request: Request): ITransferApi {
  return {
    import: body => request('import', { method: 'POST', body }),
    preview: items => request('import/preview', { method: 'POST', body: { items } }),
    export: names => request('export', { query: { names: names.join(',') } })
  };
}
