import type { IExportResponse, IImportItem } from '../api';
import { PromptHubError } from '../api';
import { slug } from './slug';

/** Let a person choose files. Empty when none. */
export function chooseFiles(accept: string): Promise<File[]> {
  return new Promise(resolve => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.accept = accept;
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** Hand a text to the browser as a file. */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // the browser has taken the data by the next task
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

/**
 * The prompts in a file: one of a `.prompt` file, all of an exported (or import request) `.json`.
 *
 * Throws a PromptHubError that says what is wrong with the file.
 */
export function itemsOf(fileName: string, text: string): IImportItem[] {
  if (!/\.json$/i.test(fileName)) {
    const stem = fileName.replace(/\.(prompt|txt|md)$/i, '');
    const name = stem.split('/').map(slug).filter(Boolean).join('/');
    return [
      {
        name: name || 'imported',
        title: stem.slice(stem.lastIndexOf('/') + 1),
        versions: [{ text, commit_message: `Imported from ${fileName}` }]
      }
    ];
  }
  const items = (parsed(fileName, text) as Partial<IExportResponse> | null)?.items;
  if (!Array.isArray(items) || !items.every(each => Array.isArray(each?.versions))) {
    throw new PromptHubError(
      `${fileName}: expected an export of PromptHub ({"items": [{"name", "versions", …}]}).`,
      'invalid_input',
      0
    );
  }
  // an export says more than an import takes, and also names prompts that have no version yet
  return items
    .filter(({ versions }) => versions.length > 0)
    .map(({ name, title, description, tags, versions, branches, deployments, samples }) => ({
      name,
      title,
      description,
      tags,
      branches,
      deployments,
      samples,
      versions: versions.map(version => ({
        text: version.text,
        commit_message: version.commit_message,
        branch: version.branch,
        base: version.base
      }))
    }));
}

function parsed(fileName: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PromptHubError(`${fileName} is not JSON: ${why}`, 'invalid_input', 0);
  }
}
