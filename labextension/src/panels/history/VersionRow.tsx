import * as React from 'react';
import { tagIcon } from '@jupyterlab/ui-components';
import type { IGraphNode, IVersionSummary } from '../../api';
import { CommandIDs } from '../../commands/ids';
import { Badge, classes, environmentKind, IconButton, Marked } from '../../components/basics';
import { ShaChip } from '../../components/sha';
import { Writer } from '../../components/writer';
import { branchIcon, compareIcon, promoteIcon, restoreIcon } from '../../icons';
import { GraphCell } from './GraphCell';
import type { HistoryModel } from './model';

/** The graph needs rows of one height. */
export const ROW_PX = 54;

/** One version of the history. */
export function VersionRow(props: {
  model: HistoryModel;
  version: IVersionSummary;
  graph: IGraphNode | undefined;
  index: number;
  style: React.CSSProperties;
  isActive: boolean;
  onFocus: () => void;
}): JSX.Element {
  const { model, version, graph } = props;
  const { trans } = model.hub;
  const { promptId } = model;
  const picked = model.picked.some(each => each.sha === version.sha);
  const message = version.commit_message.split('\n', 1)[0] || trans.__('(no message)');
  const editors = version.editors
    .filter(each => each.id !== version.author.id)
    .map(each => each.display_name || each.id);
  const parent = version.parents[0];
  const args = { promptId, version: version.sha };
  const mayWrite = model.hub.can('prompt:write');
  const times = model.times(version.sha);
  return (
    <div
      role="row"
      className={classes('jp-PromptHub-version', picked && 'jp-mod-picked')}
      style={props.style}
      aria-rowindex={props.index + 1}
      tabIndex={props.isActive ? 0 : -1}
      aria-selected={picked}
      data-sha={version.sha}
      data-prompt-id={promptId}
      onFocus={props.onFocus}
      onDoubleClick={() => parent && model.compare(parent, version.sha)}
    >
      <span role="gridcell" className="jp-PromptHub-version-pick">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={picked}
          aria-label={trans.__('Compare version %1', version.number)}
          title={trans.__('Pick to compare')}
          onChange={() => model.pick(version)}
        />
      </span>
      {graph && (
        <span role="gridcell" className="jp-PromptHub-version-graph">
          <GraphCell
            row={graph}
            lanes={model.lanes}
            height={ROW_PX}
            isHead={version.branches.length > 0}
          />
        </span>
      )}
      <div role="gridcell" className="jp-PromptHub-version-main">
        <div className="jp-PromptHub-version-line">
          <span
            className={classes(
              'jp-PromptHub-version-message',
              !version.commit_message && 'jp-mod-none'
            )}
            title={version.commit_message}
          >
            <Marked text={message} search={times ? '' : model.filter.search} />
          </span>
          <span className="jp-PromptHub-version-badges">
            {times && (
              <Badge
                kind={times.after > times.before ? 'success' : 'error'}
                title={trans.__(
                  'The text stands %1 times in this version, %2 times in the one before',
                  times.after,
                  times.before
                )}
              >
                {times.after > times.before ? trans.__('brought it') : trans.__('took it away')}
              </Badge>
            )}
            {version.branches.map(name => (
              <Badge key={name} kind="brand" icon={branchIcon} title={trans.__('Head of %1', name)}>
                {name}
              </Badge>
            ))}
            {version.tags.map(name => (
              <Badge key={name} icon={tagIcon} title={trans.__('Version tag %1', name)}>
                {name}
              </Badge>
            ))}
            {version.served_in.map(name => (
              <Badge
                key={name}
                kind={environmentKind(name)}
                title={trans.__('%1 serves this version', name)}
              >
                {name}
              </Badge>
            ))}
          </span>
        </div>
        <div className="jp-PromptHub-version-line jp-mod-meta">
          <Writer version={version} trans={trans}>
            {editors.length > 0 && (
              <span className="jp-PromptHub-ellipsis" title={editors.join(', ')}>
                {trans.__('with %1', editors.join(', '))}
              </span>
            )}
          </Writer>
          <span title={trans.__('Number of the version in this prompt')}>#{version.number}</span>
          {version.parents.length > 1 && <span>{trans.__('merge')}</span>}
        </div>
      </div>
      <span role="gridcell" className="jp-PromptHub-version-actions">
        <IconButton
          icon={compareIcon}
          label={trans.__('What changed in this version')}
          disabled={!parent}
          onClick={() => parent && model.compare(parent, version.sha)}
        />
        <IconButton
          icon={restoreIcon}
          label={trans.__('Restore into the draft')}
          disabled={!mayWrite}
          onClick={() => model.run(CommandIDs.restoreVersion, args)}
        />
        <IconButton
          icon={branchIcon}
          label={trans.__('New branch from here')}
          disabled={!mayWrite}
          onClick={() => model.run(CommandIDs.createBranch, args)}
        />
        <IconButton
          icon={promoteIcon}
          label={trans.__('Promote')}
          disabled={!model.environments.some(each => model.hub.can(`deploy:${each.name}`))}
          onClick={() => model.run(CommandIDs.promote, args)}
        />
      </span>
      <span role="gridcell" className="jp-PromptHub-version-sha">
        <ShaChip sha={version.sha} trans={trans} />
      </span>
    </div>
  );
}
