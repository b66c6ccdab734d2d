import type { Request } from './request';
import type {
  IExportResponse,
  IFilesRead,
  IFileToRead,
  IImportPreview,
  IImportPreviewRequest,
  IImportReport,
  IImportRequest
} from './types';

export interface ITransferApi {
  import(body: IImportRequest): Promise<IImportReport>;
  /** What is in files of any known format, as an import takes it. */
  read(files: readonly IFileToRead[]): Promise<IFilesRead>;
  /** What an import would do, item by item: it is done, and taken back. */
  preview(body: Required<IImportPreviewRequest>): Promise<IImportPreview>;
  /** `names`: prompt names or ids; none exports everything. */
  export(names: readonly string[]): Promise<IExportResponse>;
}

export function transferApi(request: Request): ITransferApi {
  return {
    import: body => request('import', { method: 'POST', body }),
    preview: body => request('import/preview', { method: 'POST', body }),
    read: files => request('import/read', { method: 'POST', body: { files } }),
    export: names => request('export', { query: { names: names.join(',') } })
  };
}
