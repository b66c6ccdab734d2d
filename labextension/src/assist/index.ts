import type { Extension } from '@codemirror/state';
import type { IInclude } from '../api';
import type { PromptModel } from '../editor/model';
import { completion } from './completion';
import { snippetNames } from './snippets';

export { addAssistance } from './commands';
export { applyFix } from './fixes';

/**
 * What helps while one writes, for one editor.
 *
 * @param open - opens a snippet from a place of the text.
 */
export function assistance(
  model: PromptModel,
  open: (include: IInclude, at: number) => void
): Extension[] {
  return [
    completion({ api: model.hub.api.prompts, promptId: model.key?.promptId ?? null }),
    ...snippetNames(model, open)
  ];
}
