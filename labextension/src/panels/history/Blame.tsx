import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IBlame, IBlameUnit, IVersionSummary, PromptHubError } from '../../api';
import { asPromptHubError, isAbort } from '../../api';
import { IconButton } from '../../components/basics';
import { SHOWN_DIGITS } from '../../components/sha';
import { ErrorState, Loading } from '../../components/states';
import { Writer, writtenAt } from '../../components/writer';
import type { HistoryModel } from './model';

/** Who wrote each unit of a branch's head, and each line of a message, as they are now. */
export function BlameView(props: {
  model: HistoryModel;
  branch: string;
  choose: (branch: string) => void;
  close: () => void;
}): JSX.Element {
  const { model, branch } = props;
  const { hub, promptId } = model;
  const { trans } = hub;
  const [blame, setBlame] = React.useState<IBlame | null>(null);
  const [error, setError] = React.useState<PromptHubError | null>(null);
  const [turn, again] = React.useReducer((count: number) => count + 1, 0);
  const heads = model.branches.filter(each => each.head);
  const head = heads.find(each => each.name === branch)?.head;
  React.useEffect(() => {
    const loading = new AbortController();
    hub.api.versions.blame(promptId, branch, loading.signal).then(
      found => {
        setBlame(found);
        setError(null);
      },
      (thrown: unknown) => {
        if (!isAbort(thrown)) {
          setError(asPromptHubError(thrown));
        }
      }
    );
    return () => loading.abort();
  }, [hub, promptId, branch, head, turn]);
  const versions = React.useMemo(
    () => new Map(blame?.versions.map(each => [each.sha, each])),
    [blame]
  );
  return (
    <section className="jp-PromptHub-blame" aria-label={trans.__('Who wrote what')}>
      <header className="jp-PromptHub-history-filters">
        <div className="jp-PromptHub-select">
          <select
            aria-label={trans.__('Branch')}
            value={branch}
            onChange={event => props.choose(event.target.value)}
          >
            {heads.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <span className="jp-PromptHub-muted jp-PromptHub-blame-about">
          {trans.__('The version that brought each part as it is now')}
        </span>
        <IconButton
          icon={closeIcon}
          label={trans.__('Back to the versions')}
          onClick={props.close}
        />
      </header>
      {error ? (
        <ErrorState
          error={error}
          trans={trans}
          title={trans.__('Who wrote what could not be loaded')}
          onRetry={again}
        />
      ) : !blame ? (
        <Loading label={trans.__('Loading who wrote what')} rows={6} />
      ) : (
        <div className="jp-PromptHub-blame-units" tabIndex={0}>
          {!blame.complete && (
            <p className="jp-PromptHub-muted">
              {trans.__(
                'The history is too long to be walked whole: the oldest version that is named stands for all before it.'
              )}
            </p>
          )}
          {blame.units.map(unit => (
            <Unit key={unit.path} model={model} unit={unit} versions={versions} />
          ))}
        </div>
      )}
    </section>
  );
}

function Unit(props: {
  model: HistoryModel;
  unit: IBlameUnit;
  versions: ReadonlyMap<string, IVersionSummary>;
}): JSX.Element {
  const { model, unit, versions } = props;
  const lines = unit.lines.length > 0 ? unit.lines : [{ text: '', sha: unit.sha }];
  return (
    <article className="jp-PromptHub-blame-unit" data-path={unit.path}>
      <h3>
        <code>{unit.path}</code>
      </h3>
      <table>
        <tbody>
          {lines.map((line, at) => {
            const version = versions.get(line.sha);
            const isFirst = lines[at - 1]?.sha !== line.sha;
            return (
              <tr key={at} className={isFirst ? 'jp-mod-first' : undefined}>
                <th scope="row">{isFirst && version && <Who model={model} version={version} />}</th>
                <td>
                  {unit.lines.length > 0 ? line.text : version?.commit_message.split('\n', 1)[0]}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </article>
  );
}

function Who(props: { model: HistoryModel; version: IVersionSummary }): JSX.Element {
  const { model, version } = props;
  const { trans } = model.hub;
  const parent = version.parents[0];
  return (
    <button
      type="button"
      className="jp-PromptHub-blame-who"
      disabled={!parent}
      title={[
        version.commit_message || trans.__('(no message)'),
        `${version.sha.slice(0, SHOWN_DIGITS)}, ${new Date(writtenAt(version)).toLocaleString()}`,
        parent ? trans.__('Show what changed in this version') : trans.__('The first version')
      ].join('\n')}
      onClick={() => parent && model.compare(parent, version.sha)}
    >
      <Writer version={version} trans={trans} />
      <code>{version.sha.slice(0, SHOWN_DIGITS)}</code>
    </button>
  );
}
