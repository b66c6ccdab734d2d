import type { Extension } from '@codemirror/state';
import type { PromptModel } from '../editor/model';
import { completion } from './completion';

/** What helps while one writes, for one editor. */
export function assistance(model: PromptModel): Extension[] {
  return [completion({ api: model.hub.api.prompts, promptId: model.key?.promptId ?? null })];
}
