import { addIcon, deleteIcon, lockIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IConnection } from '../../api';
import { Badge, Button, IconButton } from '../../components/basics';
import { useSignal } from '../../components/hooks';
import { EmptyState, ErrorState, Loading } from '../../components/states';
import { connectionIcon } from '../../icons';
import { addConnection, removeConnection, renewSecret } from './forms';
import type { ConnectionsModel } from './model';

/** The connections to model providers. */
export function Connections(props: { model: ConnectionsModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  useSignal(model.changed);
  const { connections, error } = model;
  const may = model.hub.can('connection:write');
  if (error) {
    return (
      <ErrorState
        error={error}
        trans={trans}
        title={trans.__('The connections could not be loaded')}
        onRetry={() => void model.reload()}
      />
    );
  }
  if (!connections) {
    return <Loading label={trans.__('Loading the connections')} rows={4} />;
  }
  const add = (
    <Button
      primary
      icon={addIcon}
      disabled={!may}
      title={may ? undefined : trans.__('Only administrators may change connections')}
      onClick={() => void addConnection(model)}
    >
      {trans.__('New connection')}
    </Button>
  );
  return (
    <div className="jp-PromptHub-connections-body">
      <header className="jp-PromptHub-header">
        <div className="jp-PromptHub-header-texts">
          <h2>{trans.__('Connections')}</h2>
          <span className="jp-PromptHub-muted">
            {trans.__('Who answers prompts. Keys stay on the server and are never shown.')}
          </span>
        </div>
        {connections.length > 0 && add}
      </header>
      {connections.length === 0 ? (
        <EmptyState icon={connectionIcon} title={trans.__('No connections yet')} actions={add}>
          {trans.__(
            'Add a provider with its key, or run “prompthub model install” for a local model.'
          )}
        </EmptyState>
      ) : (
        <ul className="jp-PromptHub-connections-list">
          {connections.map(connection => (
            <ConnectionCard key={connection.name} model={model} connection={connection} may={may} />
          ))}
        </ul>
      )}
    </div>
  );
}

function ConnectionCard(props: {
  model: ConnectionsModel;
  connection: IConnection;
  may: boolean;
}): JSX.Element {
  const { model, connection, may } = props;
  const { trans } = model.hub;
  const models = model.models(connection.name);
  const waiting = models.find(each => !each.ready && each.hint);
  const ours = connection.source === 'store';
  return (
    <li className="jp-PromptHub-connection" data-connection={connection.name}>
      <connectionIcon.react tag="span" className="jp-PromptHub-icon" />
      <div className="jp-PromptHub-connection-main">
        <div className="jp-PromptHub-version-line">
          <strong className="jp-PromptHub-ellipsis" title={connection.name}>
            {connection.name}
          </strong>
          <Badge>{connection.provider}</Badge>
          {connection.source === 'environment' && (
            <Badge title={trans.__('From an environment variable of the server')}>
              {trans.__('environment')}
            </Badge>
          )}
          {connection.source === 'builtin' && <Badge>{trans.__('built in')}</Badge>}
        </div>
        <div className="jp-PromptHub-connection-details">
          {connection.base_url && (
            <code className="jp-PromptHub-ellipsis" title={connection.base_url}>
              {connection.base_url}
            </code>
          )}
          {connection.secret_last4 && (
            <span title={trans.__('The last digits of its key')}>
              ••••{connection.secret_last4}
            </span>
          )}
          {models.length > 0 && (
            <span className="jp-PromptHub-ellipsis" title={models.map(each => each.ref).join('\n')}>
              {models.map(each => each.label).join(', ')}
            </span>
          )}
        </div>
        {waiting && <div className="jp-PromptHub-connection-hint">{waiting.hint}</div>}
      </div>
      {ours && (
        <span className="jp-PromptHub-connection-actions">
          <IconButton
            icon={lockIcon}
            label={trans.__('Replace the secret key of %1', connection.name)}
            disabled={!may}
            onClick={() => void renewSecret(model, connection)}
          />
          <IconButton
            icon={deleteIcon}
            label={trans.__('Delete %1', connection.name)}
            disabled={!may}
            onClick={() => void removeConnection(model, connection)}
          />
        </span>
      )}
    </li>
  );
}
