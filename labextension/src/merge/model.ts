import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type {
  IBranch,
  IConflict,
  IConflictResolution,
  IEvent,
  IMerge,
  IVersion,
  PromptHubError
} from '../api';
import { asPromptHubError, isAbort } from '../api';
import type { IPromptHub } from '../tokens';

/** Events that come together are answered together. */
const REST_MS = 200;

/** What a person takes for a conflict. */
export type Pick = NonNullable<IConflictResolution['pick']>;

export interface IMergeOptions {
  promptId: string;
  /** The branch that is merged; chosen when it is known which there are. */
  source: string | null;
  target: string | null;
}

/** A merge of two branches, as the server says it would come out, and what a person has decided. */
export class MergeModel implements IDisposable {
  constructor(
    readonly hub: IPromptHub,
    options: IMergeOptions,
    /** Runs a command, by id. */
    readonly run: (command: string, args: ReadonlyPartialJSONObject) => void,
    restMs = REST_MS
  ) {
    this.promptId = options.promptId;
    this._source = options.source ?? '';
    this._target = options.target ?? '';
    this._soon = new Debouncer(() => this.load(), restMs);
    hub.event.connect(this._onEvent, this);
    void this.load();
  }

  readonly promptId: string;
  message = '';

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._soon.isDisposed;
  }

  /** The prompt's name; empty until it is known. */
  get name(): string {
    return this._name;
  }

  get branches(): readonly IBranch[] {
    return this._branches;
  }

  get source(): string {
    return this._source;
  }

  get target(): string {
    return this._target;
  }

  /** What the server says of it; null until it has. */
  get result(): IMerge | null {
    return this._result;
  }

  /** All conflicts, also those that are decided, in the order in which they came up. */
  get conflicts(): readonly IConflict[] {
    return [...this._conflicts.values()];
  }

  pickOf(conflict: IConflict): Pick | null {
    return this._picks.get(conflict.id) ?? null;
  }

  get error(): PromptHubError | null {
    return this._error;
  }

  /** What was merged here; null before. */
  get merged(): IVersion | null {
    return this._merged;
  }

  get isBusy(): boolean {
    return this._isBusy;
  }

  get canMerge(): boolean {
    const state = this._result?.state;
    return !this._isBusy && !this._merged && (state === 'ready' || state === 'fast_forward');
  }

  /** Merge another branch, or into another one; what was decided is of another merge. */
  choose(source: string, target: string): void {
    this._source = source;
    this._target = target;
    this.startAgain();
  }

  /** Forget what was decided. */
  startAgain(): void {
    this._picks.clear();
    this._conflicts.clear();
    this._merged = null;
    this._result = null;
    void this.load();
  }

  pick(conflict: IConflict, pick: Pick): void {
    this._picks.set(conflict.id, pick);
    void this.load();
  }

  /** Ask the server what it would come to. */
  async load(): Promise<void> {
    if (this.isDisposed || this._merged) {
      return;
    }
    this._loading?.abort();
    const { signal } = (this._loading = new AbortController());
    this._isBusy = true;
    this._emit();
    try {
      const { api } = this.hub;
      const [prompt, { items }] = await Promise.all([
        api.prompts.get(this.promptId, signal),
        api.branches.list(this.promptId, signal)
      ]);
      this._name = prompt.name;
      this._branches = items;
      this._target ||= items[0]?.name ?? '';
      this._source ||= items.find(each => each.name !== this._target)?.name ?? '';
      this._error = null;
      if (this._source && this._source !== this._target) {
        this._take(await api.branches.previewMerge(this.promptId, this._query(), signal));
      } else {
        this._result = null;
      }
    } catch (thrown) {
      if (isAbort(thrown)) {
        return;
      }
      this._error = asPromptHubError(thrown);
    }
    this._isBusy = false;
    this._emit();
  }

  /** Merge what is shown; if either branch has moved since, nothing is done and the new state is shown. */
  async merge(): Promise<IVersion | null> {
    const { _result: seen } = this;
    if (!this.canMerge || !seen) {
      return null;
    }
    this._isBusy = true;
    this._emit();
    let problem: PromptHubError | null = null;
    try {
      const made = await this.hub.api.branches.merge(this.promptId, {
        ...this._query(),
        commit_message: this.message.trim(),
        expected_head: seen.target_sha,
        expected_source: seen.source_sha
      });
      this._take(made);
      this._merged = made.version;
    } catch (thrown) {
      problem = asPromptHubError(thrown);
    }
    this._isBusy = false;
    if (problem) {
      await this.load();
      this._error = problem;
    }
    this._emit();
    return this._merged;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._soon.dispose();
      this._loading?.abort();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _query() {
    const resolutions = [...this._picks].map(([id, pick]) => ({ id, pick }));
    return { source: this._source, target: this._target, resolutions };
  }

  private _take(result: IMerge): void {
    this._result = result;
    // a conflict that is gone without a decision is gone
    for (const id of this._conflicts.keys()) {
      if (!this._picks.has(id)) {
        this._conflicts.delete(id);
      }
    }
    for (const conflict of result.conflicts) {
      this._conflicts.set(conflict.id, conflict);
    }
  }

  private _onEvent(_: IPromptHub, event: IEvent): void {
    const [noun] = event.kind.split('.', 1);
    const isOurs = event.ids['prompt'] === undefined || event.ids['prompt'] === this.promptId;
    if (isOurs && noun !== 'execution' && noun !== 'draft') {
      void this._soon.invoke().catch(() => undefined);
    }
  }

  private _emit(): void {
    if (!this.isDisposed) {
      this._changed.emit();
    }
  }

  private _source: string;
  private _target: string;
  private _name = '';
  private _branches: readonly IBranch[] = [];
  private _result: IMerge | null = null;
  private _merged: IVersion | null = null;
  private _error: PromptHubError | null = null;
  private _isBusy = false;
  private _loading: AbortController | null = null;
  private readonly _picks = new Map<string, Pick>();
  private readonly _conflicts = new Map<string, IConflict>();
  private readonly _soon: Debouncer;
  private readonly _changed = new Signal<this, void>(this);
}
