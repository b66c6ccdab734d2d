import type { ICellModel } from '@jupyterlab/cells';
import type { IEditorExtensionFactory } from '@jupyterlab/codemirror';
import { EditorExtensionRegistry } from '@jupyterlab/codemirror';
import type { Extension, Text } from '@codemirror/state';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { cellLanguage } from '../editor/language';
import { promptCell } from './cell';

/** As much of a cell as is read to know what it is. */
const HEAD = 4096;

/** Prompt cells in the colours of prompts; a cell becomes one, and stops being one, as it is typed. */
export function highlighting(): Readonly<IEditorExtensionFactory> {
  const colours = [
    Prec.highest(cellLanguage()),
    EditorView.editorAttributes.of({ class: 'jp-PromptHub-promptCell' })
  ];
  return {
    name: 'prompthub:cell',
    factory: ({ model }) =>
      (model as Partial<ICellModel>).type === 'code'
        ? EditorExtensionRegistry.createImmutableExtension(
            switched(model.sharedModel.getSource(), colours)
          )
        : null
  };
}

/** `colours` while the text is a prompt cell's. */
export function switched(source: string, colours: Extension): Extension {
  const slot = new Compartment();
  const none: Extension = [];
  return [
    slot.of(promptCell(source.slice(0, HEAD)) ? colours : none),
    EditorState.transactionExtender.of(transaction => {
      if (!transaction.docChanged) {
        return null;
      }
      const wanted = isPromptCell(transaction.newDoc) ? colours : none;
      return slot.get(transaction.startState) === wanted
        ? null
        : { effects: slot.reconfigure(wanted) };
    })
  ];
}

function isPromptCell(doc: Text): boolean {
  return promptCell(doc.sliceString(0, HEAD)) !== null;
}
