import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { CommandIDs } from '../../commands/ids';
import { IconButton } from '../../components/basics';
import { archiveIcon, exportIcon, moveIcon, restoreIcon, tagsIcon } from '../../icons';
import type { LibraryModel } from './model';

/** How many prompts are selected, and what can be done with them. */
export function SelectionBar(props: { model: LibraryModel }): JSX.Element | null {
  const { model } = props;
  const { hub, selection } = model;
  const { trans } = hub;
  const mayWrite = hub.can('prompt:write');
  if (selection.size < 1) {
    return null;
  }
  const { archived } = model.filter;
  return (
    <div
      className="jp-PromptHub-selectionBar"
      role="toolbar"
      aria-label={trans.__('Selected prompts')}
    >
      <span className="jp-PromptHub-ellipsis" role="status">
        {trans._n('%1 selected', '%1 selected', selection.size)}
      </span>
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
    </div>
  );
}
