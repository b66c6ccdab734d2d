import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IConnection, IEvent, IModelInfo, INewConnection, PromptHubError } from '../../api';
import { asPromptHubError } from '../../api';
import type { IPromptHub } from '../../tokens';

/** The connections of the workspace, and the models they serve. */
export class ConnectionsModel implements IDisposable {
  constructor(readonly hub: IPromptHub) {
    hub.event.connect(this._onEvent, this);
    hub.meChanged.connect(this._emit, this);
    void this.reload();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get connections(): readonly IConnection[] | null {
    return this._connections;
  }

  get error(): PromptHubError | null {
    return this._error;
  }

  /** The models that a connection serves now. */
  models(connection: string): readonly IModelInfo[] {
    return this._models.filter(each => each.connection === connection);
  }

  async add(connection: INewConnection): Promise<IConnection> {
    const added = await this.hub.api.connections.create(connection);
    await this.reload();
    return added;
  }

  /** A new secret for a connection. */
  async renewSecret(name: string, secret: string): Promise<IConnection> {
    const changed = await this.hub.api.connections.update(name, { secret });
    await this.reload();
    return changed;
  }

  async remove(name: string): Promise<void> {
    await this.hub.api.connections.delete(name);
    await this.reload();
  }

  async reload(): Promise<void> {
    const request = ++this._asks;
    try {
      const [connections, models] = await Promise.all([
        this.hub.api.connections.list(),
        this.hub.api.connections.models()
      ]);
      if (request !== this._asks) {
        return;
      }
      this._connections = connections.items;
      this._models = models.items;
      this._error = null;
    } catch (thrown) {
      if (request !== this._asks) {
        return;
      }
      this._error = asPromptHubError(thrown);
    }
    this._emit();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _onEvent(_: IPromptHub, event: IEvent): void {
    if (event.kind === 'connection.changed' || event.kind === 'resync') {
      void this.reload();
    }
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  /** How often they were asked for: only the newest answer counts. */
  private _asks = 0;
  private _connections: readonly IConnection[] | null = null;
  private _models: readonly IModelInfo[] = [];
  private _error: PromptHubError | null = null;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
