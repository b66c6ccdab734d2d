import { EditorView } from '@codemirror/view';
import type { YFile } from '@jupyter/ydoc';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { createAbsolutePositionFromRelativePosition } from 'yjs';
import type { IPerson } from './people';
import { people } from './people';

/** Lines that stay visible above and below the cursor that is followed. */
const MARGIN_PX = 60;

/** Keys that change nothing by themselves. */
const QUIET = new Set(['Shift', 'Control', 'Alt', 'Meta', 'Tab', 'CapsLock']);

interface IAwarenessChange {
  readonly added: readonly number[];
  readonly updated: readonly number[];
  readonly removed: readonly number[];
}

/** Who else is in a document and where, and a view that scrolls with one of them. */
export class Follower implements IDisposable {
  constructor(
    private readonly _view: EditorView,
    private readonly _file: YFile
  ) {
    _file.awareness.on('change', this._onAwareness);
    _file.changed.connect(this._onText, this);
  }

  /** The others, by name. */
  get people(): readonly IPerson[] {
    return this._people;
  }

  /** Who is followed; null: nobody. */
  get followed(): IPerson | null {
    return this._people.find(({ id }) => id === this._followed) ?? null;
  }

  /** Whoever was followed until just now has gone. */
  get left(): ISignal<this, IPerson> {
    return this._left;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The line of a person's cursor; null where it is not in the text. */
  line(person: IPerson): number | null {
    const at = this._offset(person);
    return at === null ? null : this._view.state.doc.lineAt(at).number;
  }

  /** Scroll with somebody, from now until Escape or until something is typed here. */
  follow(id: string): void {
    if (!this._followed) {
      const { dom } = this._view;
      document.addEventListener('keydown', this._onKey, true);
      dom.addEventListener('beforeinput', this._stop, true);
      dom.addEventListener('paste', this._stop, true);
      dom.addEventListener('drop', this._stop, true);
    }
    this._followed = id;
    this._changed.emit();
    this._scroll();
  }

  /** Follow nobody. */
  stop(): void {
    if (this._followed) {
      this._followed = null;
      this._unlisten();
      this._changed.emit();
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._unlisten();
      this._file.awareness.off('change', this._onAwareness);
      Signal.clearData(this);
    }
  }

  private _unlisten(): void {
    const { dom } = this._view;
    document.removeEventListener('keydown', this._onKey, true);
    dom.removeEventListener('beforeinput', this._stop, true);
    dom.removeEventListener('paste', this._stop, true);
    dom.removeEventListener('drop', this._stop, true);
  }

  private _onAwareness = ({ added, updated, removed }: IAwarenessChange): void => {
    const now = performance.now();
    const { awareness } = this._file;
    if ([...added, ...updated, ...removed].every(client => client === awareness.clientID)) {
      return;
    }
    for (const client of [...added, ...updated]) {
      this._spoke.set(client, now);
    }
    for (const client of removed) {
      this._spoke.delete(client);
    }
    const before = this.followed;
    this._people = people(awareness.getStates(), awareness.clientID, this._spoke);
    if (before && !this.followed) {
      this._left.emit(before);
      this.stop();
    }
    this._changed.emit();
    this._scroll();
  };

  private _onText(): void {
    if (this._followed) {
      this._scroll();
    }
  }

  private _onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.stop();
    } else if (!QUIET.has(event.key) && this._view.dom.contains(event.target as Node)) {
      this.stop();
    }
  };

  private _stop = (): void => this.stop();

  /** Once per frame: a text and a cursor come as two messages. */
  private _scroll(): void {
    if (this._frame || !this._followed) {
      return;
    }
    this._frame = requestAnimationFrame(() => {
      this._frame = 0;
      const person = this.followed;
      const at = person && !this._isDisposed ? this._offset(person) : null;
      if (at !== null) {
        this._view.dispatch({
          effects: EditorView.scrollIntoView(at, { y: 'nearest', yMargin: MARGIN_PX })
        });
      }
    });
  }

  private _offset(person: IPerson): number | null {
    const { ydoc, ysource } = this._file;
    if (!person.head) {
      return null;
    }
    const place = createAbsolutePositionFromRelativePosition(
      person.head as Parameters<typeof createAbsolutePositionFromRelativePosition>[0],
      ydoc
    );
    return place?.type === ysource ? Math.min(place.index, this._view.state.doc.length) : null;
  }

  private _people: readonly IPerson[] = [];
  private _followed: string | null = null;
  private _frame = 0;
  private _isDisposed = false;
  private readonly _spoke = new Map<number, number>();
  private readonly _left = new Signal<this, IPerson>(this);
  private readonly _changed = new Signal<this, void>(this);
}
