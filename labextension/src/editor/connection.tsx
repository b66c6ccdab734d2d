import { Clipboard, Notification } from '@jupyterlab/apputils';
import { copyIcon, refreshIcon, ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Badge, Button } from '../components/basics';
import { useSignal } from '../components/hooks';
import type { Storage } from '../drive/storage';
import { warningIcon } from '../icons';
import type { PromptModel } from './model';

/** A loss that is over after so long, as when a server is replaced, is told by the toolbar alone. */
const PATIENCE_MS = 2_500;

/** Where the edits are, in a word. */
export function StorageChip(props: {
  storage: Storage;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { storage, trans } = props;
  switch (storage.state) {
    case 'stored':
      return (
        <span
          className="jp-PromptHub-stored"
          title={trans.__('Everything typed is stored on the server')}
        >
          {trans.__('stored')}
        </span>
      );
    case 'saving':
      return <span className="jp-PromptHub-stored jp-mod-busy">{trans.__('saving…')}</span>;
    case 'offline':
      return (
        <Badge
          kind="warn"
          title={
            storage.reason || trans.__('Your edits are kept here, and sent when the server is back')
          }
        >
          {trans.__('offline')}
        </Badge>
      );
    case 'closed':
      return (
        <Badge kind="error" title={storage.reason}>
          {trans.__('closed')}
        </Badge>
      );
    default:
      return <span className="jp-PromptHub-stored jp-mod-busy">{trans.__('connecting…')}</span>;
  }
}

/** What a lost connection means, and what can be done about it; empty while there is one. */
export class ConnectionBanner extends ReactWidget {
  constructor(
    private readonly _model: PromptModel,
    private readonly _storage: Storage,
    /** Closes the document and opens the draft as it is now. */
    private readonly _reopen: () => void,
    /** Marks in the text what the server does not have. */
    private readonly _showLost: () => void
  ) {
    super();
    this.addClass('jp-PromptHub-connection');
    _storage.changed.connect(this._onChanged, this);
    this._onChanged();
  }

  override dispose(): void {
    clearTimeout(this._timer);
    super.dispose();
  }

  protected render(): JSX.Element {
    return (
      <Banner
        model={this._model}
        storage={this._storage}
        reopen={this._reopen}
        showLost={this._showLost}
      />
    );
  }

  private _onChanged(): void {
    const { state, since } = this._storage;
    const lasts = since ? Date.now() - since.getTime() : 0;
    clearTimeout(this._timer);
    if (state === 'offline' && lasts < PATIENCE_MS) {
      this._timer = setTimeout(() => this._onChanged(), PATIENCE_MS - lasts);
    }
    this.setHidden(!(state === 'closed' || (state === 'offline' && lasts >= PATIENCE_MS)));
  }

  private _timer: ReturnType<typeof setTimeout> | undefined;
}

function Banner(props: {
  model: PromptModel;
  storage: Storage;
  reopen: () => void;
  showLost: () => void;
}): JSX.Element | null {
  const { model, storage, reopen, showLost } = props;
  const { trans } = model.hub;
  useSignal(storage.changed);
  const { state, since, reason, isAtRisk } = storage;
  if (state !== 'offline' && state !== 'closed') {
    return null;
  }
  const isClosed = state === 'closed';
  const copy = () => {
    Clipboard.copyToSystem(model.text);
    Notification.success(trans.__('The text of this tab is in the clipboard'), { autoClose: 3000 });
  };
  return (
    <div
      className={`jp-PromptHub-banner ${isClosed ? 'jp-mod-error' : 'jp-mod-warn'}`}
      role={isClosed ? 'alert' : 'status'}
    >
      <warningIcon.react tag="span" className="jp-PromptHub-icon" />
      <span className="jp-PromptHub-connection-text">
        <strong>
          {isClosed
            ? trans.__('This draft is closed.')
            : trans.__(
                'Offline since %1.',
                since?.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) ?? ''
              )}
        </strong>{' '}
        {reason && `${reason} `}
        {isClosed
          ? isAtRisk
            ? trans.__('What you typed last is only in this tab: copy it before you close it.')
            : trans.__('Everything that you typed is stored.')
          : isAtRisk
            ? trans.__('What you typed since is kept in this tab, and merged when you are back.')
            : trans.__('You can go on writing: it is kept in this tab, and merged later.')}
      </span>
      <span className="jp-PromptHub-connection-actions">
        {isClosed ? (
          <Button
            icon={refreshIcon}
            onClick={() => {
              if (isAtRisk) {
                copy();
              }
              reopen();
            }}
          >
            {isAtRisk ? trans.__('Copy and open again') : trans.__('Open again')}
          </Button>
        ) : (
          <Button
            icon={refreshIcon}
            onClick={() => {
              model.room?.reconnect();
              void model.hub.reconnect();
            }}
          >
            {trans.__('Reconnect now')}
          </Button>
        )}
        {isClosed && isAtRisk && (
          <Button onClick={showLost}>{trans.__('Show what is not stored')}</Button>
        )}
        <Button icon={copyIcon} onClick={copy}>
          {trans.__('Copy my text')}
        </Button>
      </span>
    </div>
  );
}
