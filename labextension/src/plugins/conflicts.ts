import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabStatus, ILayoutRestorer } from '@jupyterlab/application';
import { IStateDB } from '@jupyterlab/statedb';
import { CommandIDs } from '../commands';
import { ReviewConflictsWidget } from '../conflict';
import { ReviewModel } from '../review';
import { IPromptHub } from '../tokens';
import { addReviewScreen, keepingOn } from './reviewscreens';

/** Conflicts of reviews, in the main area. */
export const conflictsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:conflicts',
  description: 'Conflicts of reviews, decided by several people.',
  autoStart: true,
  requires: [IPromptHub],
  optional: [ILayoutRestorer, IStateDB, ILabStatus],
  activate: (
    app: JupyterFrontEnd,
    hub: IPromptHub,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    status: ILabStatus | null
  ) => {
    const { trans } = hub;
    const keeping = keepingOn('conflicts', state, status);
    const run = (command: string, args: object) => void app.commands.execute(command, { ...args });
    addReviewScreen<ReviewConflictsWidget>(app, restorer, {
      command: CommandIDs.resolveReview,
      label: trans.__('Conflicts of a review'),
      caption: trans.__('Decide where both branches changed the same, together with others'),
      namespace: 'prompthub-conflicts',
      idOf: ReviewConflictsWidget.idOf,
      keyOf: widget => widget.model.key,
      make: key => new ReviewConflictsWidget(new ReviewModel(hub, key, run, keeping))
    });
  }
};
