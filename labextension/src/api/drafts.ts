import type { Request } from './request';
import { path } from './request';
import type { IDraft, IIncoming, IRestoreDraft, ISaveDraft, IUpdateDraft, IVersion } from './types';

export interface IDraftsApi {
  get(promptId: string, branch: string, signal?: AbortSignal): Promise<IDraft>;
  /** What an update would bring, and what it would replace. */
  incoming(promptId: string, branch: string, signal?: AbortSignal): Promise<IIncoming>;
  /** Save what the draft's room holds as a version. */
  save(promptId: string, branch: string, body: ISaveDraft): Promise<IVersion>;
  /** Replace the draft by a version, as one step that can be undone. */
  restore(promptId: string, branch: string, body: IRestoreDraft): Promise<IDraft>;
  /** Take the branch's head. */
  update(promptId: string, branch: string, body?: IUpdateDraft): Promise<IDraft>;
  /** Bring back what restore, update or put replaced. */
  undo(promptId: string, branch: string): Promise<IDraft>;
  put(promptId: string, branch: string, text: string): Promise<IDraft>;
}

export function draftsApi(request: Request): IDraftsApi {
  const of = (promptId: string, branch: string, ...verb: string[]) =>
    path('prompts', promptId, 'drafts', branch, ...verb);
  return {
    get: (promptId, branch, signal) => request(of(promptId, branch), { signal }),
    incoming: (promptId, branch, signal) => request(of(promptId, branch, 'incoming'), { signal }),
    save: (promptId, branch, body) =>
      request(of(promptId, branch, 'save'), { method: 'POST', body }),
    restore: (promptId, branch, body) =>
      request(of(promptId, branch, 'restore'), { method: 'POST', body }),
    update: (promptId, branch, body = {}) =>
      request(of(promptId, branch, 'update'), { method: 'POST', body }),
    undo: (promptId, branch) => request(of(promptId, branch, 'undo'), { method: 'POST' }),
    put: (promptId, branch, text) =>
      request(of(promptId, branch), { method: 'PUT', body: { text } })
  };
}
