import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import type { PanelLayout } from '@lumino/widgets';
import { CommandIDs } from '../commands';
import type { IPromptHub } from '../tokens';
import { NotebookDrift } from './drift';
import { DriftLine } from './driftline';

/** Keep the lines below a notebook's prompt cells true, as long as the notebook is open. */
export function showDrift(
  panel: NotebookPanel,
  hub: IPromptHub,
  commands: CommandRegistry
): NotebookDrift {
  const drift = new NotebookDrift(panel, hub);
  const lines = new WeakMap<Cell, DriftLine>();

  const make = (cell: Cell): DriftLine => {
    const line = new DriftLine(hub.trans, {
      compare: (promptId, base, head) =>
        void commands.execute(CommandIDs.compareVersions, { promptId, base, head }),
      runAgain: () => void NotebookActions.runCells(panel.content, [cell], panel.sessionContext)
    });
    lines.set(cell, line);
    (cell.layout as PanelLayout).addWidget(line);
    return line;
  };

  const show = (cell: Cell): void => {
    const shown = drift.cells.get(cell.model) ?? null;
    const line = lines.get(cell) ?? (shown && !cell.isDisposed ? make(cell) : null);
    if (line) {
      line.shown = shown;
    }
  };

  drift.changed.connect(() => {
    for (const cell of panel.content.widgets) {
      if (drift.cells.has(cell.model) || lines.has(cell)) {
        // a cell that was never in sight has no parts yet
        void cell.ready.then(() => show(cell));
      }
    }
  });
  panel.disposed.connect(() => drift.dispose());
  return drift;
}
