import type { TranslationBundle } from '@jupyterlab/translation';
import {
  closeIcon,
  collapseAllIcon,
  expandAllIcon,
  filterDotIcon,
  filterIcon,
  refreshIcon,
  searchIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';
import { CommandIDs } from '../../commands/ids';
import { Button, classes, IconButton } from '../../components/basics';
import { useSignal } from '../../components/hooks';
import { EmptyState, ErrorState, Loading } from '../../components/states';
import { importIcon, newPromptIcon } from '../../icons';
import { FilterBar } from './FilterBar';
import type { LibraryModel } from './model';
import { MOST_ROWS } from './outline';
import type { Preferences } from './preferences';
import { SavedFilters } from './SavedFilters';
import { SelectionBar } from './SelectionBar';
import { Tree } from './Tree';

/** The library: what there is, found by name, text and tags. */
export function Library(props: { model: LibraryModel; preferences: Preferences }): JSX.Element {
  const { model, preferences } = props;
  const { hub, showFilters } = model;
  const trans = hub.trans;
  useSignal(model.changed);
  useSignal(hub.meChanged);
  useSignal(preferences.changed);
  const mayWrite = hub.can('prompt:write');

  return (
    <div className="jp-PromptHub-library-body">
      <div className="jp-PromptHub-library-toolbar" role="toolbar" aria-label={trans.__('Library')}>
        <Button
          primary
          icon={newPromptIcon}
          disabled={!mayWrite}
          title={trans.__('Create a new prompt')}
          onClick={() => model.run(CommandIDs.newPrompt, {})}
        >
          {trans.__('New prompt')}
        </Button>
        <span className="jp-PromptHub-spacer" />
        <IconButton
          icon={importIcon}
          label={trans.__('Import .prompt files, exports, and the formats of other tools')}
          disabled={!mayWrite}
          onClick={() => model.run(CommandIDs.import, {})}
        />
        <IconButton
          icon={expandAllIcon}
          label={trans.__('Open all folders')}
          disabled={model.isFlat}
          onClick={() => model.setAllOpen(true)}
        />
        <IconButton
          icon={collapseAllIcon}
          label={trans.__('Close all folders')}
          disabled={model.isFlat}
          onClick={() => model.setAllOpen(false)}
        />
        <IconButton
          icon={refreshIcon}
          label={trans.__('Load again')}
          onClick={() => void model.reload()}
        />
      </div>
      <div className="jp-PromptHub-library-search">
        <SearchField model={model} trans={trans} />
        <IconButton
          icon={model.isNarrowed ? filterDotIcon : filterIcon}
          label={
            showFilters
              ? trans.__('Hide the filters')
              : trans.__('Sort, and filter by tag or state')
          }
          pressed={showFilters}
          onClick={() => (model.showFilters = !showFilters)}
        />
      </div>
      {showFilters && <FilterBar model={model} />}
      <SavedFilters model={model} preferences={preferences} />
      <div
        className={classes('jp-PromptHub-progress', model.loading && 'jp-mod-active')}
        aria-hidden
      />
      <Body model={model} preferences={preferences} />
      <SelectionBar model={model} />
      <div className="jp-PromptHub-library-footer" aria-live="polite">
        {model.error && model.view ? (
          <button
            type="button"
            className="jp-PromptHub-link"
            title={model.error.message}
            onClick={() => void model.reload()}
          >
            {trans.__('A part could not be loaded. Try again')}
          </button>
        ) : (
          <span className="jp-PromptHub-ellipsis">{summary(model, trans)}</span>
        )}
        {(model.isNarrowed || model.filter.search.trim() !== '') && (
          <button type="button" className="jp-PromptHub-link" onClick={() => model.clearFilters()}>
            {trans.__('Clear')}
          </button>
        )}
        {hub.me && (
          <span className="jp-PromptHub-ellipsis" title={trans.__('Workspace')}>
            {hub.me.workspace.name}
          </span>
        )}
      </div>
    </div>
  );
}

function SearchField(props: { model: LibraryModel; trans: TranslationBundle }): JSX.Element {
  const { model, trans } = props;
  const input = React.useRef<HTMLInputElement>(null);
  return (
    <div className="jp-PromptHub-searchField">
      <searchIcon.react tag="span" className="jp-PromptHub-icon" />
      <input
        ref={input}
        type="text"
        role="searchbox"
        value={model.filter.search}
        placeholder={trans.__('Search names, tags and text')}
        aria-label={trans.__('Search the library')}
        spellCheck={false}
        onChange={event => model.setFilter({ search: event.target.value })}
        onKeyDown={event => {
          if (event.key === 'Escape' && model.filter.search) {
            event.stopPropagation();
            model.setFilter({ search: '' });
          } else if (event.key === 'ArrowDown') {
            event.preventDefault();
            input.current
              ?.closest('.jp-PromptHub-library-body')
              ?.querySelector<HTMLElement>('[role="tree"]')
              ?.focus();
          }
        }}
      />
      {model.filter.search && (
        <IconButton
          icon={closeIcon}
          label={trans.__('Clear the search')}
          onClick={() => {
            model.setFilter({ search: '' });
            input.current?.focus();
          }}
        />
      )}
    </div>
  );
}

function Body(props: { model: LibraryModel; preferences: Preferences }): JSX.Element {
  const { model, preferences } = props;
  const { hub } = model;
  const trans = hub.trans;
  if (model.error && !model.view) {
    return (
      <ErrorState
        error={model.error}
        trans={trans}
        title={trans.__('The library could not be loaded')}
        onRetry={() => {
          void hub.reconnect();
          void model.reload();
        }}
      />
    );
  }
  if (!model.view) {
    return <Loading label={trans.__('Loading the library')} rows={9} />;
  }
  if (model.count > 0) {
    return <Tree model={model} density={preferences.density} />;
  }
  if (model.isFlat || model.isNarrowed) {
    return (
      <EmptyState
        icon={searchIcon}
        title={
          model.filter.archived && !model.isFlat
            ? trans.__('No archived prompts')
            : trans.__('No prompt matches')
        }
        actions={
          <Button onClick={() => model.clearFilters()}>
            {trans.__('Clear search and filters')}
          </Button>
        }
      >
        {model.isFlat
          ? trans.__('The search looks at names, titles, tags and the text of prompts.')
          : null}
      </EmptyState>
    );
  }
  const mayWrite = hub.can('prompt:write');
  return (
    <EmptyState
      title={trans.__('No prompts yet')}
      actions={
        <>
          <Button
            primary
            icon={newPromptIcon}
            disabled={!mayWrite}
            onClick={() => model.run(CommandIDs.newPrompt, {})}
          >
            {trans.__('New prompt')}
          </Button>
          <Button
            icon={importIcon}
            disabled={!mayWrite}
            onClick={() => model.run(CommandIDs.import, {})}
          >
            {trans.__('Import files')}
          </Button>
          <Button onClick={() => model.run(CommandIDs.quickstart, {})}>
            {trans.__('Quickstart notebook')}
          </Button>
        </>
      }
    >
      {trans.__(
        'A prompt is versioned like code. Write one, drop .prompt files here, or follow the quickstart.'
      )}
    </EmptyState>
  );
}

function summary(model: LibraryModel, trans: TranslationBundle): string {
  const { total } = model;
  if (total === null) {
    return '';
  }
  const shown = total.toLocaleString();
  if (!model.isFlat && !model.isNarrowed) {
    return trans._n('%2 prompt', '%2 prompts', total, shown);
  }
  return total >= MOST_ROWS
    ? trans.__('%1 matches or more', shown)
    : trans._n('%2 match', '%2 matches', total, shown);
}
