import { Notification } from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import { notebookIcon } from '@jupyterlab/ui-components';
import type { Drag } from '@lumino/dragdrop';
import { CommandIDs } from '../commands';
import type { ICommandContext } from '../commands/context';
import { addPromptCommand } from '../commands/context';
import { reportError } from '../components/notify';
import type { ICellJSON } from '../panels/library';
import { CELL_MIME, PROMPTS_MIME, referenceOf, WRITTEN_MIME } from '../panels/library';

/** What the magics need once in a notebook. */
const LOAD = '%load_ext jupyter_prompthub';

/** The command that puts a prompt into the notebook that was used last, below its active cell. */
export function addInsertCommand(context: ICommandContext, tracker: INotebookTracker): void {
  const { app, hub, trans } = context;
  addPromptCommand(context, CommandIDs.insertCell, {
    label: trans.__('Insert into Notebook'),
    caption: trans.__('A cell that runs the prompt, below the active cell of the notebook'),
    icon: notebookIcon,
    execute: async ({ promptId }) => {
      const panel = tracker.currentWidget;
      if (!panel) {
        Notification.info(trans.__('Open a notebook first: the cell goes below its active cell.'), {
          autoClose: 4000
        });
        return;
      }
      try {
        const prompt = await hub.api.prompts.get(promptId);
        const { text } = await hub.api.versions.cell(promptId, referenceOf(prompt));
        const source = loadLine(panel) + text;
        app.shell.activateById(panel.id);
        NotebookActions.insertBelow(panel.content);
        panel.content.activeCell?.model.sharedModel.setSource(source);
      } catch (error) {
        reportError(trans, trans.__('The cell was not inserted'), error);
      }
    }
  });
}

/** Prompts that are dropped on a notebook whose cells do not load the magics bring that along. */
export function acceptDrops(panel: NotebookPanel): void {
  const onDrop = ({ mimeData }: Drag.Event): void => {
    const cells = mimeData.hasData(PROMPTS_MIME) && (mimeData.getData(CELL_MIME) as ICellJSON[]);
    const first = cells ? cells[0] : undefined;
    if (cells && first) {
      const load = loadLine(panel);
      first.source = load + first.source;
      const sources = cells.map(({ source }) => source);
      const written = mimeData.getData(WRITTEN_MIME) as Promise<string | null>[];
      const before = new Set(panel.content.widgets);
      void Promise.resolve().then(() => {
        select(panel, before);
        const dropped = panel.content.widgets.filter(cell => !before.has(cell));
        written.forEach((text, index) => {
          const begin = index === 0 ? load : '';
          void text.then(
            late => late !== null && fill(dropped[index], sources[index], begin + late)
          );
        });
      });
    }
  };
  // before the notebook itself, which inserts the cells
  panel.node.addEventListener('lm-drop', event => onDrop(event as Drag.Event), true);
}

/** The first cell that was dropped is the active one; the notebook itself selects the one before it. */
function select({ content: notebook }: NotebookPanel, before: ReadonlySet<Cell>): void {
  const index = notebook.widgets.findIndex(cell => !before.has(cell));
  if (index >= 0) {
    notebook.deselectAll();
    notebook.activeCellIndex = index;
    // it has the focus last, after the one that the notebook is about to give it to
    void NotebookActions.focusActiveCell(notebook);
  }
}

/** Write a cell that was dropped before the server had written it, unless somebody has changed it since. */
function fill(cell: Cell | undefined, dropped: string | undefined, text: string): void {
  const shared = cell && !cell.isDisposed ? cell.model.sharedModel : null;
  if (shared && text !== dropped && shared.getSource() === dropped) {
    shared.setSource(text);
  }
}

/** What loads the magics, to begin a cell with; empty when a cell of the notebook has it. */
function loadLine(panel: NotebookPanel): string {
  const cells = [...(panel.content.model?.cells ?? [])];
  return cells.some(cell => cell.sharedModel.getSource().includes(LOAD)) ? '' : `${LOAD}\n`;
}
