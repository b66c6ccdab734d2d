import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IEvent, IExecuteRequest, IExecution } from '../api';
import { isAbort } from '../api';
import type { IPromptHub } from '../tokens';
import type { RunState, RunStep, RunSubject } from './runstate';
import { IDLE, isRunning, step } from './runstate';

/** How many of the last runs are listed. */
const LISTED = 10;

/** Runs a prompt, one run at a time, and knows its last runs. */
export class Runner implements IDisposable {
  constructor(
    private readonly _hub: IPromptHub,
    /** Which runs are listed: those of a prompt, or one's own of a file; null: none. */
    private readonly _which: { prompt_id: string } | { notebook: string } | null
  ) {
    _hub.event.connect(this._onEvent, this);
    void this._loadRecent();
  }

  get state(): RunState {
    return this._state;
  }

  /** The last runs, newest first: of a prompt by anybody, of a file one's own. */
  get recent(): readonly IExecution[] {
    return this._recent;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Run; resolves at its end, whichever that is. Does nothing while one is running. */
  async run(request: IExecuteRequest, subject: RunSubject): Promise<void> {
    if (isRunning(this._state)) {
      return;
    }
    const abort = (this._abort = new AbortController());
    this._take({ kind: 'begin', subject });
    try {
      for await (const event of this._hub.api.execution.stream(request, abort.signal)) {
        if (this._abort !== abort) {
          return; // it was stopped, and another one runs
        }
        this._take(event);
      }
    } catch (error) {
      if (this._abort === abort) {
        this._take(
          isAbort(error) || abort.signal.aborted ? { kind: 'cancel' } : { kind: 'fail', error }
        );
      }
    }
    if (this._abort === abort) {
      this._abort = null;
    }
  }

  /** Stop the run: the server sees the connection end, and cancels the call. */
  cancel(): void {
    this._abort?.abort();
    this._take({ kind: 'cancel' });
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._abort?.abort();
      Signal.clearData(this);
    }
  }

  private _take(next: RunStep): void {
    const state = step(this._state, next);
    if (state !== this._state && !this._isDisposed) {
      this._state = state;
      this._changed.emit();
    }
  }

  private _onEvent(_: IPromptHub, { kind, ids }: IEvent): void {
    const ours = this._which && 'prompt_id' in this._which ? this._which.prompt_id : undefined;
    const isOurs = kind === 'execution.finished' && ids['prompt'] === ours;
    if (isOurs || kind === 'resync') {
      void this._loadRecent();
    }
  }

  private async _loadRecent(): Promise<void> {
    if (!this._which) {
      return;
    }
    const request = ++this._asks;
    try {
      const page = await this._hub.api.execution.list({
        ...this._which,
        limit: LISTED
      });
      // an older answer is not taken after a newer one
      if (!this._isDisposed && request === this._asks) {
        this._recent = page.items;
        this._changed.emit();
      }
    } catch {
      // a list of the past is not worth an alarm: it stays as it was
    }
  }

  private _state: RunState = IDLE;
  private _asks = 0;
  private _recent: readonly IExecution[] = [];
  private _abort: AbortController | null = null;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
