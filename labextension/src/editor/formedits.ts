import type { ISharedFile } from '@jupyter/ydoc';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { PromptHubError } from '../api';
import { asPromptHubError } from '../api';
import type { ISchema } from '../contract/types';
import type { IPromptHub } from '../tokens';
import { applyAsStep } from '../assist/textedits';

/** What a declaration says; what is left out stays as it is written when the change is made. */
export interface IDeclaration {
  schema?: ISchema;
  required?: boolean;
  description?: string;
  has_default?: boolean;
  default?: unknown;
  /** Keep of the default and the examples only what is of the type. */
  fitting?: boolean;
}

/** One change of a unit, as a form makes it (`docs/contracts.md`, `POST edit`). */
export type Change =
  | { change: 'set_model'; model: string | null }
  | { change: 'set_parameter'; name: string; value: unknown }
  | { change: 'remove_parameter'; name: string }
  | ({ change: 'put_variable'; name: string } & IDeclaration)
  | { change: 'remove_variable'; name: string }
  | { change: 'add_example'; name: string; value: unknown }
  | { change: 'replace_example'; name: string; value: unknown; to: unknown }
  | { change: 'remove_example'; name: string; value: unknown }
  | ({ change: 'put_output_property'; name: string } & Omit<
      IDeclaration,
      'has_default' | 'default' | 'fitting'
    >)
  | { change: 'rename_output_property'; name: string; to: string }
  | { change: 'remove_output_property'; name: string }
  | { change: 'set_output_format'; format: string | null }
  | { change: 'set_snippet_ref'; name: string; ref: string | null }
  | { change: 'put_tool'; tool: unknown }
  | { change: 'describe_tool'; name: string; description: string }
  | ({ change: 'put_tool_parameter'; tool: string; name: string } & Omit<
      IDeclaration,
      'has_default' | 'default' | 'fitting'
    >)
  | { change: 'rename_tool_parameter'; tool: string; name: string; to: string }
  | { change: 'remove_tool_parameter'; tool: string; name: string }
  | { change: 'remove_tool'; name: string };

/** A change that was not made. */
export interface IRefusal {
  readonly error: PromptHubError;
  /** What was typed in for it; null where nothing is typed. */
  readonly typed: string | null;
}

/** How often edits are computed anew when somebody types meanwhile. */
const ATTEMPTS = 5;

/**
 * Writes what a form changes into the text, byte for byte only where it must.
 *
 * The server computes the edits on a text; they are applied in one step, and only to that very text: when it moved
 * on meanwhile they are computed anew. Changes are made in the order in which they were asked for.
 *
 * Each is asked for at a place of the form, `variable/order/default` for one. A refusal stands there until the place's
 * next change is made, or it is dismissed.
 */
export class FormEdits implements IDisposable {
  constructor(
    private readonly _hub: IPromptHub,
    private readonly _document: ISharedFile,
    /** Whether the text may be changed now. */
    private readonly _canWrite: () => boolean
  ) {}

  /** Why the last change at each place was not made, by place. */
  get refusals(): ReadonlyMap<string, IRefusal> {
    return this._refusals;
  }

  get isBusy(): boolean {
    return this._waiting > 0;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Make a change; resolves when it is in the text, or could not be made (`refusals`). */
  make(place: string, change: Change, typed: string | null = null): Promise<void> {
    return this.attempt(place, () => this._make([change]), typed);
  }

  /** Do work that changes the text, in its turn; why it fails stands at the place. */
  attempt(place: string, work: () => Promise<void>, typed: string | null = null): Promise<void> {
    this._waiting += 1;
    this._changed.emit();
    this._last = this._last.then(async () => {
      try {
        await work();
        this._forget(place);
      } catch (error) {
        this._refusals.set(place, { error: asPromptHubError(error), typed });
      }
      this._waiting -= 1;
      if (!this._isDisposed) {
        this._changed.emit();
      }
    });
    return this._last;
  }

  /** Say no more about the last change at a place. */
  dismiss(place: string): void {
    if (this._refusals.delete(place)) {
      this._changed.emit();
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  /** What is refused at a place, and at places within it, is said no more. */
  private _forget(place: string): void {
    for (const each of [...this._refusals.keys()]) {
      if (each === place || each.startsWith(`${place}/`)) {
        this._refusals.delete(each);
      }
    }
  }

  private async _make(changes: readonly Change[]): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS && !this._isDisposed; attempt++) {
      const text = this._document.getSource();
      const { edits } = await this._hub.api.prompts.edit({ text, changes: [...changes] });
      if (this._isDisposed) {
        return;
      }
      if (!this._canWrite()) {
        throw new Error(this._hub.trans.__('This prompt is read only now; nothing was changed.'));
      }
      if (applyAsStep(this._document, text, edits)) {
        return;
      }
    }
    throw new Error(this._hub.trans.__('Somebody is typing; nothing was changed. Try again.'));
  }

  private _last: Promise<void> = Promise.resolve();
  private readonly _refusals = new Map<string, IRefusal>();
  private _waiting = 0;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
