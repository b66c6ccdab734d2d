import { closeIcon, refreshIcon, searchIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { CommandIDs } from '../../commands/ids';
import { Button, classes, IconButton } from '../../components/basics';
import { useSignal } from '../../components/hooks';
import { EmptyState, ErrorState, Loading } from '../../components/states';
import { reviewIcon } from '../../icons';
import type { InboxModel } from './model';
import { TABS } from './model';
import { Rows } from './Rows';
import { label } from './words';

/** The reviews that concern the caller. */
export function Inbox(props: { model: InboxModel; go: (command: string) => void }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const id = React.useId();
  useSignal(model.changed);
  return (
    <div className="jp-PromptHub-inbox-body">
      <div className="jp-PromptHub-inbox-head">
        <h2>{trans.__('Reviews')}</h2>
        <IconButton
          icon={refreshIcon}
          label={trans.__('Load again')}
          onClick={() => void model.reload()}
        />
      </div>
      <Tabs model={model} id={id} />
      <Search model={model} />
      <div
        className={classes('jp-PromptHub-progress', model.isLoading && 'jp-mod-active')}
        aria-hidden
      />
      <div
        id={`${id}-panel`}
        role="tabpanel"
        className="jp-PromptHub-inbox-panel"
        aria-labelledby={`${id}-${model.tab}`}
      >
        <Body model={model} id={id} go={props.go} />
      </div>
      <div className="jp-PromptHub-library-footer" aria-live="polite">
        {model.error && model.reviews ? (
          <button
            type="button"
            className="jp-PromptHub-link"
            title={model.error.message}
            onClick={() => void model.reload()}
          >
            {trans.__('Could not be loaded again. Try again')}
          </button>
        ) : (
          <span>
            {model.reviews &&
              trans._n('%2 review', '%2 reviews', model.total, model.total.toLocaleString())}
          </span>
        )}
      </div>
    </div>
  );
}

function Tabs(props: { model: InboxModel; id: string }): JSX.Element {
  const { model, id } = props;
  const { trans } = model.hub;
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>): void => {
    const at = TABS.indexOf(model.tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    const tab = to === undefined ? undefined : TABS.at(to % TABS.length);
    if (tab) {
      event.preventDefault();
      model.tab = tab;
      document.getElementById(`${id}-${tab}`)?.focus();
    }
  };
  return (
    <div
      role="tablist"
      className="jp-PromptHub-inbox-tabs"
      aria-label={trans.__('Which reviews')}
      onKeyDown={onKeyDown}
    >
      {TABS.map(tab => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`${id}-${tab}`}
          data-tab={tab}
          aria-controls={`${id}-panel`}
          aria-selected={tab === model.tab}
          tabIndex={tab === model.tab ? 0 : -1}
          onClick={() => (model.tab = tab)}
        >
          {label(tab, trans)}
          {tab === 'to_review' && !!model.waiting && (
            <span className="jp-PromptHub-count">{model.waiting.toLocaleString()}</span>
          )}
        </button>
      ))}
    </div>
  );
}

function Search(props: { model: InboxModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const input = React.useRef<HTMLInputElement>(null);
  return (
    <div className="jp-PromptHub-library-search">
      <div className="jp-PromptHub-searchField">
        <searchIcon.react tag="span" className="jp-PromptHub-icon" />
        <input
          ref={input}
          type="text"
          role="searchbox"
          value={model.search}
          placeholder={trans.__('Title, prompt or branch')}
          aria-label={trans.__('Search the reviews')}
          spellCheck={false}
          onChange={event => (model.search = event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Escape' && model.search) {
              event.stopPropagation();
              model.search = '';
            } else if (event.key === 'ArrowDown') {
              event.preventDefault();
              input.current
                ?.closest('.jp-PromptHub-inbox-body')
                ?.querySelector<HTMLElement>('[role="listbox"]')
                ?.focus();
            }
          }}
        />
        {model.search && (
          <IconButton
            icon={closeIcon}
            label={trans.__('Clear the search')}
            onClick={() => {
              model.search = '';
              input.current?.focus();
            }}
          />
        )}
      </div>
    </div>
  );
}

function Body(props: {
  model: InboxModel;
  id: string;
  go: (command: string) => void;
}): JSX.Element {
  const { model, go } = props;
  const { trans, error } = model.hub;
  const failed = model.error ?? error;
  if (failed && !model.reviews) {
    return (
      <ErrorState
        error={failed}
        trans={trans}
        title={trans.__('The reviews could not be loaded')}
        onRetry={() => {
          void model.hub.reconnect();
          void model.reload();
        }}
      />
    );
  }
  if (!model.reviews) {
    return <Loading label={trans.__('Loading the reviews')} rows={5} />;
  }
  if (model.reviews.length > 0) {
    return <Rows model={model} id={props.id} />;
  }
  if (model.search.trim()) {
    return (
      <EmptyState
        icon={searchIcon}
        title={trans.__('No review matches')}
        actions={
          <Button onClick={() => (model.search = '')}>{trans.__('Clear the search')}</Button>
        }
      />
    );
  }
  return <Nothing model={model} go={go} />;
}

/** Nothing in a list: what would be in it, and how it gets there. */
function Nothing(props: { model: InboxModel; go: (command: string) => void }): JSX.Element {
  const { model, go } = props;
  const { trans } = model.hub;
  const all = <Button onClick={() => (model.tab = 'all')}>{trans.__('Show all open')}</Button>;
  const ask = (
    <Button
      primary
      icon={reviewIcon}
      disabled={!model.hub.can('review:write') || !model.hub.current}
      title={
        model.hub.current ? undefined : trans.__('Open a prompt first: its branches are reviewed')
      }
      onClick={() => go(CommandIDs.newReview)}
    >
      {trans.__('Open review…')}
    </Button>
  );
  const library = <Button onClick={() => go(CommandIDs.openLibrary)}>{trans.__('Library')}</Button>;
  switch (model.tab) {
    case 'to_review':
      return (
        <EmptyState icon={reviewIcon} title={trans.__('Nothing waits for you')} actions={all}>
          {trans.__('Reviews that you are asked for are here, until you have said what you think.')}
        </EmptyState>
      );
    case 'mentioned':
      return (
        <EmptyState icon={reviewIcon} title={trans.__('Nobody mentions you')} actions={all}>
          {trans.__('Reviews in which somebody writes @ and your name are here.')}
        </EmptyState>
      );
    case 'mine':
      return (
        <EmptyState
          icon={reviewIcon}
          title={trans.__('You have no open review')}
          actions={
            <>
              {ask}
              {library}
            </>
          }
        >
          {trans.__(
            'Make a branch of a prompt, save a version there, and ask others to look at it.'
          )}
        </EmptyState>
      );
    case 'all':
      return (
        <EmptyState
          icon={reviewIcon}
          title={trans.__('No review is open')}
          actions={
            <>
              {ask}
              {library}
            </>
          }
        >
          {trans.__(
            'A review shows what a branch would bring, so that others can say what they think first.'
          )}
        </EmptyState>
      );
  }
}
