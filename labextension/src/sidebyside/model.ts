import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IEstimate, IEvent, IExecuteRequest, IVersionSummary } from '../api';
import { keep, recall } from '../components/kept';
import { SHOWN_DIGITS } from '../components/sha';
import { Estimator } from '../editor/estimator';
import type { PromptModel } from '../editor/model';
import { isRunning } from '../editor/runstate';
import type { IPromptHub } from '../tokens';
import type { IChoice } from './columns';
import { choicesOf, Column, LEAST, MOST } from './columns';
import { Marking } from './marking';

/** How many versions can be chosen from. */
const VERSIONS = 50;
const ESTIMATE_DELAY_MS = 250;

/** Runs of one prompt beside each other: several models, several versions, or the draft and a version. */
export class SideBySide implements IDisposable {
  constructor(private readonly _options: SideBySide.IOptions) {
    const { prompt } = _options;
    this._estimator = new Estimator(
      (runs, signal) => this.hub.api.execution.estimate(runs, signal),
      ESTIMATE_DELAY_MS
    );
    this._marking = new Marking(this.hub.api);
    this._estimator.changed.connect(this._onEstimate, this);
    prompt.changed.connect(this._onPrompt, this);
    this.hub.event.connect(this._onEvent, this);
    void this._begin();
  }

  get prompt(): PromptModel {
    return this._options.prompt;
  }

  get hub(): IPromptHub {
    return this.prompt.hub;
  }

  get columns(): readonly Column[] {
    return this._columns;
  }

  /** The versions that can be chosen, newest first. */
  get versions(): readonly IVersionSummary[] {
    return this._versions;
  }

  /** The column that the others are compared with. */
  get baseline(): Column | null {
    return this._columns.find(({ id }) => id === this._baseline) ?? this._columns[0] ?? null;
  }

  /** Whether the words that differ are marked. */
  get showsMarks(): boolean {
    return this._showsMarks;
  }

  set showsMarks(shows: boolean) {
    this._showsMarks = shows;
    this._changed.emit();
  }

  get isBusy(): boolean {
    return this._columns.some(({ isBusy }) => isBusy);
  }

  get estimates(): readonly IEstimate[] {
    return this._columns.flatMap(({ estimate }) => (estimate ? [estimate] : []));
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** One more column, like the last one but on another model where there is one. */
  add(): void {
    if (this._columns.length < MOST) {
      const last = this._columns[this._columns.length - 1]?.choice ?? { version: '', model: '' };
      this._push({ ...last, model: this._unusedModel() ?? last.model });
      this._afterChoice();
    }
  }

  remove(column: Column): void {
    if (this._columns.length > LEAST) {
      this._columns = this._columns.filter(each => each !== column);
      column.dispose();
      this._afterChoice();
      void this._mark();
    }
  }

  /** Choose what a column runs. The answer of what it ran before stays until the next run. */
  choose(column: Column, choice: Partial<IChoice>): void {
    column.choice = { ...column.choice, ...choice };
    column.estimate = null;
    this._afterChoice();
  }

  compareWith(column: Column): void {
    this._baseline = column.id;
    this._changed.emit();
    void this._mark();
  }

  /** Why a column cannot run now; null when it can (as far as is known). */
  whyNot(column: Column): string | null {
    const mayNot = this.hub.me !== null && !this.hub.can('prompt:execute');
    if (mayNot || column.choice.version === '') {
      const { whyNotRun } = this.prompt;
      if (whyNotRun !== null) {
        return whyNotRun;
      }
    }
    return column.estimate?.refusal?.message ?? null;
  }

  /** Run every column that can; a few at a time. */
  runAll(): void {
    for (const column of this._columns) {
      this.run(column, false);
    }
    this._pump();
  }

  run(column: Column, now = true): void {
    if (!column.isBusy && this.whyNot(column) === null) {
      column.isQueued = true;
      column.marks = null;
    }
    if (now) {
      this._pump();
    }
  }

  stop(column: Column): void {
    column.isQueued = false;
    if (isRunning(column.state)) {
      column.runner.cancel();
    }
    this._changed.emit();
  }

  stopAll(): void {
    this._columns.forEach(column => (column.isQueued = false));
    this._columns.forEach(column => this.stop(column));
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._estimator.dispose();
      this._marking.stop();
      this._columns.forEach(column => column.dispose());
      Signal.clearData(this);
    }
  }

  private async _begin(): Promise<void> {
    const { trans } = this.hub;
    const kept = await recall(
      this._options.state,
      this._stateId,
      trans.__('The columns that you had chosen could not be read; they begin anew.')
    );
    await this._loadVersions();
    if (this._isDisposed) {
      return;
    }
    const choices = choicesOf(kept).slice(0, MOST - this._columns.length);
    if (choices.length >= LEAST) {
      choices.forEach(choice => this._push(choice));
    } else {
      this._push({ version: '', model: this.prompt.picked });
      const other = this._unusedModel();
      const head = this.prompt.draft?.draft?.head_sha ?? '';
      this._push(
        this.prompt.isDirty || other === null
          ? { version: head, model: this.prompt.picked }
          : { version: '', model: other }
      );
    }
    this._afterChoice();
  }

  /** A model that is ready and that no column uses; null when there is none. */
  private _unusedModel(): string | null {
    const { models, content } = this.prompt;
    const used = this._columns.map(
      ({ choice }) => choice.model || content?.model || models.default
    );
    return models.items.find(({ ready, ref }) => ready && !used.includes(ref))?.ref ?? null;
  }

  private _push(choice: IChoice): void {
    const column = new Column(this.hub, this._next++, choice);
    column.runner.changed.connect(() => this._onRun(column));
    this._columns = [...this._columns, column];
  }

  private _request(column: Column): IExecuteRequest | null {
    const { prompt } = this;
    if (!prompt.key) {
      return null;
    }
    const request = prompt.request(prompt.inputs.values);
    const { version, model } = column.choice;
    return {
      ...request,
      ...(version ? { version, text: null } : {}),
      model: model || null
    };
  }

  private _pump(): void {
    let running = this._columns.filter(({ state }) => isRunning(state)).length;
    for (const column of this._columns) {
      const request = column.isQueued && running < this._options.atOnce() && this._request(column);
      if (request) {
        running += 1;
        column.isQueued = false;
        const short = (request.version ?? '').slice(0, SHOWN_DIGITS);
        const subject =
          request.text === null ? { kind: 'version' as const, short } : { kind: 'draft' as const };
        void column.runner.run(request, subject);
      }
    }
    this._changed.emit();
  }

  private _onRun(column: Column): void {
    if (this._isDisposed) {
      return;
    }
    if (!isRunning(column.state)) {
      this._pump();
      void this._mark();
    }
    this._changed.emit();
  }

  private async _mark(): Promise<void> {
    const isCurrent = await this._marking.mark(this._columns, this.baseline);
    if (isCurrent && !this._isDisposed) {
      this._changed.emit();
    }
  }

  private _afterChoice(): void {
    const columns = this._columns.map(({ choice }) => ({ ...choice }));
    void keep(this._options.state, this._stateId, { columns });
    this._estimate();
    this._changed.emit();
  }

  private _onPrompt(): void {
    this._estimate();
    this._changed.emit();
  }

  /** Ask for estimates where what would be run is not what was asked for last. */
  private _estimate(): void {
    const requests = this._columns.map(column => this._request(column));
    const asked = JSON.stringify([this._columns.map(({ id }) => id), requests]);
    if (asked !== this._asked) {
      this._asked = asked;
      this._askedOf = [...this._columns];
      this._estimator.ask(requests.filter(request => request !== null));
    }
  }

  private _onEstimate(): void {
    const { latest } = this._estimator;
    this._askedOf.forEach((column, index) => (column.estimate = latest[index] ?? null));
    this._changed.emit();
  }

  private _onEvent(_: IPromptHub, { kind, ids }: IEvent): void {
    if (kind === 'connection.changed') {
      // a model may have come or gone
      this._asked = '';
      this._estimate();
    }
    const isOurs = ids['prompt'] === this.prompt.key?.promptId;
    if ((kind === 'version.created' && isOurs) || kind === 'resync') {
      void this._loadVersions();
    }
  }

  private async _loadVersions(): Promise<void> {
    const { key } = this.prompt;
    if (!key) {
      return;
    }
    const request = ++this._asks;
    try {
      const page = await this.hub.api.versions.list(key.promptId, { limit: VERSIONS });
      if (request !== this._asks) {
        return;
      }
      this._versions = page.items;
    } catch {
      // the draft can be run all the same; the next event loads them again
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private get _stateId(): string {
    return `side-by-side:${this.prompt.context.path}`;
  }

  private _columns: readonly Column[] = [];
  private _versions: readonly IVersionSummary[] = [];
  private _baseline = -1;
  private _showsMarks = true;
  private _next = 0;
  /** How often the versions were asked for: only the newest answer counts. */
  private _asks = 0;
  private _asked = '';
  private _askedOf: readonly Column[] = [];
  private _isDisposed = false;
  private readonly _estimator: Estimator;
  private readonly _marking: Marking;
  private readonly _changed = new Signal<this, void>(this);
}

export namespace SideBySide {
  export interface IOptions {
    prompt: PromptModel;
    /** How many columns may run at once. */
    atOnce: () => number;
    /** Where the choice of columns is kept; null: nowhere. */
    state: IStateDB | null;
  }
}
