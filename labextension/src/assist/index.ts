import type { Extension } from '@codemirror/state';
import { Prec } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import type { IInclude } from '../api';
import type { PromptModel } from '../editor/model';
import { completion } from './completion';
import { snippetNames } from './snippets';

export { addAssistance } from './commands';
export { applyFix } from './fixes';

/**
 * What helps while one writes, for one editor.
 *
 * @param go - opens a snippet from a place of the text; null: goes back to such a place.
 */
export function assistance(
  model: PromptModel,
  go: (to: { include: IInclude; at: number } | null) => void
): Extension[] {
  const back = (): boolean => {
    go(null);
    return true;
  };
  return [
    completion({ api: model.hub.api.prompts, promptId: model.key?.promptId ?? null }),
    ...snippetNames(model, (include, at) => go({ include, at })),
    // CodeMirror sees keys before JupyterLab's shortcuts, and has another use for these
    Prec.highest(keymap.of([{ key: 'Alt-ArrowLeft', mac: 'Ctrl--', run: back }]))
  ];
}
