import type { IDisposable } from '@lumino/disposable';
import type { Drag } from '@lumino/dragdrop';
import { CommandIDs } from '../../commands/ids';
import { PROMPTS_MIME } from './drag';
import type { LibraryModel } from './model';

/** What JupyterLab's file browser drags: paths. */
const CONTENTS_MIME = 'application/x-jupyter-icontents';
const TARGET = 'jp-mod-dropTarget';
/** How long a drag rests on a closed folder before it opens. */
const OPEN_MS = 700;

/** What may be dropped on the library: its own prompts, files of the file browser, files of the desktop. */
export interface IDropHandlers {
  /** Files of the file browser, by path. */
  paths: (paths: readonly string[], folder: string) => void;
  /** Files and folders of the desktop. */
  files: (data: DataTransfer, folder: string) => void;
}

/** Takes drops on the library, or on a folder in it. */
export class DropTarget implements IDisposable {
  constructor(
    private readonly _node: HTMLElement,
    private readonly _model: LibraryModel,
    private readonly _handlers: IDropHandlers
  ) {
    for (const type of EVENTS) {
      _node.addEventListener(type, this);
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._mark(null);
    for (const type of EVENTS) {
      this._node.removeEventListener(type, this);
    }
  }

  handleEvent(event: Event): void {
    switch (event.type) {
      case 'lm-dragenter':
      case 'lm-dragover':
        this._over(event as Drag.Event);
        break;
      case 'lm-dragleave':
      case 'dragleave':
        this._mark(null);
        break;
      case 'lm-drop':
        this._drop(event as Drag.Event);
        break;
      case 'dragenter':
      case 'dragover':
        this._overNative(event as DragEvent);
        break;
      case 'drop':
        this._dropNative(event as DragEvent);
    }
  }

  private _over(event: Drag.Event): void {
    const takes = event.mimeData.hasData(PROMPTS_MIME) || event.mimeData.hasData(CONTENTS_MIME);
    if (!takes || !this._model.hub.can('prompt:write')) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    event.dropAction = event.mimeData.hasData(PROMPTS_MIME) ? 'move' : event.proposedAction;
    this._mark(event.target);
  }

  private _drop(event: Drag.Event): void {
    const { mimeData } = event;
    const folder = this._folder(event.target);
    this._mark(null);
    event.preventDefault();
    event.stopPropagation();
    if (mimeData.hasData(PROMPTS_MIME)) {
      const ids = mimeData.getData(PROMPTS_MIME) as readonly string[];
      event.dropAction = 'move';
      this._model.run(CommandIDs.moveMany, { ids: [...ids], folder });
    } else if (mimeData.hasData(CONTENTS_MIME)) {
      event.dropAction = event.proposedAction;
      this._handlers.paths(mimeData.getData(CONTENTS_MIME) as readonly string[], folder);
    }
  }

  private _overNative(event: DragEvent): void {
    if (event.dataTransfer?.types.includes('Files') && this._model.hub.can('prompt:write')) {
      event.preventDefault();
      event.stopPropagation();
      event.dataTransfer.dropEffect = 'copy';
      this._mark(event.target);
    }
  }

  private _dropNative(event: DragEvent): void {
    const folder = this._folder(event.target);
    this._mark(null);
    if (event.dataTransfer?.types.includes('Files')) {
      event.preventDefault();
      event.stopPropagation();
      this._handlers.files(event.dataTransfer, folder);
    }
  }

  /** The folder under the pointer: of a folder's row, or the one that a prompt's row is in. */
  private _folder(target: EventTarget | null): string {
    const row = (target as Element | null)?.closest<HTMLElement>('[data-in-folder]');
    return row?.dataset['folder'] ?? row?.dataset['inFolder'] ?? '';
  }

  private _mark(target: EventTarget | null): void {
    const element = target as Element | null;
    const folder = this._folder(target);
    const row =
      element && folder
        ? [...this._node.querySelectorAll<HTMLElement>('[data-folder]')].find(
            each => each.dataset['folder'] === folder
          )
        : undefined;
    const marked = element ? (row ?? this._node) : null;
    if (marked === this._marked) {
      return;
    }
    clearTimeout(this._timer);
    this._marked?.classList.remove(TARGET);
    this._marked = marked;
    marked?.classList.add(TARGET);
    if (row?.getAttribute('aria-expanded') === 'false') {
      this._timer = setTimeout(() => this._model.setOpen(folder, true), OPEN_MS);
    }
  }

  private _marked: HTMLElement | null = null;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _isDisposed = false;
}

const EVENTS = [
  'lm-dragenter',
  'lm-dragover',
  'lm-dragleave',
  'lm-drop',
  'dragenter',
  'dragover',
  'dragleave',
  'drop'
] as const;
