import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { CommandIDs } from '../../commands/ids';
import { classes, IconButton } from '../../components/basics';
import { archiveIcon, exportIcon, moveIcon, restoreIcon, tagsIcon } from '../../icons';
import type { LibraryModel } from './model';

/** How many prompts are selected, and what can be done with them. */
export function SelectionBar(props: { model: LibraryModel }): JSX.Element {
  const { selection, hub } = props.model;
  const { trans } = hub;
  const isShown = selection.size > 0;
  // the region for screen readers is there before its words: they do not read one that comes with them
  return (
    <div
      className={classes(isShown && 'jp-PromptHub-selectionBar')}
      role={isShown ? 'toolbar' : undefined}
      aria-label={isShown ? trans.__('Selected prompts') : undefined}
    >
      <span className="jp-PromptHub-ellipsis" role="status">
        {isShown && trans._n('%1 selected', '%1 selected', selection.size)}
      </span>
      {isShown && <Actions model={props.model} />}
    </div>
  );
}

function Actions(props: { model: LibraryModel }): JSX.Element {
  const { model } = props;
  const { hub, selection } = model;
  const { trans } = hub;
  const mayWrite = hub.can('prompt:write');
  const { archived } = model.filter;
  return (
    <>
      <span className="jp-PromptHub-spacer" />
      <IconButton
        icon={tagsIcon}
        label={trans.__('Add or remove tags')}
        disabled={!mayWrite || archived}
        onClick={() => model.run(CommandIDs.tagMany, {})}
      />
      <IconButton
        icon={moveIcon}
        label={trans.__('Move to a folder')}
        disabled={!mayWrite || archived}
        onClick={() => model.run(CommandIDs.moveMany, {})}
      />
      <IconButton
        icon={exportIcon}
        label={trans.__('Export')}
        onClick={() => model.run(CommandIDs.exportMany, {})}
      />
      <IconButton
        icon={archived ? restoreIcon : archiveIcon}
        label={archived ? trans.__('Restore from the archive') : trans.__('Archive')}
        disabled={!hub.can('prompt:delete')}
        onClick={() => model.run(archived ? CommandIDs.restoreMany : CommandIDs.archiveMany, {})}
      />
      <IconButton
        icon={closeIcon}
        label={trans.__('Select nothing')}
        onClick={() => selection.clear()}
      />
    </>
  );
}
