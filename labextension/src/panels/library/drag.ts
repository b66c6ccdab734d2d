import { MimeData } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Drag } from '@lumino/dragdrop';
import type { IPrompt } from '../../api';
import type { ICellJSON } from './cells';
import { CELL_MIME, newCell, referenceOf, WRITTEN_MIME } from './cells';
import type { LibraryModel } from './model';

/** The ids of dragged prompts, for the library's own folders. */
export const PROMPTS_MIME = 'application/vnd.prompthub.prompts+json';

/** At most so many become cells of a notebook. */
const MOST_CELLS = 20;
/** How far the pointer moves before it is a drag, in px. */
const THRESHOLD = 5;

/** Drags prompts out of the library: into its folders, and as a reference into editors and notebooks. */
export class DragSource implements IDisposable {
  constructor(private readonly _model: LibraryModel) {}

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The pointer went down on a row. */
  press(event: PointerEvent): void {
    const row = (event.target as Element).closest<HTMLElement>('[data-prompt-id]');
    if (event.button !== 0 || !row || (event.target as Element).closest('button, input')) {
      return;
    }
    this._end();
    this._pressed = { x: event.clientX, y: event.clientY, promptId: row.dataset['promptId']! };
    document.addEventListener('pointermove', this._onMove, true);
    document.addEventListener('pointerup', this._onUp, true);
  }

  dispose(): void {
    this._isDisposed = true;
    this._end();
    this._drag?.dispose();
  }

  private readonly _onMove = (event: PointerEvent): void => {
    const { _pressed: pressed } = this;
    if (pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) >= THRESHOLD) {
      this._end();
      event.preventDefault();
      event.stopPropagation();
      this._start(pressed.promptId, event);
    }
  };

  private readonly _onUp = (): void => this._end();

  private _start(promptId: string, event: PointerEvent): void {
    const prompt = this._model.view?.pages.find(promptId)?.prompt;
    if (!prompt) {
      return;
    }
    const { selection } = this._model;
    const ids = selection.has(promptId) ? selection.ids : [promptId];
    const mimeData = new MimeData();
    mimeData.setData('text/plain', named(prompt));
    mimeData.setData(PROMPTS_MIME, ids);
    const { cells, written } = this._cells(ids);
    mimeData.setData(CELL_MIME, cells);
    mimeData.setData(WRITTEN_MIME, written);
    this._drag = new Drag({
      mimeData,
      dragImage: imageOf(prompt, ids.length),
      proposedAction: 'move',
      supportedActions: 'all',
      source: this
    });
    void this._drag.start(event.clientX, event.clientY).then(() => (this._drag = null));
  }

  /** Cells that run the prompts. The server writes them while the pointer is on its way; until then they are bare. */
  private _cells(ids: readonly string[]): {
    cells: ICellJSON[];
    written: Promise<string | null>[];
  } {
    const { view, hub } = this._model;
    const cells: ICellJSON[] = [];
    const written = ids.slice(0, MOST_CELLS).flatMap(id => {
      const prompt = view?.pages.find(id)?.prompt;
      if (!prompt?.head) {
        return [];
      }
      const cell = newCell(`%prompthub run ${named(prompt)}`);
      cells.push(cell);
      return [
        hub.api.versions.cell(id, referenceOf(prompt)).then(
          ({ text }) => (cell.source = text),
          () => null // the bare one will do, and says what is wrong when it is run
        )
      ];
    });
    return { cells, written };
  }

  private _end(): void {
    this._pressed = null;
    document.removeEventListener('pointermove', this._onMove, true);
    document.removeEventListener('pointerup', this._onUp, true);
  }

  private _pressed: { x: number; y: number; promptId: string } | null = null;
  private _drag: Drag | null = null;
  private _isDisposed = false;
}

function named(prompt: IPrompt): string {
  const ref = referenceOf(prompt);
  return ref === 'latest' ? prompt.name : `${prompt.name}@${ref}`;
}

function imageOf(prompt: IPrompt, count: number): HTMLElement {
  const image = document.createElement('div');
  image.className = 'jp-PromptHub-dragImage';
  image.textContent = prompt.name;
  if (count > 1) {
    const more = image.appendChild(document.createElement('span'));
    more.className = 'jp-PromptHub-dragImage-count';
    more.textContent = String(count);
  }
  return image;
}
