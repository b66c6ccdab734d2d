import * as React from 'react';
import { classes } from '../../components/basics';
import type { Order } from './filter';
import type { LibraryModel } from './model';

/** Tags seen at once; the others behind “more”. */
const SHOWN_TAGS = 12;

/** The order, states and tags to filter by. */
export function FilterBar(props: { model: LibraryModel }): JSX.Element {
  const { model } = props;
  const trans = model.hub.trans;
  const { filter, facets } = model;
  const environments =
    filter.served && !facets.environments.includes(filter.served)
      ? [filter.served, ...facets.environments]
      : facets.environments;
  return (
    <div className="jp-PromptHub-filters" role="group" aria-label={trans.__('Filters')}>
      <div className="jp-PromptHub-filters-fields">
        <Select
          label={trans.__('Sort')}
          value={filter.sort}
          options={[
            ['name', filter.search.trim() ? trans.__('Best match') : trans.__('Name')],
            ['updated', trans.__('Last change')],
            ['created', trans.__('Newest first')]
          ]}
          onChange={sort => model.setFilter({ sort: sort as Order })}
        />
        <Select
          label={trans.__('Served in')}
          value={filter.served}
          options={[
            ['', trans.__('Any, or none')],
            ...environments.map(each => [each, each] as const)
          ]}
          onChange={served => model.setFilter({ served })}
        />
      </div>
      <div className="jp-PromptHub-filters-states">
        <Check
          label={trans.__('Unsaved draft')}
          checked={filter.draft}
          onChange={draft => model.setFilter({ draft })}
        />
        <Check
          label={trans.__('Newest not served')}
          title={trans.__('An environment serves an older version than the newest')}
          checked={filter.behind}
          onChange={behind => model.setFilter({ behind })}
        />
        <Check
          label={trans.__('Made by me')}
          checked={filter.mine}
          onChange={mine => model.setFilter({ mine })}
        />
        <Check
          label={trans.__('Archived prompts')}
          checked={filter.archived}
          onChange={archived => model.setFilter({ archived })}
        />
      </div>
      <Tags model={model} />
    </div>
  );
}

function Tags(props: { model: LibraryModel }): JSX.Element {
  const { model } = props;
  const trans = model.hub.trans;
  const [all, setAll] = React.useState(false);
  const chosen = new Set(model.filter.tags);
  const counts = new Map(model.facets.tags.map(({ tag, prompts }) => [tag, prompts]));
  const ordered = [...new Set([...chosen, ...counts.keys()])].sort(
    (a, b) =>
      Number(chosen.has(b)) - Number(chosen.has(a)) || (counts.get(b) ?? 0) - (counts.get(a) ?? 0)
  );
  const shown = all ? ordered : ordered.slice(0, Math.max(SHOWN_TAGS, chosen.size));
  const more = ordered.length - shown.length;
  const toggle = (tag: string) =>
    model.setFilter({
      tags: chosen.has(tag) ? [...chosen].filter(each => each !== tag) : [...chosen, tag].sort()
    });
  return (
    <div className="jp-PromptHub-filters-tags" role="group" aria-label={trans.__('Tags')}>
      {shown.map(tag => {
        const prompts = counts.get(tag) ?? 0;
        return (
          <button
            key={tag}
            type="button"
            className={classes('jp-PromptHub-tag', chosen.has(tag) && 'jp-mod-chosen')}
            aria-pressed={chosen.has(tag)}
            title={trans._n('%2: %1 prompt', '%2: %1 prompts', prompts, tag)}
            onClick={() => toggle(tag)}
          >
            <span className="jp-PromptHub-ellipsis">{tag}</span>
            <span className="jp-PromptHub-tag-count">{prompts}</span>
          </button>
        );
      })}
      {more > 0 && (
        <button type="button" className="jp-PromptHub-link" onClick={() => setAll(true)}>
          {trans.__('%1 more', more)}
        </button>
      )}
      {ordered.length === 0 && (
        <span className="jp-PromptHub-muted">{trans.__('No tags in use.')}</span>
      )}
    </div>
  );
}

function Select(props: {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChange: (value: string) => void;
}): JSX.Element {
  return (
    <label className="jp-PromptHub-filters-field">
      <span>{props.label}</span>
      <span className="jp-PromptHub-select">
        <select value={props.value} onChange={event => props.onChange(event.target.value)}>
          {props.options.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </span>
    </label>
  );
}

function Check(props: {
  label: string;
  title?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}): JSX.Element {
  return (
    <label className="jp-PromptHub-check" title={props.title}>
      <input
        type="checkbox"
        checked={props.checked}
        onChange={event => props.onChange(event.target.checked)}
      />
      {props.label}
    </label>
  );
}
