import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/**
 * Where the edits of a draft are.
 *
 * `connecting`: nothing came yet. `stored`: the server has all of them on disk. `saving`: some are on their way.
 * `offline`: the server cannot be reached; they are kept here and sent later. `closed`: the server will
 * not take any (the reason says why).
 */
export type StorageState = 'connecting' | 'stored' | 'saving' | 'offline' | 'closed';

/** Edits of one burst are confirmed together. */
const DELAY_MS = 120;

/**
 * Knows whether what was typed is stored.
 *
 * After edits it asks the server, once at a time, to answer when everything sent so far is stored; edits made
 * meanwhile are asked for again.
 */
export class Storage implements IDisposable {
  /**
   * @param confirm - resolves when all that was sent before is stored; rejects when it is not.
   */
  constructor(private readonly _confirm: () => Promise<void>) {}

  get state(): StorageState {
    if (this._closed) {
      return 'closed';
    }
    if (this._isOnline === null) {
      return 'connecting';
    }
    if (!this._isOnline) {
      return 'offline';
    }
    return this._confirmed < this._edits ? 'saving' : 'stored';
  }

  /** Whether edits are only here: not stored, and not on their way. */
  get isAtRisk(): boolean {
    const { state } = this;
    return this._confirmed < this._edits && (state === 'offline' || state === 'closed');
  }

  /** Why it is closed or offline, as the server said; empty when it did not say. */
  get reason(): string {
    return this._reason;
  }

  /** Since when it is offline; null while it is not. */
  get since(): Date | null {
    return this._since;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Something was edited here. */
  edited(): void {
    this._edits += 1;
    this._changed.emit();
    this._soon();
  }

  /** The documents of both sides are in step (again). */
  online(): void {
    this._isOnline = true;
    this._since = null;
    this._reason = '';
    this._changed.emit();
    this._soon();
  }

  /** The connection was lost, and is being tried again. */
  offline(reason = ''): void {
    this._isOnline = false;
    this._since ??= new Date();
    this._attempt += 1;
    this._isAsking = false;
    this._reason = reason || this._reason;
    this._changed.emit();
  }

  /** The connection was ended for good. */
  close(reason: string): void {
    this._closed = true;
    this._reason = reason;
    this._changed.emit();
  }

  /** Resolves when everything typed until now is stored. Rejects when that cannot be. */
  flush(): Promise<void> {
    const { state } = this;
    if (state === 'stored') {
      return Promise.resolve();
    }
    if (state !== 'saving') {
      return Promise.reject(
        new Error(this._reason || 'The server cannot be reached; your edits are kept here.')
      );
    }
    return new Promise((resolve, reject) => {
      const slot = () => {
        if (this.state !== 'saving') {
          this._changed.disconnect(slot);
          this.flush().then(resolve, reject);
        }
      };
      this._changed.connect(slot);
    });
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      clearTimeout(this._timer);
      this.close('The document was closed.');
      Signal.clearData(this);
    }
  }

  private _soon(): void {
    if (this.state === 'saving' && !this._isAsking && this._timer === undefined) {
      this._timer = setTimeout(() => {
        this._timer = undefined;
        void this._ask();
      }, DELAY_MS);
    }
  }

  private async _ask(): Promise<void> {
    if (this.state !== 'saving' || this._isAsking) {
      return;
    }
    const edits = this._edits;
    const attempt = this._attempt;
    this._isAsking = true;
    try {
      await this._confirm();
      // an answer from before a loss says nothing about what is stored now
      if (attempt === this._attempt) {
        this._confirmed = edits;
      }
    } catch {
      // asked again below, or when the connection is back
    }
    if (attempt === this._attempt && !this._isDisposed) {
      this._isAsking = false;
      this._changed.emit();
      this._soon();
    }
  }

  private _isOnline: boolean | null = null;
  private _since: Date | null = null;
  private _closed = false;
  private _reason = '';
  private _edits = 0;
  private _confirmed = 0;
  private _attempt = 0;
  private _isAsking = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
