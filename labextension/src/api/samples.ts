import type { Request } from './request';
import { path } from './request';
import type { INewSample, ISample, ISampleList, ISamplePatch } from './types';

/** Inputs that are kept with a prompt under a name. */
export interface ISamplesApi {
  list(promptId: string): Promise<ISampleList>;
  create(promptId: string, body: INewSample): Promise<ISample>;
  update(promptId: string, sampleId: string, body: ISamplePatch): Promise<ISample>;
  delete(promptId: string, sampleId: string): Promise<void>;
}

export function samplesApi(request: Request): ISamplesApi {
  const of = (promptId: string, ...more: string[]) => path('prompts', promptId, 'samples', ...more);
  return {
    list: promptId => request(of(promptId)),
    create: (promptId, body) => request(of(promptId), { method: 'POST', body }),
    update: (promptId, sampleId, body) =>
      request(of(promptId, sampleId), { method: 'PATCH', body }),
    delete: (promptId, sampleId) => request(of(promptId, sampleId), { method: 'DELETE' })
  };
}
