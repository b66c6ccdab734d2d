import { CommandIDs } from '../../commands/ids';
import { reportError } from '../../components/notify';
import type { Permission } from '../../tokens';
import type { LibraryModel } from './model';
import type { LibraryRow } from './rows';
import { selectAll, selectRange, typeAhead } from './select';

/** What the keyboard needs to know of the tree that is on show. */
export interface IKeyContext {
  readonly model: LibraryModel;
  /** Rows that fit into the panel. */
  readonly page: number;
}

/** How long letters count as one word. */
const WORD_MS = 800;

/** Keys that do nothing by themselves. */
const HELD = new Set(['Shift', 'Control', 'Alt', 'Meta']);

/** What somebody must be allowed for a key to mean anything: running a command does not ask whether it is enabled. */
const NEEDS: { [key: string]: Permission } = { F2: 'prompt:write', Delete: 'prompt:delete' };

/** The tree's keys (the ARIA tree pattern), and those that act on prompts. */
export class Keys {
  constructor(private readonly _context: IKeyContext) {}

  /** Act on a key; false when it means nothing here. */
  press(event: KeyboardEvent): boolean {
    const { model, page } = this._context;
    const { active, count } = model;
    const row = model.row(active);
    if (!row || event.altKey) {
      return false;
    }
    const { key, shiftKey } = event;
    if (!HELD.has(key)) {
      this._jumps++;
    }
    if (key.length !== 1 && key !== 'Shift') {
      this._typed = ''; // another word begins
    }
    if (event.ctrlKey || event.metaKey) {
      return this._accelerated(key.toLowerCase(), row);
    }
    const moves: { [key: string]: number } = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: count - 1
    };
    const to = moves[key];
    if (to !== undefined) {
      this._move(to, shiftKey);
      return true;
    }
    const actions: { [key: string]: () => void } = {
      Enter: () => this.open(row),
      ' ': () => this._toggle(row),
      Escape: () => model.selection.clear(),
      F2: () => (model.renaming = row.key),
      Delete: () => model.run(CommandIDs.archiveMany, this._target(row)),
      ArrowRight: () => this._right(row),
      ArrowLeft: () => this._left(row)
    };
    const needs = NEEDS[key];
    if (needs && !model.hub.can(needs)) {
      return false;
    }
    const action = actions[key];
    if (action && !(key === ' ' && this._isTyping())) {
      action();
      return true;
    }
    return this._type(key);
  }

  /** Open a prompt, or open and close a folder. */
  open(row: LibraryRow): void {
    const { model } = this._context;
    if (row.kind === 'folder') {
      model.setOpen(row.path, !row.open);
    } else if (row.prompt) {
      model.run(CommandIDs.openPrompt, { promptId: row.prompt.id });
    }
  }

  /** A range of selected rows begins here: at this row, wherever it moves to. */
  anchorAt(index: number): void {
    this._jumps++;
    this._anchor = { index, key: this._context.model.row(index)?.key ?? null };
  }

  /** Select what is between the anchor and a line. */
  selectTo(index: number): void {
    this._jumps++;
    const { model } = this._context;
    const { key } = this._anchor;
    const found = key === null ? -1 : (model.view?.indexOf(key) ?? -1);
    // a row that is gone, or in a folder that was closed: from about where it was
    const from = found >= 0 ? found : Math.min(this._anchor.index, Math.max(model.count - 1, 0));
    this._tell(selectRange(model, from, index));
  }

  private _accelerated(key: string, row: LibraryRow): boolean {
    const { model } = this._context;
    if (key === 'a') {
      this._tell(selectAll(model));
      return true;
    }
    if (key === ' ') {
      this._toggle(row);
      return true;
    }
    if (key === 'd' && row.kind === 'prompt' && row.prompt && model.hub.can('prompt:write')) {
      model.run(CommandIDs.duplicatePrompt, { promptId: row.prompt.id });
      return true;
    }
    return false;
  }

  private _move(to: number, extend: boolean): void {
    const { model } = this._context;
    model.setActive(to);
    if (extend) {
      this.selectTo(model.active);
    } else {
      this.anchorAt(model.active);
    }
  }

  private _toggle(row: LibraryRow): void {
    const { model } = this._context;
    if (row.kind === 'folder') {
      model.setOpen(row.path, !row.open);
    } else if (row.prompt) {
      model.selection.toggle(row.prompt.id);
      this.anchorAt(model.active);
    }
  }

  private _target(row: LibraryRow): { ids?: string[]; folder?: string } {
    const { selection } = this._context.model;
    if (selection.size > 0) {
      return { ids: [...selection.ids] };
    }
    return row.kind === 'folder'
      ? { folder: row.path }
      : { ids: row.prompt ? [row.prompt.id] : [] };
  }

  private _right(row: LibraryRow): void {
    const { model } = this._context;
    if (row.kind === 'folder' && !row.open) {
      model.setOpen(row.path, true);
    } else if (row.kind === 'folder') {
      this._move(model.active + 1, false);
    }
  }

  private _left(row: LibraryRow): void {
    const { model } = this._context;
    if (row.kind === 'folder' && row.open) {
      model.setOpen(row.path, false);
    } else if (row.parent) {
      this._move(model.view?.outline.folderIndex(row.parent) ?? 0, false);
    }
  }

  private _isTyping(): boolean {
    return this._typed !== '' && performance.now() - this._last < WORD_MS;
  }

  private _type(key: string): boolean {
    if (key.length !== 1) {
      return false;
    }
    const { model } = this._context;
    const goesOn = this._isTyping();
    this._typed = goesOn ? this._typed + key : key;
    // the same letter again goes to the next one
    const isRepeated = [...this._typed].every(each => each === key);
    if (!goesOn || isRepeated) {
      this._from = model.active;
    }
    this._last = performance.now();
    const word = isRepeated ? key : this._typed;
    // the server may answer only when its reader has gone elsewhere
    const jump = this._jumps;
    const isWanted = () => jump === this._jumps;
    const jumped = typeAhead(model, word, this._from, isWanted);
    this._tell(jumped.then(() => isWanted() && this.anchorAt(model.active)));
    return true;
  }

  private _tell(done: Promise<unknown>): void {
    const { trans } = this._context.model.hub;
    done.catch(error => reportError(trans, trans.__('That did not work'), error));
  }

  private _anchor: { index: number; key: string | null } = { index: 0, key: null };
  private _typed = '';
  private _last = 0;
  /** Counts where the reader went: a jump that is answered after the next one is not made. */
  private _jumps = 0;
  /** The line where typing began. */
  private _from = 0;
}
