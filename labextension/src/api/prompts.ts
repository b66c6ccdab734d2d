import type { Request } from './request';
import { path } from './request';
import type {
  IBulkChange,
  IBulkReport,
  IChecked,
  ICheckText,
  ICompleted,
  ICompleteText,
  IDependentList,
  IDependentsPreview,
  IDriftList,
  IDriftQuery,
  IDuplicate,
  IFolderList,
  INewPrompt,
  IPosition,
  IPositionQuery,
  IPromptDetail,
  IPromptFilter,
  IPromptIds,
  IPromptPage,
  IPromptPatch,
  IPromptQuery,
  IResolution,
  ITagList
} from './types';

export interface IPromptsApi {
  list(query?: IPromptQuery, signal?: AbortSignal): Promise<IPromptPage>;
  get(promptId: string, signal?: AbortSignal): Promise<IPromptDetail>;
  create(body: INewPrompt): Promise<IPromptDetail>;
  update(promptId: string, body: IPromptPatch): Promise<IPromptDetail>;
  archive(promptId: string): Promise<IPromptDetail>;
  restore(promptId: string): Promise<IPromptDetail>;
  resolve(reference: string): Promise<IResolution>;
  duplicate(promptId: string, body: IDuplicate): Promise<IPromptDetail>;
  /** The same change of at most 500 prompts. */
  bulk(body: IBulkChange, signal?: AbortSignal): Promise<IBulkReport>;
  folders(filter: IPromptFilter, signal?: AbortSignal): Promise<IFolderList>;
  /** The ids of all that match, in their order. */
  ids(filter: IPromptFilter, signal?: AbortSignal): Promise<IPromptIds>;
  /** How many of those that match come before a name. */
  position(query: IPositionQuery, signal?: AbortSignal): Promise<IPosition>;
  /** Who includes it as a snippet; with a change, what that does to each. */
  dependents(
    promptId: string,
    change?: IDependentsPreview,
    signal?: AbortSignal
  ): Promise<IDependentList>;
  tags(signal?: AbortSignal): Promise<ITagList>;
  check(body: ICheckText, signal?: AbortSignal): Promise<IChecked>;
  /** What may stand at a place of a text; offsets count code points. */
  complete(body: ICompleteText, signal?: AbortSignal): Promise<ICompleted>;
  /** What the refs of versions that ran name now; 200 at most. */
  drift(body: IDriftQuery, signal?: AbortSignal): Promise<IDriftList>;
  /** The edits that make changes of units in a text; they hold for that very text only. */
  edit(body: { text: string; changes: readonly object[] }): Promise<IEditedText>;
}

/** Edits of a text; offsets count code points. */
export interface IEditedText {
  edits: { start: number; end: number; text: string }[];
  text_hash: string;
}

export function promptsApi(request: Request): IPromptsApi {
  return {
    list: (query, signal) => request('prompts', { query, signal }),
    get: (promptId, signal) => request(path('prompts', promptId), { signal }),
    create: body => request('prompts', { method: 'POST', body }),
    update: (promptId, body) => request(path('prompts', promptId), { method: 'PATCH', body }),
    archive: promptId => request(path('prompts', promptId), { method: 'DELETE' }),
    restore: promptId => request(path('prompts', promptId, 'restore'), { method: 'POST' }),
    resolve: reference => request('resolve', { query: { ref: reference } }),
    duplicate: (promptId, body) =>
      request(path('prompts', promptId, 'duplicate'), { method: 'POST', body }),
    bulk: (body, signal) => request('prompts/bulk', { method: 'POST', body, signal }),
    folders: (filter, signal) => request('folders', { query: filter, signal }),
    ids: (filter, signal) => request('prompts/ids', { query: filter, signal }),
    position: (query, signal) => request('prompts/position', { query, signal }),
    dependents: (promptId, change, signal) =>
      request(path('prompts', promptId, 'dependents'), {
        signal,
        ...(change && { method: 'POST', body: change })
      }),
    tags: signal => request('tags', { signal }),
    check: (body, signal) => request('check', { method: 'POST', body, signal }),
    complete: (body, signal) => request('complete', { method: 'POST', body, signal }),
    drift: (body, signal) => request('drift', { method: 'POST', body, signal }),
    edit: body => request('edit', { method: 'POST', body })
  };
}
