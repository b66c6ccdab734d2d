import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { ChangeOp, ICallerList, IComparison, IUnitChange, PromptHubError } from '../api';
import { asPromptHubError, isAbort } from '../api';
import type { IPromptHub } from '../tokens';
import { callersOf } from './callers';

export type DiffLayout = 'split' | 'inline';
export type DiffView = 'units' | 'text';

export interface IDiffOptions {
  promptId: string;
  /** Any refs. */
  base: string;
  head: string;
  layout: DiffLayout;
}

/** Two versions of a prompt, compared by the server. */
export class DiffModel implements IDisposable {
  constructor(
    readonly hub: IPromptHub,
    options: IDiffOptions,
    /** Runs a command, by id. */
    readonly run: (command: string, args: ReadonlyPartialJSONObject) => void
  ) {
    this.promptId = options.promptId;
    this._base = options.base;
    this._head = options.head;
    this._layout = options.layout;
    void this.reload();
  }

  readonly promptId: string;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get base(): string {
    return this._base;
  }

  get head(): string {
    return this._head;
  }

  get comparison(): IComparison | null {
    return this._comparison;
  }

  /** Who is known to give each variable that the newer side breaks; filled after the comparison. */
  get callers(): ReadonlyMap<string, ICallerList> {
    return this._callers;
  }

  /** The prompt's name; empty until it is known. */
  get name(): string {
    return this._name;
  }

  get changes(): readonly IUnitChange[] {
    return this._comparison?.diff.changes ?? [];
  }

  /** How many changes of each kind there are. */
  get counts(): ReadonlyMap<ChangeOp, number> {
    const counts = new Map<ChangeOp, number>();
    for (const { op } of this.changes) {
      counts.set(op, (counts.get(op) ?? 0) + 1);
    }
    return counts;
  }

  get error(): PromptHubError | null {
    return this._error;
  }

  get layout(): DiffLayout {
    return this._layout;
  }

  set layout(layout: DiffLayout) {
    this._layout = layout;
    this._emit();
  }

  /** Change by change, or the two texts as a whole. */
  get view(): DiffView {
    return this._view;
  }

  set view(view: DiffView) {
    this._view = view;
    this._emit();
  }

  /** The change that is in front; -1 before the first step. */
  get active(): number {
    return this._active;
  }

  /** Go to the next (1) or previous (-1) change, around the ends. */
  step(by: 1 | -1): void {
    const count = this.changes.length;
    if (count > 0) {
      this.activate(this._active < 0 && by < 0 ? count - 1 : (this._active + by + count) % count);
    }
  }

  activate(index: number): void {
    if (index !== this._active) {
      this._active = index;
      this._emit();
    }
  }

  /** Look the other way round. */
  swap(): void {
    [this._base, this._head] = [this._head, this._base];
    this._active = -1;
    void this.reload();
  }

  async reload(): Promise<void> {
    this._loading?.abort();
    const loading = (this._loading = new AbortController());
    this._emit();
    try {
      const [comparison, prompt] = await Promise.all([
        this.hub.api.versions.compare(this.promptId, this._base, this._head, loading.signal),
        this.hub.api.prompts.get(this.promptId, loading.signal)
      ]);
      this._comparison = comparison;
      this._name = prompt.name;
      this._error = null;
      this._callers = new Map();
      void this._loadCallers(comparison, loading.signal);
    } catch (thrown) {
      if (isAbort(thrown)) {
        return;
      }
      this._error = asPromptHubError(thrown);
    }
    this._emit();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._loading?.abort();
      Signal.clearData(this);
    }
  }

  private async _loadCallers(comparison: IComparison, signal: AbortSignal): Promise<void> {
    const { versions } = this.hub.api;
    const found = await callersOf(versions, this.promptId, comparison.compatibility, signal);
    if (!signal.aborted && found.size > 0) {
      this._callers = found;
      this._emit();
    }
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _base: string;
  private _head: string;
  private _layout: DiffLayout;
  private _view: DiffView = 'units';
  private _active = -1;
  private _name = '';
  private _callers: ReadonlyMap<string, ICallerList> = new Map();
  private _comparison: IComparison | null = null;
  private _error: PromptHubError | null = null;
  private _loading: AbortController | null = null;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
