import { caretDownIcon, caretUpIcon, refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IVersion } from '../api';
import { CommandIDs } from '../commands/ids';
import { Badge, Button, environmentKind, IconButton } from '../components/basics';
import { useSignal, useSize } from '../components/hooks';
import { ShaChip } from '../components/sha';
import { EmptyState, ErrorState, Loading } from '../components/states';
import { Writer } from '../components/writer';
import { branchIcon, compareIcon } from '../icons';
import { ChangeCard, opLook } from './ChangeCard';
import { Compatibility } from './Compatibility';
import { LayoutChoice, SPLIT_MIN_PX } from './LayoutChoice';
import { Merge } from './Merge';
import type { DiffModel } from './model';

/** Two versions compared. */
export function Diff(props: { model: DiffModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  useSignal(model.changed);
  const root = React.useRef<HTMLDivElement>(null);
  const { width } = useSize(root);
  const { comparison, error } = model;

  let content: JSX.Element;
  if (error) {
    content = (
      <ErrorState
        error={error}
        trans={trans}
        title={trans.__('The versions could not be compared')}
        onRetry={() => void model.reload()}
      />
    );
  } else if (!comparison) {
    content = <Loading label={trans.__('Comparing')} rows={8} />;
  } else {
    const layout = width > 0 && width < SPLIT_MIN_PX ? 'inline' : model.layout;
    content = (
      <>
        <header className="jp-PromptHub-diff-sides">
          <VersionCard model={model} version={comparison.base} label={trans.__('Before')} />
          <IconButton
            icon={compareIcon}
            label={trans.__('Swap the sides')}
            onClick={() => model.swap()}
          />
          <VersionCard model={model} version={comparison.head} label={trans.__('After')} />
        </header>
        <Toolbar model={model} canSplit={width === 0 || width >= SPLIT_MIN_PX} />
        <div
          className="jp-PromptHub-diff-scroll"
          // the keyboard scrolls it
          tabIndex={0}
          role="region"
          aria-label={trans.__('Changes')}
        >
          {(model.changes.length > 0 || !comparison.compatibility.compatible) && (
            <Compatibility
              compatibility={comparison.compatibility}
              callers={model.callers}
              trans={trans}
            />
          )}
          {model.view === 'text' ? (
            <div className="jp-PromptHub-wholeText">
              <Merge
                before={comparison.base.text}
                after={comparison.head.text}
                layout={layout}
                whole
                trans={trans}
              />
            </div>
          ) : model.changes.length === 0 ? (
            <NoChanges model={model} />
          ) : (
            model.changes.map((change, index) => (
              <ChangeCard
                key={`${comparison.base.sha} ${comparison.head.sha} ${index}`}
                change={change}
                layout={layout}
                isActive={index === model.active}
                onFocus={() => model.activate(index)}
                trans={trans}
              />
            ))
          )}
        </div>
      </>
    );
  }
  return (
    <div ref={root} className="jp-PromptHub-diff-body" tabIndex={-1} onKeyDown={onKeyDown}>
      {content}
    </div>
  );

  function onKeyDown(event: React.KeyboardEvent): void {
    const inField = /^(INPUT|SELECT|TEXTAREA)$/.test((event.target as HTMLElement).tagName);
    if (inField || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const by = { n: 1, j: 1, p: -1, k: -1, F7: event.shiftKey ? -1 : 1 }[event.key];
    if (by && model.view === 'units') {
      event.preventDefault();
      event.stopPropagation();
      model.step(by as 1 | -1);
    }
  }
}

function VersionCard(props: { model: DiffModel; version: IVersion; label: string }): JSX.Element {
  const { model, version, label } = props;
  const { trans } = model.hub;
  const message = version.commit_message.split('\n', 1)[0] || trans.__('(no message)');
  return (
    <div className="jp-PromptHub-diff-side" aria-label={label}>
      <div className="jp-PromptHub-version-line">
        <span className="jp-PromptHub-version-message" title={version.commit_message}>
          {message}
        </span>
        <ShaChip sha={version.sha} trans={trans} />
      </div>
      <div className="jp-PromptHub-version-line jp-mod-meta">
        <Writer version={version} trans={trans} />
        <span>#{version.number}</span>
        <span className="jp-PromptHub-version-badges">
          {version.branches.map(name => (
            <Badge key={name} kind="brand" icon={branchIcon} title={trans.__('Head of %1', name)}>
              {name}
            </Badge>
          ))}
          {version.served_in.map(name => (
            <Badge key={name} kind={environmentKind(name)}>
              {name}
            </Badge>
          ))}
        </span>
      </div>
    </div>
  );
}

function Toolbar(props: { model: DiffModel; canSplit: boolean }): JSX.Element {
  const { model, canSplit } = props;
  const { trans } = model.hub;
  const count = model.changes.length;
  const units = model.view === 'units';
  return (
    <div className="jp-PromptHub-diff-toolbar" role="toolbar" aria-label={trans.__('Comparison')}>
      <div className="jp-PromptHub-segmented" role="group" aria-label={trans.__('View')}>
        <button type="button" aria-pressed={units} onClick={() => (model.view = 'units')}>
          {trans.__('Changes')}
        </button>
        <button type="button" aria-pressed={!units} onClick={() => (model.view = 'text')}>
          {trans.__('Whole text')}
        </button>
      </div>
      {units && count > 0 && (
        <>
          <span className="jp-PromptHub-diff-steps">
            <IconButton
              icon={caretUpIcon}
              label={trans.__('Previous change (p)')}
              onClick={() => model.step(-1)}
            />
            <span className="jp-PromptHub-muted jp-PromptHub-nowrap" aria-live="polite">
              {model.active < 0
                ? trans._n('%1 change', '%1 changes', count)
                : trans.__('%1 of %2', model.active + 1, count)}
            </span>
            <IconButton
              icon={caretDownIcon}
              label={trans.__('Next change (n)')}
              onClick={() => model.step(1)}
            />
          </span>
          <span className="jp-PromptHub-diff-counts">
            {[...model.counts].map(([op, number]) => {
              const { label, kind } = opLook(op, trans);
              return (
                <Badge key={op} kind={kind}>
                  {trans.__('%1 %2', number, label)}
                </Badge>
              );
            })}
          </span>
        </>
      )}
      <span className="jp-PromptHub-spacer" />
      <IconButton
        icon={refreshIcon}
        label={trans.__('Load again')}
        onClick={() => void model.reload()}
      />
      {canSplit && (
        <LayoutChoice
          layout={model.layout}
          onChange={layout => (model.layout = layout)}
          trans={trans}
        />
      )}
    </div>
  );
}

function NoChanges(props: { model: DiffModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const textOnly = model.comparison?.diff.text_only ?? false;
  return (
    <EmptyState
      icon={compareIcon}
      title={
        textOnly
          ? trans.__('Only layout or comments differ')
          : trans.__('These versions say the same')
      }
      actions={
        textOnly ? (
          <Button onClick={() => (model.view = 'text')}>{trans.__('See the whole text')}</Button>
        ) : (
          <Button onClick={() => model.run(CommandIDs.openHistory, { promptId: model.promptId })}>
            {trans.__('History')}
          </Button>
        )
      }
    >
      {textOnly
        ? trans.__('What is sent to a model is the same.')
        : trans.__('Pick two other versions in the history.')}
    </EmptyState>
  );
}
