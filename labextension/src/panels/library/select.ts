import type { LibraryModel } from './model';
import type { Slot } from './outline';
import { FLAT } from './outline';
import type { View } from './view';

/** Select what is between two lines, also what is not loaded. */
export async function selectRange(model: LibraryModel, from: number, to: number): Promise<void> {
  const { view } = model;
  const isWanted = model.selection.ask();
  const ids: string[] = [];
  for (const [list, first, last] of view?.outline.ranges(Math.min(from, to), Math.max(from, to)) ??
    []) {
    const known: string[] = [];
    for (let place = first; place <= last; place++) {
      const prompt = view?.pages.get(list, place);
      if (!prompt) {
        break;
      }
      known.push(prompt.id);
    }
    if (known.length === last - first + 1) {
      ids.push(...known);
    } else {
      const all = await model.hub.api.prompts.ids(model.asked(list));
      ids.push(...all.ids.slice(first, last + 1));
    }
  }
  if (view === model.view && isWanted()) {
    model.selection.range(ids);
  }
}

/** Select everything that is shown, also in closed folders. */
export async function selectAll(model: LibraryModel): Promise<void> {
  const { view } = model;
  const isWanted = model.selection.ask();
  const { ids } = await model.hub.api.prompts.ids(model.asked());
  if (view === model.view && isWanted()) {
    model.selection.set(ids);
  }
}

/** The ids of all prompts in a folder, also in folders of it. */
export async function idsBelow(model: LibraryModel, path: string): Promise<readonly string[]> {
  return (await model.hub.api.prompts.ids(model.asked(path, false))).ids;
}

/**
 * Go to the next line that begins with what was typed: in the folder where typing began, then anywhere. What is not loaded
 * the server finds.
 *
 * @param from the line where typing began.
 * @param isCurrent whether the reader has gone nowhere else since.
 */
export async function typeAhead(
  model: LibraryModel,
  typed: string,
  from: number,
  isCurrent: () => boolean
): Promise<void> {
  const { view } = model;
  const slot = view?.outline.at(from);
  if (!view || !slot) {
    return;
  }
  const begins = typed.toLowerCase();
  // one letter goes on from here; more letters may still mean this line
  const first = typed.length > 1 ? from : from + 1;
  const list = listOf(slot);
  const near = known(model, begins, first, list);
  if (near >= 0) {
    model.setActive(near);
    return;
  }
  if (list !== FLAT && view.filter.sort === 'name' && !isLoaded(view, list)) {
    const name = list + begins;
    const found = await model.hub.api.prompts.position({ ...model.asked(list), name });
    const index = view.outline.promptIndex(list, found.position);
    if (!isCurrent() || view !== model.view) {
      return;
    }
    if (index >= 0 && found.name?.startsWith(name)) {
      model.setActive(index);
      return;
    }
  }
  const far = known(model, begins, first, null);
  if (far >= 0) {
    model.setActive(far);
  }
}

/** The list that a line is in; of an open folder, the one that it shows. */
function listOf(slot: Slot): string {
  if (slot.kind === 'prompt') {
    return slot.list;
  }
  return slot.open ? slot.folder.path : slot.folder.parent;
}

function isLoaded(view: View, list: string): boolean {
  for (let place = 0; view.outline.promptIndex(list, place) >= 0; place++) {
    if (!view.pages.get(list, place)) {
      return false;
    }
  }
  return true;
}

/** The next line that is loaded and begins so, around the end; of one folder's lines, or (null) of all. */
function known(model: LibraryModel, begins: string, first: number, list: string | null): number {
  for (let step = 0; step < model.count; step++) {
    const index = (first + step) % model.count;
    const row = model.row(index);
    if (
      row?.label.toLowerCase().startsWith(begins) &&
      (list === null || list === FLAT || row.parent === list)
    ) {
      return index;
    }
  }
  return -1;
}
