import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IActorRef, ICovered, IEvent, IProtection, PromptHubError } from '../../api';
import { asPromptHubError, isAbort } from '../../api';
import type { IPromptHub } from '../../tokens';
import type { IDraftProtection } from './rules';
import { draftOf } from './rules';

/** What is typed quickly is asked about once. */
const REST_MS = 250;

/** One protection while it is written; `id` is null for a new one. */
export interface IEditing {
  readonly id: string | null;
  readonly draft: IDraftProtection;
  /** Why the server refused it, by field (`rules.owners.0.name`); `''`: as a whole. */
  readonly problems: { readonly [field: string]: string };
  readonly isSaving: boolean;
  /** Somebody else changed (or removed) it meanwhile. */
  readonly isStale: boolean;
  /** Something was written. */
  readonly isTouched: boolean;
}

/** The protections of the workspace, and the one that is being written. */
export class ProtectionsModel implements IDisposable {
  constructor(
    readonly hub: IPromptHub,
    restMs = REST_MS
  ) {
    this._soon = new Debouncer(() => this._cover(), restMs);
    hub.event.connect(this._onEvent, this);
    hub.meChanged.connect(this._emit, this);
    void this.reload();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._soon.isDisposed;
  }

  get mayWrite(): boolean {
    return this.hub.can('protection:write');
  }

  /** Null until they are known. */
  get protections(): readonly IProtection[] | null {
    return this._protections;
  }

  /** Those whom a rule may name. */
  get people(): readonly IActorRef[] {
    return this._people;
  }

  get error(): PromptHubError | null {
    return this._error;
  }

  get editing(): IEditing | null {
    return this._editing;
  }

  /** What the patterns of the one that is written hold for; null while that is not known. */
  get covered(): ICovered | null {
    return this._covered;
  }

  /** Why that cannot be said. */
  get coveredProblem(): string | null {
    return this._coveredProblem;
  }

  async reload(): Promise<void> {
    const request = ++this._asks;
    try {
      const [{ items }, { items: people }] = await Promise.all([
        this.hub.api.protections.list(),
        this.hub.api.reviews.reviewers()
      ]);
      if (request !== this._asks) {
        return;
      }
      this._compare(items);
      this._protections = items;
      this._people = people.map(({ actor }) => actor);
      this._error = null;
    } catch (thrown) {
      if (request !== this._asks) {
        return;
      }
      this._error = asPromptHubError(thrown);
    }
    this._emit();
  }

  /** Write a new one, or change one. */
  edit(protection: IProtection | null, prompts = '*'): void {
    const draft = draftOf(protection ?? { prompts, rules: { approvals: 1 } });
    this._editing = {
      id: protection?.id ?? null,
      draft,
      problems: {},
      isSaving: false,
      isStale: false,
      isTouched: false
    };
    this._covered = null;
    this._coveredProblem = null;
    this._emit();
    void this._cover();
  }

  /** What was written in a form. */
  write(change: Partial<IDraftProtection>): void {
    if (!this._editing) {
      return;
    }
    const draft = { ...this._editing.draft, ...change };
    this._editing = { ...this._editing, draft, problems: {}, isTouched: true };
    this._emit();
    if ('prompts' in change || 'branch' in change) {
      void this._soon.invoke();
    }
  }

  cancel(): void {
    this._editing = null;
    this._emit();
  }

  /** Keep what was written; says whether the server took it. */
  async save(): Promise<boolean> {
    const now = this._editing;
    if (!now || now.isSaving) {
      return false;
    }
    this._editing = { ...now, isSaving: true, problems: {} };
    this._emit();
    const { protections } = this.hub.api;
    try {
      await (now.id ? protections.update(now.id, now.draft) : protections.create(now.draft));
      this._editing = null;
    } catch (thrown) {
      this._editing = { ...now, isSaving: false, problems: problemsOf(asPromptHubError(thrown)) };
      this._emit();
      return false;
    }
    await this.reload();
    return true;
  }

  async remove(id: string): Promise<void> {
    await this.hub.api.protections.delete(id);
    if (this._editing?.id === id) {
      this._editing = null;
    }
    await this.reload();
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._soon.dispose();
      this._covering?.abort();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private async _cover(): Promise<void> {
    const now = this._editing;
    if (!now || this.isDisposed) {
      return;
    }
    this._covering?.abort();
    const { signal } = (this._covering = new AbortController());
    try {
      const { prompts, branch } = now.draft;
      this._covered = await this.hub.api.protections.covered({ prompts, branch }, signal);
      this._coveredProblem = null;
    } catch (thrown) {
      if (isAbort(thrown)) {
        return;
      }
      this._covered = null;
      this._coveredProblem = asPromptHubError(thrown).message;
    }
    this._emit();
  }

  /** Whether the one that is being written is another one now. */
  private _compare(items: readonly IProtection[]): void {
    const id = this._editing?.id;
    if (this._editing && id && !this._editing.isSaving) {
      const find = (some: readonly IProtection[] | null) => some?.find(each => each.id === id);
      if (find(this._protections)?.updated_at !== find(items)?.updated_at) {
        this._editing = { ...this._editing, isStale: true };
      }
    }
  }

  private _onEvent(_: IPromptHub, { kind }: IEvent): void {
    if (kind === 'protection.changed' || kind === 'resync' || kind.startsWith('member.')) {
      void this.reload();
    } else if (/^(prompt|branch)\./.test(kind) && this._editing) {
      void this._soon.invoke();
    }
  }

  private _emit(): void {
    if (!this.isDisposed) {
      this._changed.emit();
    }
  }

  /** How often they were asked for: only the newest answer counts. */
  private _asks = 0;
  private _protections: readonly IProtection[] | null = null;
  private _people: readonly IActorRef[] = [];
  private _error: PromptHubError | null = null;
  private _editing: IEditing | null = null;
  private _covered: ICovered | null = null;
  private _coveredProblem: string | null = null;
  private _covering: AbortController | null = null;
  private readonly _soon: Debouncer;
  private readonly _changed = new Signal<this, void>(this);
}

/** What the server says of each field; of none: its message, as a whole. */
export function problemsOf(error: PromptHubError): { [field: string]: string } {
  const fields = error.details['fields'];
  const found: { [field: string]: string } = {};
  for (const each of Array.isArray(fields) ? fields : []) {
    const { path, message } = each as { path?: unknown; message?: unknown };
    if (typeof path === 'string' && typeof message === 'string') {
      found[path] = message;
    }
  }
  return Object.keys(found).length > 0 ? found : { '': error.message };
}
