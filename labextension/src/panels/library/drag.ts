import { MimeData } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Drag } from '@lumino/dragdrop';
import type { IPrompt } from '../../api';
import type { LibraryModel } from './model';

/** What a dragged prompt is: `{id, name, ref}`. Notebooks take it. */
export const PROMPT_MIME = 'application/vnd.prompthub.prompt+json';
/** The ids of dragged prompts, for the library's own folders. */
export const PROMPTS_MIME = 'application/vnd.prompthub.prompts+json';

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
    const ref = referenceOf(prompt);
    mimeData.setData('text/plain', ref === 'latest' ? prompt.name : `${prompt.name}@${ref}`);
    mimeData.setData(PROMPT_MIME, { id: prompt.id, name: prompt.name, ref });
    mimeData.setData(PROMPTS_MIME, ids);
    this._drag = new Drag({
      mimeData,
      dragImage: imageOf(prompt, ids.length),
      proposedAction: 'move',
      supportedActions: 'all',
      source: this
    });
    void this._drag.start(event.clientX, event.clientY).then(() => (this._drag = null));
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

/** How others should name it: as production serves it, else the newest. */
export function referenceOf(prompt: IPrompt): string {
  return prompt.served.some(each => each.environment === 'production') ? 'production' : 'latest';
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
