import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IBranch, IEvent, IMerge, ISeenConflict, IShownConflict, IVersion } from '../api';
import { asPromptHubError, isAbort, PromptHubError } from '../api';
import type { Choice, IConflictItem, IConflictStore } from '../conflict/decider';
import { Decider } from '../conflict/decider';
import type { IPromptHub } from '../tokens';

/** Events that come together are answered together. */
const REST_MS = 200;

export interface IMergeOptions {
  promptId: string;
  /** The branch that is merged; chosen when it is known which there are. */
  source: string | null;
  target: string | null;
}

/** What was decided here about a conflict that said this. */
interface IDecided {
  readonly choice: Choice;
  readonly conflict: IShownConflict;
  readonly at: string;
}

/** A merge of two branches, as the server says it would come out, and what a person has decided. */
export class MergeModel implements IConflictStore, IDisposable {
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
  readonly decider = new Decider(this, () => this._emit());
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

  /** All conflicts, also those that are decided. */
  get items(): readonly IConflictItem[] {
    const me = this.hub.me?.actor;
    return [...this._conflicts.values()].map(conflict => {
      const { id } = conflict;
      const decided = this._decided.get(id);
      const lapsed = decided ? undefined : this._lapsed.get(id);
      return {
        id,
        conflict,
        decision: decided ? { choice: decided.choice, by: null, at: null } : null,
        lapsed:
          lapsed && me
            ? {
                resolution: { id, pick: null, picks: null, text: null, ...lapsed.choice },
                by: me,
                at: lapsed.at,
                applies: false,
                decision: '',
                conflict: lapsed.conflict,
                changes: []
              }
            : null,
        token: null,
        isGone: false
      };
    });
  }

  /** Why it could not be read, or was not merged; the latter until something else is done here. */
  get error(): PromptHubError | null {
    return this._error ?? this._refusal;
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
    this._decided.clear();
    this._lapsed.clear();
    this._conflicts.clear();
    this.decider.clear();
    this._merged = null;
    this._result = null;
    this._refusal = null;
    void this.load();
  }

  /** Decide a conflict, if the server can make a prompt of it. */
  async decide(id: string, choice: Choice, seen: ISeenConflict): Promise<void> {
    const conflict = this._conflicts.get(id);
    if (!conflict || conflict.digest !== seen.digest) {
      throw new PromptHubError(
        this.hub.trans.__('This conflict says something else now.'),
        'stale_head',
        409
      );
    }
    const others = this._resolutions().filter(each => each.id !== id);
    await this.hub.api.branches.previewMerge(this.promptId, {
      ...this._sides(),
      resolutions: [...others, { id, ...choice }]
    });
    this._decided.set(id, { choice, conflict, at: new Date().toISOString() });
    this._lapsed.delete(id);
    this._refusal = null;
    await this.load();
  }

  async takeBack(id: string): Promise<void> {
    this._decided.delete(id);
    this._refusal = null;
    await this.load();
  }

  /** Ask the server what it would come to. */
  load(): Promise<void> {
    return (this._reading = this._load());
  }

  private async _load(): Promise<void> {
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
        this._take(await this._settled(signal));
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

  /**
   * Merge what is shown, when what is being read has been; if either branch has moved since, nothing is done and the
   * new state is shown.
   */
  async merge(): Promise<IVersion | null> {
    const { _result: seen } = this;
    for (let read: Promise<void> | null = null; read !== this._reading;) {
      read = this._reading;
      await read;
    }
    const { _result: now } = this;
    const isTheSame = now?.source_sha === seen?.source_sha && now?.target_sha === seen?.target_sha;
    if (!this.canMerge || !seen || !isTheSame) {
      return null;
    }
    this._isBusy = true;
    this._refusal = null;
    this._emit();
    let problem: PromptHubError | null = null;
    try {
      const made = await this.hub.api.branches.merge(this.promptId, {
        ...this._sides(),
        resolutions: this._resolutions(),
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
      // the event of what was in the way may come later, and what it brings is read without taking the reason away
      this._refusal = problem;
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

  private _sides() {
    return { source: this._source, target: this._target };
  }

  private _resolutions() {
    return [...this._decided].map(([id, { choice }]) => ({ id, ...choice }));
  }

  /** What it comes to with the decisions about conflicts that still say the same; the others are open again. */
  private async _settled(signal: AbortSignal): Promise<IMerge> {
    const held = new Map<string, Choice>();
    for (;;) {
      const result = await this.hub.api.branches.previewMerge(
        this.promptId,
        {
          ...this._sides(),
          resolutions: [...held].map(([id, choice]) => ({ id, ...choice }))
        },
        signal
      );
      // some come up only when others are decided
      const fresh = result.conflicts.filter(
        ({ id, digest }) => !held.has(id) && this._decided.get(id)?.conflict.digest === digest
      );
      if (fresh.length === 0) {
        for (const [id, decided] of this._decided) {
          if (!held.has(id)) {
            this._decided.delete(id);
            this._lapsed.set(id, decided);
          }
        }
        return result;
      }
      for (const { id } of fresh) {
        held.set(id, this._decided.get(id)!.choice);
      }
    }
  }

  private _take(result: IMerge): void {
    this._result = result;
    // a conflict that is gone without a decision is gone
    for (const id of this._conflicts.keys()) {
      if (!this._decided.has(id)) {
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
  private _refusal: PromptHubError | null = null;
  private _isBusy = false;
  private _loading: AbortController | null = null;
  /** What was asked for last. */
  private _reading: Promise<void> | null = null;
  private readonly _decided = new Map<string, IDecided>();
  private readonly _lapsed = new Map<string, IDecided>();
  private readonly _conflicts = new Map<string, IShownConflict>();
  private readonly _soon: Debouncer;
  private readonly _changed = new Signal<this, void>(this);
}
