import type { ILabStatus, ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import type { MainAreaWidget } from '@jupyterlab/apputils';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';
import type { IReviewKey } from '../api/reviews';
import { textArg } from '../commands/context';
import { reviewIcon } from '../icons';

export interface IReviewScreen<T extends MainAreaWidget> {
  command: string;
  label: string;
  caption: string;
  /** Of what is kept of the layout. */
  namespace: string;
  idOf: (key: IReviewKey) => string;
  keyOf: (widget: T) => IReviewKey;
  make: (key: IReviewKey) => T;
}

/** A command that opens a screen of a review in the main area, once for each review, and brings it back after a reload. */
export function addReviewScreen<T extends MainAreaWidget>(
  { commands, shell }: JupyterFrontEnd,
  restorer: ILayoutRestorer | null,
  screen: IReviewScreen<T>
): void {
  const tracker = new WidgetTracker<T>({ namespace: screen.namespace });
  commands.addCommand(screen.command, {
    label: screen.label,
    caption: screen.caption,
    icon: reviewIcon,
    isEnabled: args => keyOf(args) !== null,
    execute: async args => {
      const key = keyOf(args);
      if (!key) {
        return null;
      }
      const id = screen.idOf(key);
      let widget = tracker.find(each => each.id === id);
      if (!widget) {
        widget = screen.make(key);
        await tracker.add(widget);
        shell.add(widget, 'main');
      }
      shell.activateById(id);
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
      command: screen.command,
      args: widget => {
        const { promptId, number } = screen.keyOf(widget);
        return { prompt: promptId, number };
      },
      name: widget => widget.id
    });
  }
}

/** Where a page keeps words that are not sent, and what asks before the window is closed until they are kept. */
export function keepingOn(
  page: string,
  state: IStateDB | null,
  status: ILabStatus | null
): { page: string; state: IStateDB | null; guard: () => IDisposable } {
  const guard = (): IDisposable => status?.setDirty() ?? new DisposableDelegate(() => undefined);
  return { page, state, guard };
}

function keyOf(args: ReadonlyPartialJSONObject): IReviewKey | null {
  const promptId = textArg(args, 'prompt');
  const number = Number(args['number']);
  return promptId && Number.isInteger(number) && number > 0 ? { promptId, number } : null;
}
