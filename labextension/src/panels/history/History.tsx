import { closeIcon, historyIcon, searchIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { CommandIDs } from '../../commands/ids';
import { Button, classes, IconButton } from '../../components/basics';
import { useSignal } from '../../components/hooks';
import { ShaChip } from '../../components/sha';
import { EmptyState, ErrorState, Loading } from '../../components/states';
import { UsedBy } from '../../components/usedby';
import { compareIcon, promptIcon, reviewIcon, versionIcon } from '../../icons';
import { VirtualRows } from '../library/VirtualRows';
import { BlameView } from './Blame';
import { Environments } from './Environments';
import { Filters } from './Filters';
import type { HistoryModel } from './model';
import { EVERYTHING } from './pages';
import { ROW_PX, VersionRow } from './VersionRow';

/** Older versions are asked for while so many rows are left below. */
const AHEAD_ROWS = 60;

/** The history of a prompt: what environments serve, and its versions as a graph. */
export function History(props: { model: HistoryModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  useSignal(model.changed);
  const [blamed, setBlamed] = React.useState<string | null>(null);
  if (model.error && model.versions.length === 0) {
    return (
      <ErrorState
        error={model.error}
        trans={trans}
        title={trans.__('The history could not be loaded')}
        onRetry={() => void model.reload()}
      />
    );
  }
  const { prompt } = model;
  if (!prompt) {
    return <Loading label={trans.__('Loading the history')} rows={8} />;
  }
  return (
    <div className="jp-PromptHub-history-body">
      <header className="jp-PromptHub-header">
        <div className="jp-PromptHub-header-texts">
          <h2 className="jp-PromptHub-ellipsis" title={prompt.title}>
            {prompt.title}
          </h2>
          <span className="jp-PromptHub-ellipsis jp-PromptHub-muted" title={prompt.name}>
            {prompt.name}
          </span>
        </div>
        {model.hub.can('review:write') && !prompt.archived && model.branches.length > 1 && (
          <Button
            icon={reviewIcon}
            onClick={() =>
              model.run(CommandIDs.newReview, {
                promptId: model.promptId,
                branch: model.filter.branch || 'main'
              })
            }
          >
            {trans.__('Open review…')}
          </Button>
        )}
        {model.branches.some(each => each.head) && (
          <Button
            icon={versionIcon}
            pressed={blamed !== null}
            onClick={() => setBlamed(blamed === null ? model.filter.branch || 'main' : null)}
          >
            {trans.__('Who wrote what')}
          </Button>
        )}
        <Button
          icon={promptIcon}
          onClick={() => model.run(CommandIDs.openPrompt, { promptId: model.promptId })}
        >
          {trans.__('Open prompt')}
        </Button>
      </header>
      {model.dependents && <UsedBy list={model.dependents} trans={trans} />}
      <Environments model={model} />
      {blamed !== null && (
        <BlameView model={model} branch={blamed} choose={setBlamed} close={() => setBlamed(null)} />
      )}
      {blamed === null && (
        <>
          <Filters model={model} />
          <div
            className={classes('jp-PromptHub-progress', model.loading && 'jp-mod-active')}
            aria-hidden
          />
          <Versions model={model} />
          <CompareBar model={model} />
        </>
      )}
    </div>
  );
}

function Versions(props: { model: HistoryModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const { versions } = model;
  const [active, setActive] = React.useState(0);
  const grid = React.useRef<HTMLDivElement>(null);
  const reveal = React.useRef<((index: number) => void) | null>(null);
  const wanted = React.useRef<number | null>(null);
  const [, update] = React.useReducer((times: number) => times + 1, 0);
  const count = versions.length;
  const onRange = React.useCallback(
    (_: number, last: number) => {
      if (last > count - AHEAD_ROWS) {
        void model.loadMore();
      }
    },
    [model, count]
  );
  // the row is there once it was rendered
  React.useEffect(() => {
    if (wanted.current !== null) {
      const row = `[aria-rowindex="${wanted.current + 1}"]`;
      grid.current?.querySelector<HTMLElement>(row)?.focus({ preventScroll: true });
      wanted.current = null;
    }
  });

  if (versions.length === 0) {
    return model.isFiltered ? (
      <EmptyState
        icon={searchIcon}
        title={trans.__('No version matches')}
        actions={
          <Button onClick={() => model.setFilter(EVERYTHING)}>
            {trans.__('Clear the filters')}
          </Button>
        }
      />
    ) : (
      <EmptyState icon={historyIcon} title={trans.__('No versions yet')}>
        {trans.__('Edit the prompt and save a version; it will appear here.')}
      </EmptyState>
    );
  }

  const focus = (index: number): void => {
    const next = Math.min(Math.max(index, 0), count - 1);
    wanted.current = next;
    reveal.current?.(next);
    setActive(next);
    update();
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const version = versions[active];
    const onRow = (event.target as HTMLElement).getAttribute('role') === 'row';
    const keys: { [key: string]: () => void } = {
      ArrowDown: () => focus(active + 1),
      ArrowUp: () => focus(active - 1),
      Home: () => focus(0),
      End: () => focus(versions.length - 1)
    };
    if (onRow && version) {
      keys[' '] = () => model.pick(version);
      keys['Enter'] = () => {
        if (model.picked.length === 2) {
          model.comparePicked();
        } else if (version.parents[0]) {
          model.compare(version.parents[0], version.sha);
        }
      };
      keys['Escape'] = () => model.clearPicked();
    }
    const action = keys[event.key];
    if (action) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  };

  const at = Math.min(active, count - 1);
  return (
    <div className="jp-PromptHub-versions">
      <VirtualRows
        ref={grid}
        count={count}
        rowHeight={ROW_PX}
        active={at}
        keyOf={index => versions[index]?.sha ?? String(index)}
        onRange={onRange}
        initial={0}
        reveal={reveal}
        attributes={{
          role: 'grid',
          'aria-label': trans.__('Versions'),
          'aria-multiselectable': true,
          'aria-rowcount': model.hasMore ? -1 : count,
          'aria-busy': model.loading,
          onKeyDown
        }}
        render={(index, style) => {
          const version = versions[index];
          return version ? (
            <VersionRow
              model={model}
              version={version}
              graph={model.nodes[index]}
              index={index}
              style={style}
              isActive={index === at}
              onFocus={() => setActive(index)}
            />
          ) : null;
        }}
      />
    </div>
  );
}

function CompareBar(props: { model: HistoryModel }): JSX.Element | null {
  const { model } = props;
  const { trans } = model.hub;
  const [base, head] = model.picked;
  if (!base) {
    return null;
  }
  return (
    <div className="jp-PromptHub-compareBar" role="status">
      <ShaChip sha={base.sha} trans={trans} />
      <span className="jp-PromptHub-ellipsis">
        {head ? '→' : trans.__('Pick another version to compare with.')}
      </span>
      {head && <ShaChip sha={head.sha} trans={trans} />}
      <span className="jp-PromptHub-spacer" />
      <Button primary icon={compareIcon} disabled={!head} onClick={() => model.comparePicked()}>
        {trans.__('Compare')}
      </Button>
      <IconButton
        icon={closeIcon}
        label={trans.__('Drop the choice')}
        onClick={() => model.clearPicked()}
      />
    </div>
  );
}
