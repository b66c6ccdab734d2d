import type { IPrompt } from '../../api';

/** Notebooks insert cells of this type where it is dropped. */
export const CELL_MIME = 'application/vnd.jupyter.cells';

/** Beside dropped cells: promises of what the server writes into each, of null where it does not. */
export const WRITTEN_MIME = 'application/vnd.prompthub.written-cells';

/** A new code cell in the notebook format. */
export interface ICellJSON {
  cell_type: 'code';
  source: string;
  metadata: object;
  outputs: [];
  execution_count: null;
}

export function newCell(source: string): ICellJSON {
  return { cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null };
}

/** How others should name it: as production serves it, else the newest. */
export function referenceOf(prompt: Pick<IPrompt, 'served'>): string {
  return prompt.served.some(each => each.environment === 'production') ? 'production' : 'latest';
}
