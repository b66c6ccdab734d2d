import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IApi, IEvent, IMe, PromptHubError } from './api';
import { asPromptHubError, createApi } from './api';
import type { ConnectionState } from './api/events';
import { EventStream } from './api/events';
import type { IDraftKey } from './drivepath';
import type { IPromptHub, Permission } from './tokens';

/** The one PromptHub of a JupyterLab. */
export class PromptHub implements IPromptHub, IDisposable {
  constructor(options: PromptHub.IOptions) {
    this.api = createApi(options.serverSettings);
    this.trans = options.trans;
    this._events = options.events ?? new EventStream(options.serverSettings);
    this._events.received.connect((_, event) => {
      if (event.kind === 'me.changed' || event.kind === 'resync') {
        void this._loadMe();
      }
      this._event.emit(event);
    });
    this._events.stateChanged.connect((_, state) => {
      this._connectionChanged.emit(state);
      if (state === 'connected' && (!this._me || this._wasOffline)) {
        // a role may have been changed while nothing could be told
        void this._loadMe();
      }
      this._wasOffline = state === 'offline';
    });
  }

  readonly api: IApi;
  readonly trans: TranslationBundle;

  get me(): IMe | null {
    return this._me;
  }

  get error(): PromptHubError | null {
    return this._error;
  }

  get meChanged(): ISignal<this, void> {
    return this._meChanged;
  }

  get event(): ISignal<this, IEvent> {
    return this._event;
  }

  get connection(): ConnectionState {
    return this._events.state;
  }

  get connectionChanged(): ISignal<this, ConnectionState> {
    return this._connectionChanged;
  }

  get current(): IDraftKey | null {
    return this._current;
  }

  set current(draft: IDraftKey | null) {
    const before = this._current;
    if (before?.promptId !== draft?.promptId || before?.branch !== draft?.branch) {
      this._current = draft;
      this._currentChanged.emit(draft);
    }
  }

  get currentChanged(): ISignal<this, IDraftKey | null> {
    return this._currentChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  can(permission: Permission): boolean {
    return this._me?.permissions.includes(permission) ?? false;
  }

  /** Begin: who is asking, then the events. */
  async start(): Promise<void> {
    this._events.start();
    await this._loadMe();
  }

  async reconnect(): Promise<void> {
    this._events.renew();
    await this._loadMe();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._events.dispose();
    Signal.clearData(this);
  }

  private async _loadMe(): Promise<void> {
    const request = ++this._asks;
    try {
      const me = await this.api.me();
      if (request !== this._asks) {
        return;
      }
      this._me = me;
      this._error = null;
    } catch (error) {
      if (request !== this._asks) {
        return;
      }
      this._error = asPromptHubError(error);
    }
    if (!this._isDisposed) {
      this._meChanged.emit();
    }
  }

  private readonly _events: EventStream;
  private _me: IMe | null = null;
  /** How often the server was asked: only the newest answer counts. */
  private _asks = 0;
  private _wasOffline = false;
  private _error: PromptHubError | null = null;
  private _current: IDraftKey | null = null;
  private _isDisposed = false;
  private readonly _meChanged = new Signal<this, void>(this);
  private readonly _event = new Signal<this, IEvent>(this);
  private readonly _connectionChanged = new Signal<this, ConnectionState>(this);
  private readonly _currentChanged = new Signal<this, IDraftKey | null>(this);
}

export namespace PromptHub {
  export interface IOptions {
    serverSettings: ServerConnection.ISettings;
    trans: TranslationBundle;
    /** For tests; made from the settings otherwise. */
    events?: EventStream;
  }
}
