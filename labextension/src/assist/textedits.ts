import type { ISharedFile } from '@jupyter/ydoc';
import type { ITextEdit } from '../api';
import { toUtf16 } from '../editor/offsets';

/** What can tell its undo steps apart. */
interface ISteps {
  readonly undoManager?: { stopCapturing(): void };
}

/**
 * Make edits of `text` (offsets in code points) in a document, as one step of undo. False, and nothing is
 * changed, when the document has moved on.
 */
export function applyAsStep(
  document: ISharedFile,
  text: string,
  edits: readonly ITextEdit[]
): boolean {
  if (document.getSource() !== text) {
    return false;
  }
  const { undoManager } = document as ISteps;
  undoManager?.stopCapturing();
  document.transact(() => {
    for (const edit of toUtf16(text, edits).reverse()) {
      document.updateSource(edit.start, edit.end, edit.text);
    }
  });
  undoManager?.stopCapturing();
  return true;
}
