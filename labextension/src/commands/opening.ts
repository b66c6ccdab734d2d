import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { IDraftKey } from '../drivepath';
import { drivePath } from '../drivepath';
import { PROMPT_FACTORY } from './ids';

type Shell = JupyterFrontEnd.IShell;

/**
 * Opens drafts, and brings each to the front unless its reader has gone on to something else meanwhile.
 *
 * A draft is asked for before it gets a tab, so that a refusal is an error and not an empty tab. With a slow server
 * that takes time, and `docmanager:open` would then take the focus from where somebody types by now.
 */
export class Opener {
  constructor(
    private readonly _contents: Pick<JupyterFrontEnd['serviceManager']['contents'], 'get'>,
    private readonly _documents: Pick<IDocumentManager, 'openOrReveal'>,
    shell: Pick<Shell, 'currentChanged'>
  ) {
    const touched = () => (this._isTouched = true);
    document.addEventListener('keydown', touched, true);
    document.addEventListener('pointerdown', touched, true);
    shell.currentChanged?.connect((_, { oldValue }) => {
      // the launcher of a start, or what a closed tab leaves in front, is nobody's choice
      if (!this._isOpening && this._isTouched && !oldValue?.isDisposed) {
        this._turn++;
      }
    });
  }

  /** Resolves with the document, when it has its tab. */
  async open(draft: IDraftKey): Promise<unknown> {
    const path = drivePath(draft);
    const turn = ++this._turn;
    this._isTouched = false;
    await this._contents.get(path, { content: false });
    this._isOpening = true;
    try {
      return this._documents.openOrReveal(path, PROMPT_FACTORY, undefined, {
        activate: turn === this._turn
      });
    } finally {
      this._isOpening = false;
    }
  }

  /** Counts what was chosen to be in front. */
  private _turn = 0;
  private _isOpening = false;
  /** Whether somebody pressed something since a draft was asked for. */
  private _isTouched = false;
}
