import * as React from 'react';
import { classes } from '../../components/basics';
import type { LibraryModel } from './model';

/** Tags seen at once; the others behind “more”. */
const SHOWN_TAGS = 12;

/** Tags to filter by, and the archive. */
export function FilterBar(props: { model: LibraryModel }): JSX.Element {
  const { model } = props;
  const trans = model.hub.trans;
  const [all, setAll] = React.useState(false);
  const chosen = model.chosenTags;
  const ordered = [...model.tags].sort(
    (a, b) => Number(chosen.has(b.tag)) - Number(chosen.has(a.tag)) || b.prompts - a.prompts
  );
  const shown = all ? ordered : ordered.slice(0, Math.max(SHOWN_TAGS, chosen.size));
  const more = ordered.length - shown.length;
  return (
    <div className="jp-PromptHub-filters">
      <div className="jp-PromptHub-filters-tags" role="group" aria-label={trans.__('Tags')}>
        {shown.map(({ tag, prompts }) => (
          <button
            key={tag}
            type="button"
            className={classes('jp-PromptHub-tag', chosen.has(tag) && 'jp-mod-chosen')}
            aria-pressed={chosen.has(tag)}
            title={trans._n('%2: %1 prompt', '%2: %1 prompts', prompts, tag)}
            onClick={() => model.toggleTag(tag)}
          >
            <span className="jp-PromptHub-ellipsis">{tag}</span>
            <span className="jp-PromptHub-tag-count">{prompts}</span>
          </button>
        ))}
        {more > 0 && (
          <button type="button" className="jp-PromptHub-link" onClick={() => setAll(true)}>
            {trans.__('%1 more', more)}
          </button>
        )}
        {ordered.length === 0 && (
          <span className="jp-PromptHub-muted">{trans.__('No tags in use.')}</span>
        )}
      </div>
      <div className="jp-PromptHub-filters-line">
        <label className="jp-PromptHub-check">
          <input
            type="checkbox"
            checked={model.archived}
            onChange={event => (model.archived = event.target.checked)}
          />
          {trans.__('Archived prompts')}
        </label>
        {model.isFiltered && (
          <button type="button" className="jp-PromptHub-link" onClick={() => model.clearFilters()}>
            {trans.__('Clear')}
          </button>
        )}
      </div>
    </div>
  );
}
