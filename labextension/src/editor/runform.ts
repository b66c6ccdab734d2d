import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IVariable } from '../api';
import { keep, recall } from '../components/kept';
import type { IFormValues } from './inputs';
import { asTyped, controlOf } from './inputs';

const STORE_DELAY_MS = 500;

interface IKept {
  inputs?: IFormValues;
  model?: string;
}

/** What was typed and picked for runs of one prompt; kept in the browser's workspace. */
export class RunForm implements IDisposable {
  constructor(
    private readonly _state: IStateDB | null,
    private readonly _stateId: () => string,
    private readonly _trans: TranslationBundle
  ) {
    this._keep = new Debouncer(() => this._store(), STORE_DELAY_MS);
  }

  /** What was typed, by variable. */
  get typed(): IFormValues {
    return this._typed;
  }

  /** The model picked; empty for the prompt's own. */
  get picked(): string {
    return this._picked;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Take what was kept, where nothing has been typed meanwhile. */
  async restore(): Promise<void> {
    const lost = this._trans.__(
      'What you had typed in for runs of this prompt could not be read; the form begins empty.'
    );
    const kept = (await recall(this._state, this._stateId(), lost)) as IKept | undefined;
    this._typed = { ...kept?.inputs, ...this._typed };
    this._picked = this._picked || (kept?.model ?? '');
  }

  set(name: string, value: string | undefined): void {
    const typed: { [name: string]: string } = { ...this._typed };
    if (value === undefined) {
      delete typed[name];
    } else {
      typed[name] = value;
    }
    this._take(typed);
  }

  /** Fill the fields of inputs, and empty the others; null: what was typed before they were filled. */
  fill(variables: readonly IVariable[], inputs: { readonly [name: string]: unknown } | null): void {
    if (inputs === null) {
      const before = this._typedBefore ?? this._typed;
      this._typedBefore = null;
      this._take(before);
      return;
    }
    this._typedBefore ??= this._typed;
    this._take(
      Object.fromEntries(
        variables
          .filter(({ name }) => name in inputs)
          .map(variable => [variable.name, asTyped(inputs[variable.name], controlOf(variable))])
      )
    );
  }

  pick(model: string): void {
    this._picked = model;
    this._take(this._typed);
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._keep.dispose();
      if (!this._isKept) {
        void this._store();
      }
      Signal.clearData(this);
    }
  }

  private _take(typed: IFormValues): void {
    this._typed = typed;
    this._isKept = false;
    void this._keep.invoke();
    this._changed.emit();
  }

  private async _store(): Promise<void> {
    this._isKept = true;
    await keep(this._state, this._stateId(), { inputs: { ...this._typed }, model: this._picked });
  }

  private _typed: IFormValues = {};
  private _typedBefore: IFormValues | null = null;
  private _picked = '';
  private _isKept = true;
  private _isDisposed = false;
  private readonly _keep: Debouncer;
  private readonly _changed = new Signal<this, void>(this);
}
