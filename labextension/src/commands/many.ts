import { Notification, showDialog, Dialog } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import type { IBulkChange, IBulkFailure, IBulkItem } from '../api';
import { reportDone, reportError } from '../components/notify';
import type { ICommandContext } from './context';

/** Prompts that one request changes: others may write in between, and Cancel is heard after each. */
const CHUNK = 250;
/** Failures named in a notice; the others behind “Show all”. */
const NAMED = 3;

/** A long piece of work in steps, with its progress and a way to stop it. */
export class Progress {
  /** Nothing is shown for work of a single step. */
  constructor(
    private readonly _context: ICommandContext,
    private readonly _say: (done: number) => string,
    private readonly _total: number,
    shown: boolean
  ) {
    if (shown) {
      this._id = Notification.emit(_say(0), 'in-progress', {
        autoClose: false,
        progress: 0,
        actions: [
          {
            label: _context.trans.__('Cancel'),
            callback: event => {
              event.preventDefault(); // the notice stays until the step has ended
              this._stopped = true;
            }
          }
        ]
      });
    }
  }

  get isStopped(): boolean {
    return this._stopped;
  }

  step(done: number): void {
    if (this._id !== null) {
      const message = this._stopped ? this._context.trans.__('Stopping…') : this._say(done);
      Notification.update({ id: this._id, message, progress: done / Math.max(1, this._total) });
    }
  }

  end(): void {
    if (this._id !== null) {
      Notification.dismiss(this._id);
    }
  }

  private _id: string | null = null;
  private _stopped = false;
}

/** What a change of many prompts is called. */
export interface IWords {
  /** “Archiving %1 of %2…” */
  doing: (done: string, total: string) => string;
  /** “Archived 3 prompts” */
  done: (changed: number) => string;
  /** “Could not archive”. */
  failed: string;
}

/**
 * Change many prompts, chunk by chunk: progress, cancel, what failed and why, and undo of what was done.
 */
export async function changeMany(
  context: ICommandContext,
  items: readonly IBulkItem[],
  change: Omit<IBulkChange, 'items'>,
  words: IWords
): Promise<void> {
  const { trans } = context;
  const undo: IBulkItem[] = [];
  const failed: IBulkFailure[] = [];
  let error: unknown = null;
  const total = items.length;
  const progress = new Progress(
    context,
    done => words.doing(done.toLocaleString(), total.toLocaleString()),
    total,
    total > CHUNK
  );
  for (let at = 0; at < total && !progress.isStopped; at += CHUNK) {
    try {
      const report = await context.hub.api.prompts.bulk({
        ...change,
        items: items.slice(at, at + CHUNK)
      });
      undo.push(...report.undo);
      failed.push(...report.failed);
    } catch (thrown) {
      error = thrown;
      break;
    }
    progress.step(Math.min(total, at + CHUNK));
  }
  progress.end();
  if (undo.length > 0) {
    offerUndo(context, words.done(undo.length), undo);
  } else if (failed.length === 0 && error === null) {
    reportDone(trans.__('Nothing to change'));
  }
  if (error !== null) {
    reportError(trans, words.failed, error);
  }
  if (failed.length > 0) {
    tellFailures(context, words.failed, failed);
  }
}

/** Say what was done, with a way back. */
export function offerUndo(
  context: ICommandContext,
  message: string,
  items: readonly IBulkItem[]
): void {
  const { trans } = context;
  reportDone(message, [
    {
      label: trans.__('Undo'),
      callback: () =>
        void changeMany(
          context,
          [...items].reverse(),
          {},
          {
            doing: (done, total) => trans.__('Undoing: %1 of %2…', done, total),
            done: () => trans.__('Undone: %1', message),
            failed: trans.__('Could not undo')
          }
        )
    }
  ]);
}

function tellFailures(
  { trans }: ICommandContext,
  what: string,
  failed: readonly IBulkFailure[]
): void {
  const lines = failed.map(each => (each.name ? `${each.name}: ${each.message}` : each.message));
  const rest = failed.length - NAMED;
  const shown = [
    trans._n('%2 for %1 prompt:', '%2 for %1 prompts:', failed.length, what),
    ...lines.slice(0, NAMED)
  ];
  const actions: Notification.IAction[] = [];
  if (rest > 0) {
    shown.push(trans._n('and %1 more', 'and %1 more', rest));
    const body = new Widget();
    body.addClass('jp-PromptHub-failures');
    body.node.textContent = lines.join('\n');
    actions.push({
      label: trans.__('Show all'),
      callback: () =>
        void showDialog({
          title: what,
          body,
          buttons: [Dialog.okButton({ label: trans.__('Close') })]
        })
    });
  }
  Notification.warning(shown.join('\n'), { autoClose: false, actions });
}
