import type { IFileToRead, IImportItem } from '../api';
import { asPromptHubError } from '../api';
import type { ICommandContext } from './context';
import type { ISource } from './sources';

/** One request takes so many prompts or files, and so much text: others may write in between. */
export const MOST_ITEMS = 100;
export const MOST_CHARACTERS = 4_000_000;

/** What cannot come in. */
export interface IRefusal {
  readonly name: string;
  readonly message: string;
}

/** Something in a file that has no place here. */
export interface ILost {
  readonly path: string;
  readonly message: string;
}

/** The prompts in the files, as the server reads them; what cannot be read is refused, and the others come in. */
export async function read(
  { hub, trans }: ICommandContext,
  sources: readonly ISource[],
  folder: string,
  refused: IRefusal[],
  lost: ILost[]
): Promise<IImportItem[]> {
  const items: IImportItem[] = [];
  const flush = async (files: readonly IFileToRead[]): Promise<void> => {
    for (const file of (await hub.api.transfer.read(files)).files) {
      if (file.refused) {
        refused.push({ name: file.path, message: file.refused });
      }
      for (const { name, message } of file.bad) {
        refused.push({ name: folder + name, message });
      }
      items.push(...file.items);
      for (const { place, message } of file.losses) {
        lost.push({ path: file.path, message: `${place}: ${message}` });
      }
    }
  };
  let files: IFileToRead[] = [];
  let room = MOST_CHARACTERS;
  for (const source of sources) {
    let text;
    try {
      text = await source.text();
    } catch (thrown) {
      const { message } = asPromptHubError(thrown);
      refused.push({ name: source.path, message: message || trans.__('It cannot be read') });
      continue;
    }
    if (files.length > 0 && (files.length >= MOST_ITEMS || text.length > room)) {
      await flush(files);
      files = [];
      room = MOST_CHARACTERS;
    }
    files.push({ path: source.path, text });
    room -= text.length;
  }
  if (files.length > 0) {
    await flush(files);
  }
  return items.map(item => ({ ...item, name: folder + item.name }));
}
