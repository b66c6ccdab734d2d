import { checkIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ICallerList, ICompatibility, IKnownCaller } from '../api';
import { classes } from '../components/basics';
import { TimeAgo } from '../components/time';
import { warningIcon } from '../icons';

/** One line: whether callers of the older version can call the newer one; why not, and who calls. */
export function Compatibility(props: {
  compatibility: ICompatibility;
  /** Who is known to give each variable that the newer side breaks, as far as it is known. */
  callers: ReadonlyMap<string, ICallerList>;
  trans: TranslationBundle;
}): JSX.Element {
  const { compatibility, trans } = props;
  const { compatible, breaks } = compatibility;
  const Icon = compatible ? checkIcon : warningIcon;
  const shown = new Set<string>();
  return (
    <div
      className={classes('jp-PromptHub-banner', compatible ? 'jp-mod-success' : 'jp-mod-warn')}
      role="note"
    >
      <Icon.react tag="span" className="jp-PromptHub-icon" />
      <div>
        <strong>
          {compatible
            ? trans.__('Compatible: callers of the older version can call the newer one.')
            : trans._n(
                'Not compatible: %1 change breaks callers of the older version.',
                'Not compatible: %1 changes break callers of the older version.',
                breaks.length
              )}
        </strong>
        {breaks.length > 0 && (
          <ul>
            {breaks.map(each => {
              const first = each.unit === 'variable' && !shown.has(each.name);
              shown.add(each.name);
              const callers = first ? props.callers.get(each.name) : undefined;
              return (
                <li key={each.label}>
                  {each.label}
                  {callers && <Callers list={callers} trans={trans} />}
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </div>
  );
}

function Callers(props: { list: ICallerList; trans: TranslationBundle }): JSX.Element {
  const { trans } = props;
  const { items, more } = props.list;
  if (items.length === 0) {
    return <div className="jp-PromptHub-muted">{trans.__('No known caller gives it.')}</div>;
  }
  return (
    <details>
      <summary>
        {more
          ? trans.__('%1 known callers or more give it', items.length)
          : trans._n('%1 known caller gives it', '%1 known callers give it', items.length)}
      </summary>
      <ul>
        {items.map(each => (
          <li key={each.execution_id}>
            <Place caller={each} trans={trans} />{' '}
            <span className="jp-PromptHub-muted">
              {each.actor.display_name} · {trans._n('%1 run', '%1 runs', each.runs)} ·{' '}
              <TimeAgo time={each.last_at} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Place(props: { caller: IKnownCaller; trans: TranslationBundle }): JSX.Element {
  const { kind, notebook, cell_id } = props.caller.caller;
  const { trans } = props;
  if (!notebook) {
    return <>{kind}</>;
  }
  // what the kernel was told: an absolute path as a rule, which only the reader can place
  const name = notebook.split('/').pop() ?? notebook;
  return (
    <span title={notebook}>
      {cell_id ? trans.__('%1, cell %2', name, cell_id.slice(0, 8)) : name}
    </span>
  );
}
