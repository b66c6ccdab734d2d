import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { API_ROOT, queryString } from './request';
import type { IEvent } from './types';

/** `connecting` at first, `offline` while a lost connection is being tried again. */
export type ConnectionState = 'connecting' | 'connected' | 'offline';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

/**
 * The server's events over one websocket.
 *
 * After a loss it comes back with the sequence number it has seen last, so nothing is missed; the
 * pauses between attempts double up to 15 s.
 */
export class EventStream implements IDisposable {
  constructor(
    private readonly _settings: ServerConnection.ISettings,
    private readonly _online: EventTarget = window
  ) {
    this._online.addEventListener('online', this._retry);
  }

  get received(): ISignal<this, IEvent> {
    return this._received;
  }

  get stateChanged(): ISignal<this, ConnectionState> {
    return this._stateChanged;
  }

  get state(): ConnectionState {
    return this._state;
  }

  /** The sequence number of the last event seen; null before the first. */
  get seen(): number | null {
    return this._seen;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Connect, and stay connected until disposed. */
  start(): void {
    if (this._socket || this._isDisposed) {
      return;
    }
    const { wsUrl, token, appendToken, WebSocket } = this._settings;
    const query = { after: this._seen, token: appendToken && token ? token : null };
    const socket = new WebSocket(URLExt.join(wsUrl, API_ROOT, 'events') + queryString(query));
    this._socket = socket;
    socket.onopen = () => {
      this._delay = FIRST_DELAY_MS;
      this._setState('connected');
    };
    socket.onmessage = message => this._onMessage(message.data);
    // an error is always followed by a close
    socket.onclose = () => this._onClose(socket);
  }

  /** Do not wait for the next attempt. */
  retry(): void {
    if (!this._socket) {
      clearTimeout(this._timer);
      this.start();
    }
  }

  /** Take a new connection in the place of the present one, which may be dead without being closed. */
  renew(): void {
    const socket = this._socket;
    this._socket = null;
    socket?.close();
    this.retry();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._online.removeEventListener('online', this._retry);
    clearTimeout(this._timer);
    this._socket?.close();
    this._socket = null;
    Signal.clearData(this);
  }

  private _onMessage(data: unknown): void {
    let event: IEvent;
    try {
      event = JSON.parse(String(data)) as IEvent;
    } catch {
      console.error('PromptHub: an event that is not JSON');
      return;
    }
    if (event.kind === 'me.changed') {
      // about the connection, not in the count
      this._received.emit(event);
      return;
    }
    // a catch-up may repeat what came before the loss; a resync starts the count anew
    if (event.kind !== 'resync' && this._seen !== null && event.seq <= this._seen) {
      return;
    }
    this._seen = event.seq;
    this._received.emit(event);
  }

  private _onClose(socket: WebSocket): void {
    if (socket !== this._socket || this._isDisposed) {
      return;
    }
    this._socket = null;
    this._setState('offline');
    this._timer = setTimeout(() => this.start(), this._delay);
    this._delay = Math.min(this._delay * 2, LONGEST_DELAY_MS);
  }

  private _setState(state: ConnectionState): void {
    if (state !== this._state) {
      this._state = state;
      this._stateChanged.emit(state);
    }
  }

  private readonly _retry = (): void => this.retry();
  private _socket: WebSocket | null = null;
  private _seen: number | null = null;
  private _state: ConnectionState = 'connecting';
  private _delay = FIRST_DELAY_MS;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _isDisposed = false;
  private _received = new Signal<this, IEvent>(this);
  private _stateChanged = new Signal<this, ConnectionState>(this);
}
