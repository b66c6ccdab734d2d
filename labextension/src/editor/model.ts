import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IContent, IEstimate, IExecuteRequest, IProblem, ITool, IVariable } from '../api';
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
import { RunForm } from './runform';
import { Runner } from './runner';
import type { RunSubject } from './runstate';
import { Samples } from './samples';

/** The code of problems with inputs. */
const CONTRACT = 'contract';

/** The tabs beside the source. */
export type Tab = 'run' | 'contract' | 'settings' | 'preview';

/** One open prompt document: its text, what the server says about it, and what was typed into its forms. */
export class PromptModel implements IDisposable {
  constructor(private readonly _options: PromptModel.IOptions) {
    const { hub, context } = _options;
    this.key = parseDrivePath(context.path);
    this.draft = this.key && new DraftModel(hub, this.key);
    this.samples = this.key && new Samples(hub, this.key.promptId);
    const mine = this.key ? { prompt_id: this.key.promptId } : { notebook: context.localPath };
    this.runner = new Runner(hub, mine);
    this.checker = new Checker((body, signal) => hub.api.prompts.check(body, signal));
    this._estimator = new Estimator((runs, signal) => hub.api.execution.estimate(runs, signal));
    this.edits = new FormEdits(hub, context.model.sharedModel, () => this.canWrite);
    this.form = new RunForm(_options.state, () => this._stateId, hub.trans);

    context.model.contentChanged.connect(this._onText, this);
    hub.meChanged.connect(this.refresh, this);
    hub.connectionChanged.connect(this._onConnection, this);
    this.draft?.changed.connect(this.refresh, this);
    this.samples?.changed.connect(this.refresh, this);
    this.runner.changed.connect(this.refresh, this);
    this.checker.changed.connect(this._onChecked, this);
    this._estimator.changed.connect(this.refresh, this);
    this.edits.changed.connect(this.refresh, this);
    this.form.changed.connect(this._onForm, this);
    this.models.changed.connect(this.refresh, this);
    this.room?.storage.changed.connect(this.refresh, this);
    void context.ready.then(() => this._begin());
  }

  /** Which draft; null for a plain file. */
  readonly key: IDraftKey | null;
  readonly draft: DraftModel | null;
  /** Inputs kept with the prompt; null for a plain file. */
  readonly samples: Samples | null;
  readonly runner: Runner;
  readonly checker: Checker;
  readonly edits: FormEdits;
  /** What was typed and picked for runs. */
  readonly form: RunForm;

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

  /** The tools of the newest text that parsed. */
  get tools(): readonly ITool[] {
    return this._tools;
  }

  /** What the newest text that parsed says; null before the first. */
  get content(): IContent | null {
    return this._content;
  }

  /** What was typed into the Run form. */
  get typed(): IFormValues {
    return this.form.typed;
  }

  /** What the Run form gives. */
  get inputs(): IInputs {
    return readInputs(this.variables, this.form.typed);
  }

  /** What Run would send and cost; null while that is not known. */
  get estimate(): IEstimate | null {
    return this._estimator.latest[0] ?? null;
  }

  /** The model picked for runs; empty for the prompt's own. */
  get picked(): string {
    return this.form.picked;
  }

  /** Whether the text may be changed now: roles change, and prompts are archived, while they are open. */
  get canWrite(): boolean {
    if (!this.isReady) {
      return false;
    }
    if (!this.key || !this.hub.me) {
      return this.context.contentsModel?.writable !== false;
    }
    return this.hub.can('prompt:write') && !this.draft?.prompt?.archived;
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
    this.form.set(name, value);
  }

  /** Fill the form with inputs; null: with what was typed before. */
  fill(inputs: { readonly [name: string]: unknown } | null): void {
    this.form.fill(this.variables, inputs);
  }

  pick(model: string): void {
    this.form.pick(model);
  }

  /** Why nothing can be run now; null when it can. */
  get whyNotRun(): string | null {
    const { trans } = this.hub;
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

  /** Run what is in the editor: the text of the draft or file, or the version that it equals. */
  run(): Promise<void> {
    const { values, errors } = this.inputs;
    if (this.whyNotRun !== null || Object.keys(errors).length > 0) {
      this._showErrors = true;
      this.tab = 'run';
      return Promise.resolve();
    }
    this._showErrors = false;
    this.tab = 'run';
    const request = this.request(values);
    const subject: RunSubject =
      request.text === null
        ? { kind: 'version', short: (request.version ?? '').slice(0, SHOWN_DIGITS) }
        : { kind: this.key ? 'draft' : 'file' };
    return this.runner.run(request, subject);
  }

  /** A run of what is in the editor: the text of the draft or file, or the version that it equals. */
  request(inputs: IInputs['values']): IExecuteRequest {
    const model = this.form.picked || null;
    if (!this.key) {
      const caller = { kind: 'editor', notebook: this.context.localPath };
      return { text: this.text, inputs, model, caller };
    }
    const base = this.draft?.draft?.base_sha ?? null;
    return {
      prompt_id: this.key.promptId,
      version: base ?? this.key.branch,
      text: base === null || this.isDirty ? this.text : null,
      inputs,
      model,
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
    this.form.dispose();
    this.checker.dispose();
    this._estimator.dispose();
    this.samples?.dispose();
    this.runner.dispose();
    this.draft?.dispose();
    this.edits.dispose();
    Signal.clearData(this);
  }

  private async _begin(): Promise<void> {
    await this.form.restore();
    if (this._isDisposed) {
      return;
    }
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
      this._tools = checked.tools;
    }
    const fits = checked?.rendered && this.check?.text === this.text;
    this._estimator.ask(fits ? [this.request(this.inputs.values)] : []);
    this._changed.emit();
  }

  private _onConnection(): void {
    if (this.hub.connection === 'connected' && this.checker.error !== null) {
      this._ask();
    }
    this._changed.emit();
  }

  private _onForm(): void {
    this._ask();
    this._changed.emit();
  }

  private _ask(delay?: number): void {
    const { values } = this.inputs;
    this.checker.ask(
      { text: this.text, prompt_id: this.key?.promptId ?? null, inputs: values },
      delay
    );
  }

  private get _stateId(): string {
    return `form:${this.key?.promptId ?? this.context.path}`;
  }

  private _content: IContent | null = null;
  private _variables: readonly IVariable[] = [];
  private _tools: readonly ITool[] = [];
  private _tab: Tab = 'run';
  private _isReady = false;
  private _showErrors = false;
  private _isDisposed = false;
  private readonly _estimator: Estimator;
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
