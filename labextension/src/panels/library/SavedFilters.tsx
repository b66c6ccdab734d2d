import * as React from 'react';
import { CommandIDs } from '../../commands/ids';
import { classes } from '../../components/basics';
import { useSignal } from '../../components/hooks';
import { EVERYTHING, isSame, only } from './filter';
import type { LibraryModel } from './model';
import type { Preferences } from './preferences';

/** Filters under names: a click shows one, and once more everything. */
export function SavedFilters(props: {
  model: LibraryModel;
  preferences: Preferences;
}): JSX.Element | null {
  const { model, preferences } = props;
  const { trans } = model.hub;
  useSignal(preferences.changed);
  const { saved } = preferences;
  const { filter } = model;
  const isNew = !isSame(filter, { ...EVERYTHING }) && !saved.some(each => isSame(filter, each));
  if (saved.length === 0 && !isNew) {
    return null;
  }
  return (
    <div className="jp-PromptHub-savedFilters" role="group" aria-label={trans.__('Saved filters')}>
      {saved.map(each => {
        const isShown = isSame(filter, each);
        return (
          <button
            key={each.name}
            type="button"
            className={classes(
              'jp-PromptHub-tag',
              'jp-PromptHub-savedFilter',
              isShown && 'jp-mod-chosen'
            )}
            data-filter={each.name}
            aria-pressed={isShown}
            title={trans.__('%1 (F2 renames, Delete removes)', each.name)}
            onClick={() => {
              model.setFilter(isShown ? EVERYTHING : only(each));
            }}
            onKeyDown={event => {
              const command = {
                F2: CommandIDs.renameFilter,
                Delete: CommandIDs.deleteFilter
              }[event.key];
              if (command) {
                event.preventDefault();
                model.run(command, { name: each.name });
              }
            }}
          >
            <span className="jp-PromptHub-ellipsis">{each.name}</span>
          </button>
        );
      })}
      {isNew && (
        <button
          type="button"
          className="jp-PromptHub-link"
          onClick={() => model.run(CommandIDs.saveFilter, {})}
        >
          {trans.__('Save this filter')}
        </button>
      )}
    </div>
  );
}
