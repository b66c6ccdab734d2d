import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { CommandIDs } from '../commands';
import { textArg } from '../commands/context';
import { reviewIcon } from '../icons';
import { ReviewModel, ReviewWidget } from '../review';
import { IPromptHub } from '../tokens';

/** Reviews, in the main area. */
export const reviewsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:reviews',
  description: 'Reviews of branches of prompts.',
  autoStart: true,
  requires: [IPromptHub, IRenderMimeRegistry],
  optional: [ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    hub: IPromptHub,
    rendermime: IRenderMimeRegistry,
    restorer: ILayoutRestorer | null
  ) => {
    const { trans } = hub;
    const run = (command: string, args: object) => void app.commands.execute(command, { ...args });
    const tracker = new WidgetTracker<ReviewWidget>({ namespace: 'prompthub-review' });

    app.commands.addCommand(CommandIDs.openReview, {
      label: trans.__('Review'),
      caption: trans.__(
        'What a branch would bring, what people say of it, and whether it may be merged'
      ),
      icon: reviewIcon,
      isEnabled: args => keyOf(args) !== null,
      execute: async args => {
        const key = keyOf(args);
        if (!key) {
          return null;
        }
        const id = ReviewWidget.idOf(key);
        let widget = tracker.find(each => each.id === id);
        if (!widget) {
          const model = new ReviewModel(hub, key, run);
          widget = new ReviewWidget({ model, rendermime });
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
        command: CommandIDs.openReview,
        args: ({ model: { key } }) => ({ prompt: key.promptId, number: key.number }),
        name: widget => widget.id
      });
    }
  }
};

export function keyOf(
  args: ReadonlyPartialJSONObject
): { promptId: string; number: number } | null {
  const promptId = textArg(args, 'prompt');
  const number = Number(args['number']);
  return promptId && Number.isInteger(number) && number > 0 ? { promptId, number } : null;
}
