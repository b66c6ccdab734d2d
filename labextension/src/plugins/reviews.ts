import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabStatus, ILayoutRestorer } from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IStateDB } from '@jupyterlab/statedb';
import { CommandIDs } from '../commands';
import { ReviewModel, ReviewView, ReviewWidget } from '../review';
import { IPromptHub } from '../tokens';
import { addReviewScreen, keepingOn } from './reviewscreens';

/** Reviews, in the main area. */
export const reviewsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:reviews',
  description: 'Reviews of branches of prompts.',
  autoStart: true,
  requires: [IPromptHub, IRenderMimeRegistry],
  optional: [ILayoutRestorer, IStateDB, ILabStatus],
  activate: (
    app: JupyterFrontEnd,
    hub: IPromptHub,
    rendermime: IRenderMimeRegistry,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    status: ILabStatus | null
  ) => {
    const { trans } = hub;
    const view = new ReviewView(state);
    void view.restore(trans);
    const keeping = keepingOn('review', state, status);
    const run = (command: string, args: object) => void app.commands.execute(command, { ...args });
    addReviewScreen<ReviewWidget>(app, restorer, {
      command: CommandIDs.openReview,
      label: trans.__('Review'),
      caption: trans.__(
        'What a branch would bring, what people say of it, and whether it may be merged'
      ),
      namespace: 'prompthub-review',
      idOf: ReviewWidget.idOf,
      keyOf: widget => widget.model.key,
      make: key =>
        new ReviewWidget({ model: new ReviewModel(hub, key, run, keeping), view, rendermime })
    });
  }
};
