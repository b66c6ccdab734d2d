import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { IDiffSpan, IEstimate } from '../api';
import { Runner } from '../editor/runner';
import type { RunState } from '../editor/runstate';
import { isRunning } from '../editor/runstate';
import type { IPromptHub } from '../tokens';

/** Fewer than two are no comparison, more than six nobody reads. */
export const LEAST = 2;
export const MOST = 6;

/** What a column runs. */
export interface IChoice {
  /** A version's SHA; empty for the draft as it is in the editor. */
  readonly version: string;
  /** A model's ref; empty for the prompt's own. */
  readonly model: string;
}

/** One of several runs beside each other. */
export class Column implements IDisposable {
  constructor(
    hub: IPromptHub,
    readonly id: number,
    public choice: IChoice
  ) {
    this.runner = new Runner(hub, null);
  }

  readonly runner: Runner;

  /** It waits for its turn. */
  isQueued = false;

  /** What it would send and cost, or why it cannot run; null while that is not known. */
  estimate: IEstimate | null = null;

  /** How its answer differs from the baseline's; null where that is not known. */
  marks: readonly IDiffSpan[] | null = null;

  get state(): RunState {
    return this.runner.state;
  }

  get isBusy(): boolean {
    return this.isQueued || isRunning(this.state);
  }

  /** The whole answer; null before it is there. */
  get answer(): string | null {
    return this.state.phase === 'done' ? this.state.text : null;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.runner.dispose();
      Signal.clearData(this);
    }
  }

  private _isDisposed = false;
}

/** The place (from 0) of an earlier column that runs the same; -1 for none. */
export function sameAs(columns: readonly Column[], column: Column): number {
  const at = columns.indexOf(column);
  const { version, model } = column.choice;
  return columns.findIndex(
    (other, index) => index < at && other.choice.version === version && other.choice.model === model
  );
}

/** The choices that were kept, as far as they are some. */
export function choicesOf(kept: unknown): IChoice[] {
  const columns = (kept as { columns?: unknown } | null | undefined)?.columns;
  return (Array.isArray(columns) ? (columns as Partial<IChoice | null>[]) : []).flatMap(each =>
    typeof each?.version === 'string' && typeof each.model === 'string'
      ? [{ version: each.version, model: each.model }]
      : []
  );
}
