import type { IDisposable } from '@lumino/disposable';

/** What we use of y-websocket's provider, whose types are not published beside docprovider's. */
export interface ISocketProvider {
  shouldConnect: boolean;
  readonly synced: boolean;
  readonly wsUnsuccessfulReconnects: number;
  ws: WebSocket | null;
  on(name: 'sync', slot: (isSynced: boolean) => void): void;
  on(name: 'connection-close', slot: (event: CloseEvent | null) => void): void;
  on(name: 'status', slot: (event: { status: string }) => void): void;
  off(name: string, slot: (...args: never[]) => void): void;
  connect(): void;
  disconnect(): void;
}

/** A connection on which nothing came for so long is asked whether it lives. */
const QUIET_MS = 4_000;

/** It has so long to answer, or (a new one) to open. */
const PATIENCE_MS = 4_000;

/** "Who is here?" of the y-websocket protocol, which the server answers at once. */
const QUESTION = new Uint8Array([3]);

/**
 * Notices a connection that has died without being closed (a network that drops everything, a server that is
 * stopped, a laptop that slept), which a websocket does not say by itself.
 *
 * It asks only where nothing else came, and gives up what does not answer: y-websocket then connects again.
 */
export class Pulse implements IDisposable {
  constructor(
    private readonly _socket: ISocketProvider,
    /** Called when a connection was given up. */
    private readonly _lost: () => void = () => undefined,
    private readonly _window: EventTarget = window
  ) {
    _socket.on('status', this._onStatus);
    _socket.on('connection-close', this._onClose);
    for (const name of ['online', 'offline', 'focus']) {
      _window.addEventListener(name, this._ask);
    }
    this._watch();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Let go of the present connection, whatever its state, and make another at once. */
  renew(): void {
    this._drop();
    this._socket.connect();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._watched?.removeEventListener('message', this._onMessage);
    clearTimeout(this._timer);
    this._socket.off('status', this._onStatus);
    this._socket.off('connection-close', this._onClose);
    for (const name of ['online', 'offline', 'focus']) {
      this._window.removeEventListener(name, this._ask);
    }
  }

  private _onStatus = (): void => this._watch();

  /** Begin to watch the present connection: whether it opens, then whether it lives. */
  private _watch(): void {
    const { ws } = this._socket;
    if (this._watched !== ws) {
      this._watched?.removeEventListener('message', this._onMessage);
      ws?.addEventListener('message', this._onMessage);
      this._watched = ws;
    }
    if (ws) {
      this._heard = Date.now();
      const isOpen = ws.readyState === WebSocket.OPEN;
      this._in(isOpen ? QUIET_MS : PATIENCE_MS, isOpen ? this._tick : this._giveUp);
    }
  }

  private _onMessage = (): void => {
    this._heard = Date.now();
    if (this._asked) {
      this._in(QUIET_MS, this._tick);
    }
  };

  private _onClose = (): void => {
    clearTimeout(this._timer);
    this._asked = false;
  };

  private _tick = (): void => {
    const rest = QUIET_MS - (Date.now() - this._heard);
    if (rest > 0) {
      this._in(rest, this._tick);
    } else {
      this._ask();
    }
  };

  private _ask = (): void => {
    const { ws } = this._socket;
    if (ws?.readyState === WebSocket.OPEN && !this._asked) {
      ws.send(QUESTION);
      this._in(PATIENCE_MS, this._giveUp);
      this._asked = true;
    }
  };

  private _giveUp = (): void => {
    this._drop();
    this._lost();
  };

  /** As if it had been closed by the other side: y-websocket tidies up, and tries again. */
  private _drop(): void {
    const { ws } = this._socket;
    if (ws) {
      const { onclose } = ws;
      ws.onopen = ws.onmessage = ws.onclose = null;
      ws.close();
      // a browser waits for an answer to its close frame, which never comes
      onclose?.call(ws, new CloseEvent('close', { code: 1006 }));
    }
  }

  private _in(delay: number, then: () => void): void {
    clearTimeout(this._timer);
    this._asked = false;
    this._timer = setTimeout(then, delay);
  }

  private _watched: WebSocket | null = null;
  private _heard = 0;
  private _asked = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _isDisposed = false;
}
