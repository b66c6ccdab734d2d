import { Notification } from '@jupyterlab/apputils';
import type { IStateDB } from '@jupyterlab/statedb';

/**
 * Before the id of what is kept. When the layout comes back, JupyterLab's trackers remove everything that has their
 * namespace before its first colon and is none of their widgets: no tracker may be called so.
 */
const NAMESPACE = 'prompthub-kept';

/**
 * What the browser's workspace keeps under an id; undefined where it keeps nothing. Where it cannot be read that is
 * told with `lost`, which says what begins anew.
 */
export async function recall(state: IStateDB | null, id: string, lost: string): Promise<unknown> {
  try {
    return await state?.fetch(`${NAMESPACE}:${id}`);
  } catch (error) {
    console.warn(`PromptHub: what is kept under ${id} could not be read`, error);
    Notification.warning(lost, { autoClose: 8000 });
    return undefined;
  }
}

/** Keep a value in the browser's workspace; what cannot be kept is not worth an interruption. */
export async function keep(state: IStateDB | null, id: string, value: object): Promise<void> {
  try {
    await state?.save(`${NAMESPACE}:${id}`, value as Parameters<IStateDB['save']>[1]);
  } catch (error) {
    console.warn(`PromptHub: what belongs under ${id} could not be kept`, error);
  }
}

/** Keep nothing under an id any more. */
export async function forget(state: IStateDB | null, id: string): Promise<void> {
  try {
    await state?.remove(`${NAMESPACE}:${id}`);
  } catch (error) {
    console.warn(`PromptHub: what is kept under ${id} could not be removed`, error);
  }
}
