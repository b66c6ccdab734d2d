import { closeIcon, refreshIcon, searchIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { IconButton } from '../../components/basics';
import type { HistoryModel } from './model';

/** What narrows the history. */
export function Filters(props: { model: HistoryModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const { filter } = model;
  const isText = filter.place === 'texts';
  return (
    <div className="jp-PromptHub-history-filters" role="search">
      <div className="jp-PromptHub-searchField">
        <searchIcon.react tag="span" className="jp-PromptHub-icon" />
        <input
          type="text"
          role="searchbox"
          value={filter.search}
          placeholder={
            isText
              ? trans.__('Which versions brought this text, or took it away')
              : trans.__('Search messages and SHAs')
          }
          aria-label={trans.__('Search the history')}
          spellCheck={false}
          onChange={event => model.setFilter({ search: event.target.value })}
        />
        {filter.search && (
          <IconButton
            icon={closeIcon}
            label={trans.__('Clear the search')}
            onClick={() => model.setFilter({ search: '' })}
          />
        )}
      </div>
      <div className="jp-PromptHub-select">
        <select
          aria-label={trans.__('Search in')}
          value={filter.place}
          onChange={event =>
            model.setFilter({ place: event.target.value === 'texts' ? 'texts' : 'messages' })
          }
        >
          <option value="messages">{trans.__('Messages')}</option>
          <option value="texts">{trans.__('Texts')}</option>
        </select>
      </div>
      <div className="jp-PromptHub-select">
        <select
          aria-label={trans.__('Branch')}
          disabled={isText}
          value={filter.branch}
          onChange={event => model.setFilter({ branch: event.target.value })}
        >
          <option value="">{trans.__('All branches')}</option>
          {model.branches.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div className="jp-PromptHub-select">
        <select
          aria-label={trans.__('Author')}
          disabled={isText}
          value={filter.author}
          onChange={event => model.setFilter({ author: event.target.value })}
        >
          <option value="">{trans.__('Everybody')}</option>
          {model.authors.map(({ id, display_name }) => (
            <option key={id} value={id}>
              {display_name || id}
            </option>
          ))}
        </select>
      </div>
      <IconButton
        icon={refreshIcon}
        label={trans.__('Load again')}
        onClick={() => void model.reload()}
      />
    </div>
  );
}
