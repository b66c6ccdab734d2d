import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import { Debouncer } from '@lumino/polling';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IContent, IEstimate, IExecuteRequest, IProblem, IVariable } from '../api';
import { SHOWN_DIGITS } from '../components/sha';
import type { IDraftKey } from '../drivepath';
import { parseDrivePath } from '../drivepath';
import type { Room } from '../drive/room';
import type { IPromptHub } from '../tokens';
import type { ICheck } from './checker';
import { Checker } from './checker';
import { DraftModel } from './draft';
import { Estimator } from './estimator';
import { FormEdits } from './formedits';
import type { IFormValues, IInputs } from './inputs';
import { readInputs } from './inputs';
import type { ModelCatalog } from './models';
import { Runner } from './runner';
import type { RunSubject } from './runstate';

const STORE_DELAY_MS = 500;

/** The code of problems with inputs. */
const CONTRACT = 'contract';

/** The tabs beside the source. */
export type Tab = 'run' | 'contract' | 'settings' | 'preview';

interface IKept {
  inputs?: IFormValues;
  model?: string;
}

/** One open prompt document: its text, what the server says about it, and what was typed into its forms. */
export class PromptModel implements IDisposable {
  constructor(private readonly _options: PromptModel.IOptions) {
    const { hub, context } = _options;
    this.key = parseDrivePath(context.path);
    this.draft = this.key && new DraftModel(hub, this.key);
    this.runner = new Runner(hub, this.key?.promptId ?? null);
    this.checker = new Checker((body, signal) => hub.api.prompts.check(body, signal));
    this._estimator = new Estimator((runs, signal) => hub.api.execution.estimate(runs, signal));
    this.edits = new FormEdits(hub, context.model.sharedModel);
    this._keep = new Debouncer(() => this._store(), STORE_DELAY_MS);

    context.model.contentChanged.connect(this._onText, this);
    hub.meChanged.connect(this._emit, this);
    hub.connectionChanged.connect(this._onConnection, this);
    this.draft?.changed.connect(this._emit, this);
    this.runner.changed.connect(this._emit, this);
    this.checker.changed.connect(this._onChecked, this);
    this._estimator.changed.connect(this._emit, this);
    this.edits.changed.connect(this._emit, this);
    this.models.changed.connect(this._emit, this);
    this.room?.storage.changed.connect(this._emit, this);
    void context.ready.then(() => this._begin());
  }

  /** Which draft; null for a plain file. */
  readonly key: IDraftKey | null;
  readonly draft: DraftModel | null;
  readonly runner: Runner;
  readonly checker: Checker;
  readonly edits: FormEdits;

  get hub(): IPromptHub {
    return this._options.hub;
  }

  get context(): DocumentRegistry.CodeContext {
    return this._options.context;
  }

  get models(): ModelCatalog {
    return this._options.models;
  }

  get room(): Room | null {
    return this._options.room;
  }

  /** Anything that is shown has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The text as it is in the editor. */
  get text(): string {
    return this.context.model.sharedModel.getSource();
  }

  /** The newest check; null before the first. */
  get check(): ICheck | null {
    return this.checker.latest;
  }

  get problems(): readonly IProblem[] {
    return this.check?.checked.problems ?? [];
  }

  /** Those of the text itself; inputs that are missing or do not fit are told in the Run form. */
  get textProblems(): readonly IProblem[] {
    return this.problems.filter(problem => problem.code !== CONTRACT);
  }

  /** The first error of the text; null when it can be saved and run. */
  get firstError(): IProblem | null {
    return this.textProblems.find(problem => problem.severity === 'error') ?? null;
  }

  /** Of the newest text that parsed, so that forms stay while something is being typed. */
  get variables(): readonly IVariable[] {
    return this._variables;
  }

  /** What the newest text that parsed says; null before the first. */
  get content(): IContent | null {
    return this._content;
  }

  /** What was typed into the Run form. */
  get typed(): IFormValues {
    return this._typed;
  }

  /** What the Run form gives. */
  get inputs(): IInputs {
    return readInputs(this.variables, this._typed);
  }

  /** What Run would send and cost; null while that is not known. */
  get estimate(): IEstimate | null {
    return this._estimator.latest[0] ?? null;
  }

  /** The model picked for runs; empty for the prompt's own. */
  get picked(): string {
    return this._picked;
  }

  get canWrite(): boolean {
    return this.context.contentsModel?.writable !== false && this.isReady;
  }

  get isReady(): boolean {
    return this._isReady;
  }

  /** Whether the text is not (yet) a version. False for a plain file. */
  get isDirty(): boolean {
    return this.draft?.isDirty(this.text) ?? false;
  }

  get tab(): Tab {
    return this._tab;
  }

  set tab(tab: Tab) {
    this._tab = tab;
    this._changed.emit();
  }

  /** Render again. */
  refresh(): void {
    this._changed.emit();
  }

  setInput(name: string, value: string | undefined): void {
    const typed: { [name: string]: string } = { ...this._typed };
    if (value === undefined) {
      delete typed[name];
    } else {
      typed[name] = value;
    }
    this._typed = typed;
    this._afterTyping();
  }

  pick(model: string): void {
    this._picked = model;
    this._afterTyping();
  }

  /** Why nothing can be run now; null when it can. */
  get whyNotRun(): string | null {
    const { trans } = this.hub;
    if (!this.key) {
      return trans.__('Add this file to the library to run it.');
    }
    if (this.hub.me && !this.hub.can('prompt:execute')) {
      return trans.__('Your role may not run prompts.');
    }
    if (this.firstError) {
      return trans.__(
        'Line %1, column %2: %3',
        this.firstError.line,
        this.firstError.column,
        this.firstError.message
      );
    }
    return null;
  }

  /** Run what is in the editor: the draft's text, or the version that it equals. */
  run(): Promise<void> {
    const { values, errors } = this.inputs;
    if (!this.key || this.whyNotRun !== null || Object.keys(errors).length > 0) {
      this._showErrors = true;
      this.tab = 'run';
      return Promise.resolve();
    }
    this._showErrors = false;
    this.tab = 'run';
    const request = this.request(this.key.promptId, values);
    const subject: RunSubject =
      request.text !== null
        ? { kind: 'draft' }
        : { kind: 'version', short: (request.version ?? '').slice(0, SHOWN_DIGITS) };
    return this.runner.run(request, subject);
  }

  /** A run of what is in the editor: the draft's text, or the version that it equals. */
  request(promptId: string, inputs: IInputs['values']): IExecuteRequest {
    const base = this.draft?.draft?.base_sha ?? null;
    return {
      prompt_id: promptId,
      version: base ?? this.key?.branch ?? 'latest',
      text: base === null || this.isDirty ? this.text : null,
      inputs,
      model: this._picked || null,
      caller: { kind: 'editor' }
    };
  }

  /** Whether to point out what is missing in the Run form. */
  get showErrors(): boolean {
    return this._showErrors;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._keep.dispose();
    this.checker.dispose();
    this._estimator.dispose();
    this.runner.dispose();
    this.draft?.dispose();
    this.edits.dispose();
    Signal.clearData(this);
  }

  private async _begin(): Promise<void> {
    const kept = (await this._options.state?.fetch(this._stateId)) as IKept | undefined;
    if (this._isDisposed) {
      return;
    }
    this._typed = { ...kept?.inputs, ...this._typed };
    this._picked = this._picked || (kept?.model ?? '');
    this._isReady = true;
    this._ask(0);
    this._changed.emit();
  }

  private _onText(): void {
    if (this._isReady) {
      this._ask();
      this._changed.emit();
    }
  }

  private _onChecked(): void {
    const checked = this.check?.checked;
    if (checked?.content) {
      this._content = checked.content;
      this._variables = checked.variables;
    }
    const fits = this.key && checked?.rendered && this.check?.text === this.text;
    this._estimator.ask(fits ? [this.request(this.key.promptId, this.inputs.values)] : []);
    this._changed.emit();
  }

  private _onConnection(): void {
    if (this.hub.connection === 'connected' && this.checker.error !== null) {
      this._ask();
    }
    this._changed.emit();
  }

  private _afterTyping(): void {
    this._ask();
    void this._keep.invoke();
    this._changed.emit();
  }

  private _ask(delay?: number): void {
    const { values } = this.inputs;
    this.checker.ask(
      { text: this.text, prompt_id: this.key?.promptId ?? null, inputs: values },
      delay
    );
  }

  private _emit(): void {
    this._changed.emit();
  }

  private async _store(): Promise<void> {
    const kept = { inputs: { ...this._typed }, model: this._picked };
    await this._options.state?.save(this._stateId, kept);
  }

  private get _stateId(): string {
    return `prompthub:form:${this.key?.promptId ?? this.context.path}`;
  }

  private _content: IContent | null = null;
  private _variables: readonly IVariable[] = [];
  private _typed: IFormValues = {};
  private _picked = '';
  private _tab: Tab = 'run';
  private _isReady = false;
  private _showErrors = false;
  private _isDisposed = false;
  private readonly _estimator: Estimator;
  private readonly _keep: Debouncer;
  private readonly _changed = new Signal<this, void>(this);
}

export namespace PromptModel {
  export interface IOptions {
    hub: IPromptHub;
    context: DocumentRegistry.CodeContext;
    models: ModelCatalog;
    /** Where form values are kept; null: nowhere. */
    state: IStateDB | null;
    /** The room of a draft; null for a plain file. */
    room: Room | null;
  }
}
