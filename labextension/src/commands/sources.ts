import type { Contents } from '@jupyterlab/services';

/** A file that is to be imported, read when it is its turn. */
export interface ISource {
  /** With the folders it was in: `support/refund.prompt`. */
  readonly path: string;
  /** In bytes, where it is known before it is read. */
  readonly size?: number;
  /** Fails where the file is no text in UTF-8. */
  text(): Promise<string>;
}

/** What is taken out of a folder; a file that is chosen itself may also be a text. */
const IN_FOLDERS = /\.(prompt|prompty|json)$/i;
/** Folders that hold no prompts of people. */
const SKIPPED = /^(\.|node_modules$|__pycache__$)/;

/** Files that were chosen, or dropped one by one. */
export function ofFiles(files: readonly File[]): ISource[] {
  return files.map(file => ofFile(file, file.webkitRelativePath || file.name));
}

function ofFile(file: File, path: string): ISource {
  const text = async (): Promise<string> =>
    // `file.text()` would put something else in the place of what is no text
    new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  return { path, size: file.size, text };
}

/** Files and folders of the desktop. To be called while the drop is handled: its data is gone afterwards. */
export async function ofTransfer(data: DataTransfer): Promise<ISource[]> {
  const entries = [...data.items].map(item => item.webkitGetAsEntry());
  if (entries.every(entry => entry === null || entry.isFile)) {
    return ofFiles([...data.files]);
  }
  const found: ISource[] = [];
  for (const entry of entries) {
    if (entry) {
      await walk(entry, '', found, true);
    }
  }
  return found;
}

async function walk(
  entry: FileSystemEntry,
  parent: string,
  found: ISource[],
  chosen: boolean
): Promise<void> {
  const path = parent + entry.name;
  if (entry.isFile) {
    if (chosen || IN_FOLDERS.test(entry.name)) {
      const file = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject)
      );
      found.push(ofFile(file, path));
    }
    return;
  }
  if (!chosen && SKIPPED.test(entry.name)) {
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // it gives them by the hundred
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject)
    );
    if (some.length === 0) {
      return;
    }
    for (const each of some) {
      await walk(each, `${path}/`, found, false);
    }
  }
}

/** Files and folders of JupyterLab's file browser. */
export async function ofContents(
  contents: Contents.IManager,
  paths: readonly string[]
): Promise<ISource[]> {
  const found: ISource[] = [];
  for (const path of paths) {
    await visit(path, '', true);
  }
  return found;

  async function visit(path: string, parent: string, chosen: boolean): Promise<void> {
    const model = await contents.get(path, { content: false });
    if (model.type === 'directory') {
      if (chosen || !SKIPPED.test(model.name)) {
        const inside = await contents.get(path, { content: true });
        for (const each of inside.content as readonly Contents.IModel[]) {
          await visit(each.path, `${parent}${model.name}/`, false);
        }
      }
    } else if (chosen || IN_FOLDERS.test(model.name)) {
      const text = async () => {
        const file = await contents.get(path, { content: true, type: 'file', format: 'text' });
        return String(file.content);
      };
      found.push({ path: parent + model.name, text });
    }
  }
}
