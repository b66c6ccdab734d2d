import type { LibraryModel } from './model';
import { FLAT } from './outline';

/** Select what is between two lines, also what is not loaded. */
export async function selectRange(model: LibraryModel, from: number, to: number): Promise<void> {
  const { view } = model;
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
  if (view === model.view) {
    model.selection.range(ids);
  }
}

/** Select everything that is shown, also in closed folders. */
export async function selectAll(model: LibraryModel): Promise<void> {
  const { view } = model;
  const { ids } = await model.hub.api.prompts.ids(model.asked());
  if (view === model.view) {
    model.selection.set(ids);
  }
}

/** The ids of all prompts in a folder, also in folders of it. */
export async function idsBelow(model: LibraryModel, path: string): Promise<readonly string[]> {
  return (await model.hub.api.prompts.ids(model.asked(path, false))).ids;
}

/**
 * Go to the next line that begins with what was typed. In a folder that is not loaded whole, the server says where
 * that is.
 */
export async function typeAhead(model: LibraryModel, typed: string): Promise<void> {
  const { view, active, count } = model;
  const begins = typed.toLowerCase();
  // one letter goes on from here; more letters may still mean this line
  for (let step = typed.length > 1 ? 0 : 1; step < count; step++) {
    const index = (active + step) % count;
    if (model.row(index)?.label.toLowerCase().startsWith(begins)) {
      model.setActive(index);
      return;
    }
  }
  const slot = view?.outline.at(active);
  if (!view || !slot || view.filter.sort !== 'name') {
    return;
  }
  const { path, parent } = slot.kind === 'folder' ? slot.folder : { path: slot.list, parent: '' };
  const list = slot.kind === 'folder' && !slot.open ? parent : path;
  if (list !== FLAT) {
    const asked = { ...model.asked(list), name: list + begins };
    const { position } = await model.hub.api.prompts.position(asked);
    const index = view.outline.promptIndex(list, position);
    if (index >= 0 && view === model.view) {
      model.setActive(index);
    }
  }
}
