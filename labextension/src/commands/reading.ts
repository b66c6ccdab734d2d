import type { TranslationBundle } from '@jupyterlab/translation';
import type { IFileToRead, IImportItem } from '../api';
import { asPromptHubError } from '../api';
import type { ICommandContext } from './context';
import type { ISource } from './sources';

/** One request takes so many prompts or files, and so much text: others may write in between. */
export const MOST_ITEMS = 100;
export const MOST_CHARACTERS = 4_000_000;
/** Of a file; the server reads fewer characters, and says so of all that one request can hold. */
const MOST_BYTES = 16 * 1024 * 1024;

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
      text = await textOf(source, trans);
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

/** A file that is no text is refused here by its name: the server would refuse all files of the request. */
async function textOf(source: ISource, trans: TranslationBundle): Promise<string> {
  if ((source.size ?? 0) > MOST_BYTES) {
    throw new Error(
      trans.__(
        'the file has %1 MB, expected at most %2; split it',
        Math.ceil(source.size! / 1e6).toLocaleString(),
        Math.floor(MOST_BYTES / 1e6).toLocaleString()
      )
    );
  }
  const noText = () => new Error(trans.__('it is no text in UTF-8; a prompt is a text'));
  let text;
  try {
    text = await source.text();
  } catch (thrown) {
    throw thrown instanceof TypeError ? noText() : thrown;
  }
  if (text.includes('\0')) {
    throw noText();
  }
  return text;
}
