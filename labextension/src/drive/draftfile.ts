import { YFile } from '@jupyter/ydoc';

/**
 * The document of a draft.
 *
 * JupyterLab calls a document dirty from its first change to its next save, marks its tab, and asks before it
 * closes. A draft is stored as it is typed, so only edits that the server does not have are something to lose.
 */
export class DraftFile extends YFile {
  override get dirty(): boolean {
    return this._isAtRisk;
  }

  /** JupyterLab's opinion, which is not followed: see `setAtRisk`. */
  override set dirty(_: boolean) {
    // and not written into the document, where it would be one more edit to store
  }

  /** Whether there are edits that would be lost with this page. */
  setAtRisk(newValue: boolean): void {
    const oldValue = this._isAtRisk;
    if (newValue !== oldValue) {
      this._isAtRisk = newValue;
      this._changed.emit({ stateChange: [{ name: 'dirty', oldValue, newValue }] });
    }
  }

  private _isAtRisk = false;
}
