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
import { Tree } from './Tree';

/** The library: what there is, found by name, text and tags. */
export function Library(props: { model: LibraryModel }): JSX.Element {
  const { model } = props;
  const { hub } = model;
  const trans = hub.trans;
  useSignal(model.changed);
  useSignal(hub.meChanged);
  const [showFilters, setShowFilters] = React.useState(model.isFiltered);
  const mayWrite = hub.can('prompt:write');

  return (
    <div className="jp-PromptHub-library-body" onDragOver={allowFiles} onDrop={drop}>
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
          label={trans.__('Import .prompt or JSON files')}
          disabled={!mayWrite}
          onClick={() => model.run(CommandIDs.import, {})}
        />
        <IconButton
          icon={expandAllIcon}
          label={trans.__('Open all folders')}
          disabled={model.isSearching}
          onClick={() => model.setAllOpen(true)}
        />
        <IconButton
          icon={collapseAllIcon}
          label={trans.__('Close all folders')}
          disabled={model.isSearching}
          onClick={() => model.setAllOpen(false)}
        />
        <IconButton
          icon={refreshIcon}
          label={trans.__('Load again')}
          onClick={() => void model.reload(true)}
        />
      </div>
      <div className="jp-PromptHub-library-search">
        <SearchField model={model} trans={trans} />
        <IconButton
          icon={model.isFiltered ? filterDotIcon : filterIcon}
          label={showFilters ? trans.__('Hide the filters') : trans.__('Filter by tag or archive')}
          pressed={showFilters}
          onClick={() => setShowFilters(!showFilters)}
        />
      </div>
      {showFilters && <FilterBar model={model} />}
      <div
        className={classes('jp-PromptHub-progress', model.loading && 'jp-mod-active')}
        aria-hidden
      />
      <Body model={model} />
      <div className="jp-PromptHub-library-footer" aria-live="polite">
        <span className="jp-PromptHub-ellipsis">{summary(model, trans)}</span>
        {hub.me && (
          <span className="jp-PromptHub-ellipsis" title={trans.__('Workspace')}>
            {hub.me.workspace.name}
          </span>
        )}
      </div>
    </div>
  );

  function allowFiles(event: React.DragEvent): void {
    if (event.dataTransfer.types.includes('Files')) {
      event.preventDefault();
    }
  }

  function drop(event: React.DragEvent): void {
    if (event.dataTransfer.files.length > 0) {
      event.preventDefault();
      model.importFiles([...event.dataTransfer.files]);
    }
  }
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
        value={model.search}
        placeholder={trans.__('Search names, tags and text')}
        aria-label={trans.__('Search the library')}
        spellCheck={false}
        onChange={event => (model.search = event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape' && model.search) {
            event.stopPropagation();
            model.search = '';
          } else if (event.key === 'ArrowDown') {
            event.preventDefault();
            input.current
              ?.closest('.jp-PromptHub-library-body')
              ?.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')
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
  );
}

function Body(props: { model: LibraryModel }): JSX.Element {
  const { model } = props;
  const { hub } = model;
  const trans = hub.trans;
  if (model.error) {
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
  if (!model.isLoaded) {
    return <Loading label={trans.__('Loading the library')} rows={9} />;
  }
  if (model.rows.length > 0) {
    return <Tree model={model} />;
  }
  if (model.isSearching || model.isFiltered) {
    return (
      <EmptyState
        icon={searchIcon}
        title={model.archived ? trans.__('No archived prompts') : trans.__('No prompt matches')}
        actions={
          <Button onClick={() => model.clearFilters()}>
            {trans.__('Clear search and filters')}
          </Button>
        }
      >
        {model.isSearching
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
  const total = model.total;
  if (total === null || model.error) {
    return '';
  }
  if (model.isSearching || model.isFiltered) {
    return trans._n('%1 match', '%1 matches', total);
  }
  return trans._n('%1 prompt', '%1 prompts', total);
}
