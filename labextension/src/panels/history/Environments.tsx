import * as React from 'react';
import type { IEnvironment } from '../../api';
import { CommandIDs } from '../../commands/ids';
import { classes, environmentKind, IconButton } from '../../components/basics';
import { ShaChip } from '../../components/sha';
import { TimeAgo } from '../../components/time';
import { promoteIcon, rollbackIcon } from '../../icons';
import type { HistoryModel } from './model';

/** What each environment serves. */
export function Environments(props: { model: HistoryModel }): JSX.Element | null {
  const { model } = props;
  if (model.environments.length === 0) {
    return null;
  }
  return (
    <div
      className="jp-PromptHub-environments"
      role="group"
      aria-label={model.hub.trans.__('What environments serve')}
    >
      {model.environments.map(environment => (
        <EnvironmentCard key={environment.name} model={model} environment={environment} />
      ))}
    </div>
  );
}

function EnvironmentCard(props: { model: HistoryModel; environment: IEnvironment }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const { name } = props.environment;
  const deployment = model.deployment(name);
  const may = model.hub.can(`deploy:${name}`);
  const actor = deployment?.actor.display_name || deployment?.actor.id;
  const args = { promptId: model.promptId, environment: name };
  return (
    <div
      className={classes('jp-PromptHub-environment', `jp-mod-${environmentKind(name)}`)}
      data-environment={name}
      title={deployment?.reason ? trans.__('Reason: %1', deployment.reason) : undefined}
    >
      <div className="jp-PromptHub-environment-head">
        <span className="jp-PromptHub-environment-dot" aria-hidden />
        <span className="jp-PromptHub-ellipsis">{name}</span>
        <span className="jp-PromptHub-spacer" />
        <IconButton
          icon={promoteIcon}
          label={trans.__('Promote the newest version to %1', name)}
          disabled={!may}
          onClick={() => model.run(CommandIDs.promote, { ...args, version: 'latest' })}
        />
        <IconButton
          icon={rollbackIcon}
          label={trans.__('Roll %1 back', name)}
          disabled={!may || !deployment?.previous_sha}
          onClick={() => model.run(CommandIDs.rollback, args)}
        />
      </div>
      <div className="jp-PromptHub-environment-body">
        {deployment ? (
          <>
            <ShaChip sha={deployment.version_sha} trans={trans} />
            <span className="jp-PromptHub-ellipsis">
              <TimeAgo time={deployment.created_at} />
              {actor && trans.__(' by %1', actor)}
            </span>
          </>
        ) : (
          <span className="jp-PromptHub-muted">{trans.__('Nothing served yet')}</span>
        )}
      </div>
    </div>
  );
}
