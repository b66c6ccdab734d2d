import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IChecked, ICheckText } from '../api';
import { isAbort } from '../api';

/** What the server says about a text, and about which text. */
export interface ICheck {
  readonly text: string;
  readonly checked: IChecked;
}

const DELAY_MS = 250;

/**
 * Checks a text that changes: a quarter of a second after the last change, one request at a time, the
 * answer to an older text is never taken.
 */
export class Checker implements IDisposable {
  constructor(
    private readonly _check: (body: ICheckText, signal: AbortSignal) => Promise<IChecked>
  ) {}

  /** The newest answer; may be of an older text than the present one. */
  get latest(): ICheck | null {
    return this._latest;
  }

  /** Why there is no newer answer: the server did not answer, or refused. */
  get error(): unknown {
    return this._error;
  }

  get isBusy(): boolean {
    return this._timer !== undefined || this._request !== null;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Ask for a check of `body`, soon (or at once). */
  ask(body: ICheckText, delay = DELAY_MS): void {
    if (this._isDisposed) {
      return;
    }
    clearTimeout(this._timer);
    this._request?.abort();
    this._request = null;
    this._timer = setTimeout(() => {
      this._timer = undefined;
      void this._send(body);
    }, delay);
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    clearTimeout(this._timer);
    this._request?.abort();
    Signal.clearData(this);
  }

  private async _send(body: ICheckText): Promise<void> {
    const request = new AbortController();
    this._request = request;
    try {
      const checked = await this._check(body, request.signal);
      if (this._request !== request) {
        return;
      }
      this._latest = { text: body.text, checked };
      this._error = null;
    } catch (error) {
      if (this._request !== request || isAbort(error)) {
        return;
      }
      this._error = error;
    }
    this._request = null;
    this._changed.emit();
  }

  private _latest: ICheck | null = null;
  private _error: unknown = null;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _request: AbortController | null = null;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
