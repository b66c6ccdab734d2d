import { TextItem } from '@jupyterlab/statusbar';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { classes } from '../../components/basics';
import { useSignal } from '../../components/hooks';
import { promptHubIcon } from '../../icons';
import type { IPromptHub } from '../../tokens';

/** PromptHub in the status bar: connected or not, and the workspace. */
export class StatusItem extends ReactWidget {
  constructor(
    private readonly _hub: IPromptHub,
    private readonly _onClick: () => void
  ) {
    super();
    this.addClass('jp-PromptHub-status');
  }

  protected override render(): JSX.Element {
    return <Status hub={this._hub} onClick={this._onClick} />;
  }
}

function Status(props: { hub: IPromptHub; onClick: () => void }): JSX.Element {
  const { hub } = props;
  const { trans } = hub;
  useSignal(hub.meChanged);
  useSignal(hub.connectionChanged);
  const { me, error } = hub;
  const state = error && !me ? 'offline' : hub.connection;
  const said = {
    connected: trans.__('connected'),
    connecting: trans.__('connecting…'),
    offline: trans.__('not connected, trying again')
  }[state];
  const label = trans.__('PromptHub: %1', said);
  const lines = [
    label,
    me && trans.__('Workspace %1, as %2 (%3)', me.workspace.name, me.actor.display_name, me.role),
    me && modeText(),
    error && !me && error.message
  ];
  return (
    <button
      type="button"
      className={classes('jp-PromptHub-status-button', `jp-mod-${state}`)}
      title={lines.filter(Boolean).join('\n')}
      aria-label={label}
      onClick={props.onClick}
    >
      <promptHubIcon.react tag="span" className="jp-PromptHub-icon" />
      <span className="jp-PromptHub-status-dot" aria-hidden />
      <TextItem source={me ? me.workspace.name : said} />
    </button>
  );

  function modeText(): string | null {
    switch (me?.mode) {
      case 'laptop':
        return trans.__('The store is on this machine');
      case 'hub':
        return trans.__('The store is the team’s');
      case 'http':
        return trans.__('The store is on a PromptHub server');
      default:
        return null;
    }
  }
}
