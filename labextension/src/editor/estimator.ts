import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IEstimate, IExecuteRequest } from '../api';
import { isAbort } from '../api';

type Ask = (
  runs: readonly IExecuteRequest[],
  signal: AbortSignal
) => Promise<{ readonly items: readonly IEstimate[] }>;

/** Knows what runs would send and cost. A newer question takes the place of one that is not answered yet. */
export class Estimator implements IDisposable {
  constructor(
    private readonly _ask: Ask,
    private readonly _delay = 0
  ) {}

  /** One for each run of the newest question that was answered; empty when there is none. */
  get latest(): readonly IEstimate[] {
    return this._latest;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Ask for these runs. None: nothing is known any more. */
  ask(runs: readonly IExecuteRequest[]): void {
    clearTimeout(this._timer);
    this._request?.abort();
    this._request = null;
    if (this._isDisposed) {
      return;
    }
    if (runs.length === 0) {
      this._take([]);
      return;
    }
    this._timer = setTimeout(() => void this._send(runs), this._delay);
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      clearTimeout(this._timer);
      this._request?.abort();
      Signal.clearData(this);
    }
  }

  private async _send(runs: readonly IExecuteRequest[]): Promise<void> {
    const request = (this._request = new AbortController());
    let items: readonly IEstimate[] = [];
    try {
      ({ items } = await this._ask(runs, request.signal));
    } catch (error) {
      if (isAbort(error)) {
        return;
      }
      // an estimate is a courtesy: Run itself says what is wrong
    }
    if (this._request === request) {
      this._request = null;
      this._take(items);
    }
  }

  private _take(items: readonly IEstimate[]): void {
    if (!this._isDisposed && (items.length > 0 || this._latest.length > 0)) {
      this._latest = items;
      this._changed.emit();
    }
  }

  private _latest: readonly IEstimate[] = [];
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _request: AbortController | null = null;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
