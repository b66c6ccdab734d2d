import type { WebSocketProvider } from '@jupyter/docprovider';
import type { IDisposable } from '@lumino/disposable';
import type { DraftFile } from './draftfile';
import { Storage } from './storage';

/** Close codes after which coming back is of no use (`docs/formats/drafts.md`). */
const FINAL = new Set([1003, 4401, 4403, 4404, 4413]);

/** What we use of y-websocket's provider, whose types are not published beside docprovider's. */
interface ISocketProvider {
  shouldConnect: boolean;
  readonly synced: boolean;
  readonly ws: WebSocket | null;
  on(name: 'sync', slot: (isSynced: boolean) => void): void;
  on(name: 'connection-close', slot: (event: CloseEvent | null) => void): void;
  off(name: string, slot: (...args: never[]) => void): void;
  disconnect(): void;
}

/** The connection of one open draft with its room. */
export class Room implements IDisposable {
  constructor(
    private readonly _provider: WebSocketProvider,
    private readonly _model: DraftFile
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

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
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
    }
  };

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

  private _socket: ISocketProvider | null = null;
  private _isDisposed = false;
}
