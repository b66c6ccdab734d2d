import type { WebSocketProvider } from '@jupyter/docprovider';
import type { IDisposable } from '@lumino/disposable';
import type { PromptHubError } from '../api';
import type { DraftFile } from './draftfile';
import type { ISocketProvider } from './pulse';
import { Pulse } from './pulse';
import { Storage } from './storage';

/** Close codes after which coming back is of no use (`docs/formats/drafts.md`). */
const FINAL = new Set([1003, 4401, 4403, 4404, 4409, 4413]);

/** The connection of one open draft with its room. */
export class Room implements IDisposable {
  constructor(
    private readonly _provider: WebSocketProvider,
    private readonly _model: DraftFile,
    private readonly _options: Room.IOptions
  ) {
    this.storage = new Storage(() => this._confirm());
    this.storage.changed.connect(({ isAtRisk }) => _model.setAtRisk(isAtRisk));
    _provider.ready.then(
      () => this._attach(),
      (reason: unknown) => this.storage.close(String(reason))
    );
    _model.ydoc.on('update', this._onUpdate);
  }

  /** Whether what was typed is stored. */
  readonly storage: Storage;

  /** Resolves when the draft's text is here. */
  get ready(): Promise<void> {
    return this._provider.ready;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Do not wait for the next attempt. */
  reconnect(): void {
    if (this._pulse && this.storage.state === 'offline') {
      this._pulse.renew();
    }
  }

  /** Come in anew: the server lets a connection write, or not, as it may when it comes in. */
  enterAgain(): void {
    if (this.storage.state !== 'closed') {
      this._pulse?.renew();
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._pulse?.dispose();
    this._model.ydoc.off('update', this._onUpdate);
    this._socket?.off('sync', this._onSync);
    this._socket?.off('connection-close', this._onClose);
    this.storage.dispose();
    this._provider.dispose();
  }

  private _attach(): void {
    if (this._isDisposed) {
      return;
    }
    const socket = this._provider.wsProvider as unknown as ISocketProvider;
    this._socket = socket;
    socket.on('sync', this._onSync);
    socket.on('connection-close', this._onClose);
    this._pulse = new Pulse(socket, () => this._options.lost());
    this._onSync(socket.synced);
  }

  private _onUpdate = (_update: Uint8Array, origin: unknown): void => {
    // what came from the server has the provider as its origin
    if (this._socket && origin !== this._socket) {
      this.storage.edited();
    }
  };

  private _onSync = (isSynced: boolean): void => {
    if (isSynced) {
      this.storage.online();
    }
  };

  private _onClose = (event: CloseEvent | null): void => {
    if (event && FINAL.has(event.code)) {
      this._socket?.disconnect();
      this.storage.close(event.reason);
    } else {
      this.storage.offline(event?.reason);
      // not at the first failure, which a restart explains, and then less and less often
      const failures = this._socket?.wsUnsuccessfulReconnects ?? 0;
      if (failures > 1 && (failures & (failures - 1)) === 0) {
        void this._askWhy();
      }
    }
  };

  /** A refused websocket says nothing about why; a request does. */
  private async _askWhy(): Promise<void> {
    const error = await this._options.whyNot();
    if (error && !this._isDisposed && this.storage.state === 'offline') {
      this.storage.offline(error.message);
    }
  }

  /** Settles also when the socket closes meanwhile, which docprovider's promise does not. */
  private _confirm(): Promise<void> {
    const socket = this._socket?.ws;
    if (!socket || socket.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Error('not connected'));
    }
    return new Promise((resolve, reject) => {
      const closed = () => reject(new Error('The connection was lost.'));
      socket.addEventListener('close', closed, { once: true });
      this._provider
        .save()
        .then(resolve, reject)
        .finally(() => socket.removeEventListener('close', closed));
    });
  }

  private _pulse: Pulse | null = null;
  private _socket: ISocketProvider | null = null;
  private _isDisposed = false;
}

export namespace Room {
  export interface IOptions {
    /** Why the server does not let us in; null when it does, or is not there at all. */
    whyNot: () => Promise<PromptHubError | null>;
    /** Called when the connection has died without being closed: others probably have too. */
    lost: () => void;
  }
}
