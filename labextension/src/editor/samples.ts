import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IEvent, ISample, ISamplePatch } from '../api';
import type { IPromptHub } from '../tokens';

/** The sample inputs of one prompt, as the server has them; and which one is in the form. */
export class Samples implements IDisposable {
  constructor(
    private readonly _hub: IPromptHub,
    private readonly _promptId: string
  ) {
    _hub.event.connect(this._onEvent, this);
    void this._load();
  }

  /** By name. */
  get items(): readonly ISample[] {
    return this._items;
  }

  /** The one that the form was filled from; null for none. */
  get picked(): ISample | null {
    return this._items.find(({ id }) => id === this._picked) ?? null;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  pick(sample: ISample | null): void {
    this._picked = sample?.id ?? null;
    this._changed.emit();
  }

  /** Keep inputs under a name. */
  async keep(name: string, inputs: ISample['inputs']): Promise<ISample> {
    const made = await this._hub.api.samples.create(this._promptId, { name, inputs });
    await this._load();
    return made;
  }

  async update(sample: ISample, patch: ISamplePatch): Promise<void> {
    await this._hub.api.samples.update(this._promptId, sample.id, patch);
    await this._load();
  }

  async delete(sample: ISample): Promise<void> {
    await this._hub.api.samples.delete(this._promptId, sample.id);
    await this._load();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private _onEvent(_: IPromptHub, { kind, ids }: IEvent): void {
    const isOurs = kind === 'sample.changed' && ids['prompt'] === this._promptId;
    if (isOurs || kind === 'resync') {
      void this._load();
    }
  }

  private async _load(): Promise<void> {
    const round = ++this._round;
    try {
      const { items } = await this._hub.api.samples.list(this._promptId);
      if (round === this._round && !this._isDisposed) {
        this._items = items;
        this._changed.emit();
      }
    } catch {
      // the form works without them; the next event loads them again
    }
  }

  private _items: readonly ISample[] = [];
  private _picked: string | null = null;
  private _round = 0;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
