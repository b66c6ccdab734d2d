import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IEvent, IModelInfo } from '../api';
import type { IPromptHub } from '../tokens';

/** The models that can be asked for, one list for all editors; loaded when first looked at. */
export class ModelCatalog implements IDisposable {
  constructor(private readonly _hub: IPromptHub) {
    _hub.event.connect(this._onEvent, this);
  }

  get items(): readonly IModelInfo[] {
    if (!this._wanted) {
      this._wanted = true;
      void this._load();
    }
    return this._items;
  }

  /** What runs a prompt that names no model. */
  get default(): string | null {
    return this._default;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Ask again (a model may have been installed meanwhile). */
  refresh(): Promise<void> {
    this._wanted = true;
    return this._load();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private _onEvent(_: IPromptHub, event: IEvent): void {
    const concerns = event.kind === 'connection.changed' || event.kind === 'resync';
    if (concerns && this._wanted) {
      void this._load();
    }
  }

  private async _load(): Promise<void> {
    const request = ++this._asks;
    try {
      const list = await this._hub.api.connections.models();
      if (request !== this._asks) {
        return;
      }
      this._items = list.items;
      this._default = list.default;
    } catch {
      // Run says what is wrong; the picker then offers the prompt's own model only
      if (request === this._asks) {
        this._wanted = this._items.length > 0;
      }
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _items: readonly IModelInfo[] = [];
  private _default: string | null = null;
  private _wanted = false;
  /** How often they were asked for: only the newest answer counts. */
  private _asks = 0;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
