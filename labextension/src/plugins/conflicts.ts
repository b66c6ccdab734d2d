import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { CommandIDs } from '../commands';
import { ReviewConflictsWidget } from '../conflict';
import { reviewIcon } from '../icons';
import { ReviewModel } from '../review';
import { IPromptHub } from '../tokens';
import { keyOf } from './reviews';

/** Conflicts of reviews, in the main area. */
export const conflictsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:conflicts',
  description: 'Conflicts of reviews, decided by several people.',
  autoStart: true,
  requires: [IPromptHub],
  optional: [ILayoutRestorer],
  activate: (app: JupyterFrontEnd, hub: IPromptHub, restorer: ILayoutRestorer | null) => {
    const { trans } = hub;
    const run = (command: string, args: object) => void app.commands.execute(command, { ...args });
    const tracker = new WidgetTracker<ReviewConflictsWidget>({ namespace: 'prompthub-conflicts' });

    app.commands.addCommand(CommandIDs.resolveReview, {
      label: trans.__('Conflicts of a review'),
      caption: trans.__('Decide where both branches changed the same, together with others'),
      icon: reviewIcon,
      isEnabled: args => keyOf(args) !== null,
      execute: async args => {
        const key = keyOf(args);
        if (!key) {
          return null;
        }
        const id = ReviewConflictsWidget.idOf(key);
        let widget = tracker.find(each => each.id === id);
        if (!widget) {
          widget = new ReviewConflictsWidget(new ReviewModel(hub, key, run));
          await tracker.add(widget);
          app.shell.add(widget, 'main');
        }
        app.shell.activateById(id);
        return widget;
      },
      describedBy: {
        args: {
          type: 'object',
          properties: {
            prompt: { type: 'string', description: 'The id of the prompt.' },
            number: { type: 'number', description: 'The number of the review.' }
          },
          required: ['prompt', 'number']
        }
      }
    });

    if (restorer) {
      void restorer.restore(tracker, {
        command: CommandIDs.resolveReview,
        args: ({ model: { key } }) => ({ prompt: key.promptId, number: key.number }),
        name: widget => widget.id
      });
    }
  }
};
