import type { ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import { isCodeCellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IDrift, IDriftItem, IEvent, IPromptOutput } from '../api';
import { isAbort } from '../api';
import type { IPromptHub } from '../tokens';

/** Changes that come together are looked at together. */
const REST_MS = 250;
/** As many as one request may ask for. */
const CHUNK = 200;

/** What a cell ran, and what its reference names now. */
export interface ICellDrift {
  readonly record: IPromptOutput;
  /** What ran; of a cell's own text, the version in whose front matter it stood. */
  readonly sha: string;
  readonly drift: IDrift;
}

/** What the last output of a cell remembers of a prompt; null when none does. */
export function recordOf(cell: ICodeCellModel): IPromptOutput | null {
  for (let at = cell.outputs.length - 1; at >= 0; at--) {
    const found = cell.outputs.get(at).metadata['prompthub'] as unknown as
      IPromptOutput | undefined;
    if (found?.format === 1 && found.kind && shaOf(found)) {
      return found;
    }
  }
  return null;
}

export function shaOf(record: IPromptOutput): string {
  return record.version_sha ?? record.base_sha ?? '';
}

/** Whether what refs name may be another version now. */
export function mayMove(event: IEvent): boolean {
  const [noun] = event.kind.split('.', 1);
  return noun !== 'execution' && noun !== 'connection' && noun !== 'draft' && noun !== 'sample';
}

/**
 * Which cells of a notebook ran versions that their references no longer name. It is asked when the notebook is looked
 * at, when an output comes, and when the server says that something moved.
 */
export class NotebookDrift implements IDisposable {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _hub: IPromptHub,
    restMs = REST_MS
  ) {
    this._soon = new Debouncer(() => this._look(), restMs);
    _hub.event.connect(this._onEvent, this);
    void _panel.context.ready.then(() => {
      if (!this.isDisposed) {
        _panel.content.model?.cells.changed.connect(this._onCells, this);
        this._onCells();
      }
    });
  }

  /** The cells' models that have something to say. */
  get cells(): ReadonlyMap<ICellModel, ICellDrift> {
    return this._cells;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._soon.isDisposed;
  }

  /** Look again, if something may have changed. */
  refresh(): void {
    if (this._isStale) {
      void this._soon.invoke().catch(() => undefined);
    }
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._soon.dispose();
      this._request?.abort();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _onCells(): void {
    for (const cell of this._panel.content.model?.cells ?? []) {
      if (isCodeCellModel(cell) && !this._watched.has(cell)) {
        this._watched.add(cell);
        cell.outputs.changed.connect(this._onChange, this);
      }
    }
    this._onChange();
  }

  private _onChange(): void {
    this._isStale = true;
    this.refresh();
  }

  private _onEvent(_: IPromptHub, event: IEvent): void {
    if (mayMove(event)) {
      this._known = new Map();
      this._onChange();
    }
  }

  private async _look(): Promise<void> {
    if (this.isDisposed || !this._panel.isVisible) {
      return; // stays stale, and is looked at when it is shown
    }
    this._isStale = false;
    const records = new Map<ICellModel, IPromptOutput>();
    for (const cell of this._panel.content.model?.cells ?? []) {
      const record = isCodeCellModel(cell) ? recordOf(cell) : null;
      if (record) {
        records.set(cell, record);
      }
    }
    try {
      await this._ask([...records.values()]);
    } catch (error) {
      // the panels say that the server is away; what was known stays
      this._isStale = !isAbort(error);
      return;
    }
    const cells = new Map<ICellModel, ICellDrift>();
    for (const [cell, record] of records) {
      const drift = this._known.get(keyOf(record));
      if (drift && drift.state !== 'same') {
        cells.set(cell, { record, sha: shaOf(record), drift });
      }
    }
    this._cells = cells;
    this._changed.emit();
  }

  /** Learn what is not known yet. */
  private async _ask(records: readonly IPromptOutput[]): Promise<void> {
    const known = this._known; // what an event makes stale does not get into the next one
    const items = new Map<string, IDriftItem>();
    for (const record of records) {
      const key = keyOf(record);
      if (!known.has(key)) {
        items.set(key, { prompt: record.prompt, ref: record.ref, version_sha: shaOf(record) });
      }
    }
    this._request?.abort();
    const request = (this._request = new AbortController());
    const keys = [...items.keys()];
    for (let at = 0; at < keys.length; at += CHUNK) {
      const some = keys.slice(at, at + CHUNK);
      const answer = await this._hub.api.prompts.drift(
        { items: some.map(key => items.get(key)!) },
        request.signal
      );
      answer.items.forEach((drift, index) => known.set(some[index]!, drift));
    }
  }

  private _cells: ReadonlyMap<ICellModel, ICellDrift> = new Map();
  private _isStale = false;
  private _request: AbortController | null = null;
  private _known = new Map<string, IDrift>();
  private readonly _watched = new WeakSet<ICellModel>();
  private readonly _soon: Debouncer;
  private readonly _changed = new Signal<this, void>(this);
}

function keyOf(record: IPromptOutput): string {
  return [record.prompt, record.ref, shaOf(record)].join('\n');
}
