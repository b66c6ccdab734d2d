import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IBranch, IDraft, IEvent, IPromptDetail, IVersion, PromptHubError } from '../api';
import { asPromptHubError } from '../api';
import type { IDraftKey } from '../drivepath';
import type { IPromptHub } from '../tokens';

/** Events after which a draft's surroundings are looked at anew. */
const KINDS =
  /^(?:prompt\.(?:updated|archived|restored)|version\.created|branch\.\w+|draft\.changed|deployment\.changed)$/;

/** What surrounds the text of a draft: its prompt, its base, the head of its branch, the other branches. */
export class DraftModel implements IDisposable {
  constructor(
    private readonly _hub: IPromptHub,
    readonly key: IDraftKey
  ) {
    _hub.event.connect(this._onEvent, this);
    _hub.connectionChanged.connect(this._onConnection, this);
    void this.refresh();
  }

  /** Null until the server has answered. */
  get prompt(): IPromptDetail | null {
    return this._prompt;
  }

  /** Null until the server has answered; its `text` may be older than the editor's. */
  get draft(): IDraft | null {
    return this._draft;
  }

  get branches(): readonly IBranch[] {
    return this._branches;
  }

  /** The text of the version that the draft began from; null while that is not known. */
  get baseText(): string | null {
    return this._baseText;
  }

  /** Why the newest state could not be had; null when it could. */
  get error(): PromptHubError | null {
    return this._error;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether `text` is not what the base version says. False while the base is not known. */
  isDirty(text: string): boolean {
    return this._baseText !== null && text !== this._baseText;
  }

  /** Ask the server for the newest state. Calls made meanwhile lead to one more round. */
  async refresh(): Promise<void> {
    if (this._running) {
      this._again = true;
      return this._running;
    }
    this._running = this._load();
    try {
      await this._running;
    } finally {
      this._running = null;
    }
    if (this._again && !this._isDisposed) {
      this._again = false;
      await this.refresh();
    }
  }

  /** Save what the room holds as a version. */
  async save(message: string): Promise<IVersion> {
    const { promptId, branch } = this.key;
    const version = await this._hub.api.drafts.save(promptId, branch, { commit_message: message });
    await this.refresh();
    return version;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private async _load(): Promise<void> {
    const { api } = this._hub;
    const { promptId, branch } = this.key;
    try {
      const [prompt, draft, branches] = await Promise.all([
        api.prompts.get(promptId),
        api.drafts.get(promptId, branch),
        api.branches.list(promptId)
      ]);
      const baseText = await this._textOfBase(draft);
      if (this._isDisposed) {
        return;
      }
      this._prompt = prompt;
      this._draft = draft;
      this._branches = branches.items;
      this._baseText = baseText;
      this._baseSha = draft.base_sha;
      this._error = null;
    } catch (error) {
      this._error = asPromptHubError(error);
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private async _textOfBase(draft: IDraft): Promise<string> {
    if (draft.base_sha === null) {
      return '';
    }
    if (!draft.dirty) {
      return draft.text;
    }
    if (draft.base_sha === this._baseSha && this._baseText !== null) {
      return this._baseText;
    }
    return (await this._hub.api.versions.get(draft.prompt_id, draft.base_sha)).text;
  }

  private _onEvent(_: IPromptHub, event: IEvent): void {
    const { ids, kind } = event;
    const isOurs = ids['prompt'] === this.key.promptId && KINDS.test(kind);
    const isOtherDraft = kind === 'draft.changed' && ids['branch'] !== this.key.branch;
    if ((isOurs && !isOtherDraft) || kind === 'resync' || kind === 'workspace.imported') {
      void this.refresh();
    }
  }

  private _onConnection(): void {
    if (this._error && this._hub.connection === 'connected') {
      void this.refresh();
    }
  }

  private _prompt: IPromptDetail | null = null;
  private _draft: IDraft | null = null;
  private _branches: readonly IBranch[] = [];
  private _baseText: string | null = null;
  private _baseSha: string | null = null;
  private _error: PromptHubError | null = null;
  private _running: Promise<void> | null = null;
  private _again = false;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
