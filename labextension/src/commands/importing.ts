import { Notification } from '@jupyterlab/apputils';
import type { IImportItem, IImportPreviewItem, IImportReport, IImportRequest } from '../api';
import { asPromptHubError } from '../api';
import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import type { ICommandContext } from './context';
import { Progress } from './many';
import type { ILost, IRefusal } from './reading';
import { MOST_CHARACTERS, MOST_ITEMS, read } from './reading';
import type { ISource } from './sources';

/** Names shown in the preview, of each kind. */
const NAMED = 5;

type OnConflict = IImportRequest['on_conflict'];

/** Import files: say what will happen, ask, do it with progress, and say what came of it. */
export async function importSources(
  context: ICommandContext,
  sources: readonly ISource[],
  folder = ''
): Promise<IImportReport | null> {
  const { trans } = context;
  try {
    const refused: IRefusal[] = [];
    const lost: ILost[] = [];
    const items = await read(context, sources, folder, refused, lost);
    if (items.length === 0 && refused.length === 0) {
      if (sources.length > 0) {
        reportDone(trans.__('There are no prompts in these files'));
      }
      return null;
    }
    const ordered = snippetsFirst(items);
    const preview = await look(context, ordered);
    if (!preview) {
      return null;
    }
    for (const each of preview) {
      if (each.state === 'refused') {
        refused.push({ name: each.name, message: each.message });
      }
    }
    const wanted = ordered.filter((_, at) => preview[at]?.state !== 'refused');
    const onConflict = await ask(context, wanted, preview, refused, lost);
    if (onConflict === null) {
      return null;
    }
    const report = await bring(context, wanted, onConflict, refused);
    tell(context, report, refused);
    return report;
  } catch (error) {
    reportError(trans, trans.__('Nothing was imported'), error);
    return null;
  }
}

/** What an import would do; null when it was cancelled. */
async function look(
  context: ICommandContext,
  ordered: readonly IImportItem[]
): Promise<IImportPreviewItem[] | null> {
  const { hub } = context;
  const found: IImportPreviewItem[] = [];
  const stopped = await eachChunk(context, ordered, 'look', async chunk => {
    const before = needed(chunk, ordered.slice(0, found.length));
    const preview = await hub.api.transfer.preview({
      items: [...before, ...chunk].map(item => ({ ...item })),
      on_conflict: 'new_version',
      one_by_one: !hub.can('workspace:write')
    });
    found.push(...preview.items.slice(before.length));
  });
  return stopped ? null : found;
}

/** Show what will happen, and ask what to do with names that exist; null: nothing. */
async function ask(
  { trans }: ICommandContext,
  wanted: readonly IImportItem[],
  preview: readonly IImportPreviewItem[],
  refused: readonly IRefusal[],
  lost: readonly ILost[]
): Promise<OnConflict | null> {
  const names = (state: string) =>
    preview.filter(each => each.state === state).map(each => each.name);
  const changed = names('changed');
  const broken = preview.filter(each => each.drafts.length > 0);
  const lines = [
    line(trans.__('New'), names('new')),
    line(trans.__('With new versions'), changed),
    line(trans.__('The same, left as they are'), names('same')),
    line(
      trans.__('With errors, kept as drafts'),
      broken.map(each => each.name)
    ),
    ...broken.slice(0, NAMED).map(({ name, problems }) => {
      const problem = problems.find(each => each.severity === 'error') ?? problems[0]!;
      return trans.__('%1: line %2: %3', name, problem.line, problem.message);
    }),
    ...refused
      .slice(0, NAMED)
      .map(each =>
        trans.__('Not imported: %1: %2', each.name || trans.__('(no name)'), each.message)
      )
  ].filter(Boolean);
  if (refused.length > NAMED) {
    lines.push(trans.__('… and %1 more that cannot come in', refused.length - NAMED));
  }
  for (const each of lost.slice(0, NAMED)) {
    lines.push(trans.__('Not carried over: %1: %2', each.path, each.message));
  }
  if (lost.length > NAMED) {
    lines.push(trans.__('… and %1 more that is not carried over', lost.length - NAMED));
  }
  return askForm<OnConflict>({
    title: trans._n('Import %1 prompt', 'Import %1 prompts', wanted.length),
    text: lines.join('\n'),
    fields:
      changed.length > 0
        ? [
            {
              name: 'on_conflict',
              label: trans.__('If a name exists'),
              kind: 'select',
              options: [
                { value: 'new_version', label: trans.__('Add the new versions to it') },
                { value: 'skip', label: trans.__('Leave it as it is') }
              ]
            }
          ]
        : [],
    accept: wanted.length > 0 ? trans.__('Import') : trans.__('Close'),
    submit: ({ on_conflict }) =>
      Promise.resolve((on_conflict as OnConflict | undefined) ?? 'new_version'),
    trans
  });

  function line(label: string, named: readonly string[]): string {
    const rest = named.length - NAMED;
    const shown = named.slice(0, NAMED).join(', ') + (rest > 0 ? ', …' : '');
    return named.length > 0 ? `${label}: ${named.length.toLocaleString()} (${shown})` : '';
  }
}

async function bring(
  context: ICommandContext,
  wanted: readonly IImportItem[],
  onConflict: OnConflict,
  refused: IRefusal[]
): Promise<IImportReport> {
  const { hub } = context;
  const sum: IImportReport = { created: [], updated: [], skipped: [], drafts: [], problems: {} };
  await eachChunk(context, wanted, 'import', async chunk => {
    // without the permission to import several at once: one by one
    const parts = hub.can('workspace:write') ? [chunk] : chunk.map(item => [item]);
    for (const part of parts) {
      const report = await importChunk(context, part, onConflict, refused);
      sum.created.push(...report.created);
      sum.updated.push(...report.updated);
      sum.skipped.push(...report.skipped);
      sum.drafts.push(...report.drafts);
      Object.assign(sum.problems, report.problems);
    }
  });
  return sum;
}

/** One request; an item that is refused after all is left out, and the rest tried again. */
async function importChunk(
  { hub }: ICommandContext,
  chunk: readonly IImportItem[],
  onConflict: OnConflict,
  refused: IRefusal[]
): Promise<IImportReport> {
  let items = [...chunk];
  for (;;) {
    try {
      return await hub.api.transfer.import({ items, on_conflict: onConflict });
    } catch (thrown) {
      const error = asPromptHubError(thrown);
      const name = error.detail('name');
      const rest = items.filter(each => each.name !== name);
      if (name === null || rest.length === items.length) {
        throw error;
      }
      refused.push({ name, message: error.message });
      items = rest;
    }
  }
}

/** Chunks of items, with progress; says whether it was stopped. */
async function eachChunk(
  context: ICommandContext,
  items: readonly IImportItem[],
  doing: 'look' | 'import',
  act: (chunk: readonly IImportItem[]) => Promise<void>
): Promise<boolean> {
  const { trans } = context;
  const chunks = chunked(items);
  const total = items.length.toLocaleString();
  const say = (done: number) =>
    doing === 'look'
      ? trans.__('Looking at %1 of %2 prompts…', done.toLocaleString(), total)
      : trans.__('Importing %1 of %2 prompts…', done.toLocaleString(), total);
  const progress = new Progress(context, say, items.length, chunks.length > 1);
  let done = 0;
  try {
    for (const chunk of chunks) {
      if (progress.isStopped) {
        break;
      }
      await act(chunk);
      done += chunk.length;
      progress.step(done);
    }
  } finally {
    progress.end();
  }
  return progress.isStopped;
}

/** In pieces that are neither too many nor too long. */
export function chunked(items: readonly IImportItem[]): IImportItem[][] {
  const chunks: IImportItem[][] = [];
  let room = 0;
  for (const item of items) {
    const size = item.versions.reduce((sum, each) => sum + each.text.length, 0);
    const last = chunks[chunks.length - 1];
    if (last && last.length < MOST_ITEMS && size <= room) {
      last.push(item);
      room -= size;
    } else {
      chunks.push([item]);
      room = MOST_CHARACTERS - size;
    }
  }
  return chunks;
}

const INCLUDED = /\{\{~?>\s*([\w./-]+)/g;

/** What others include goes first: the server puts a request in order, this puts requests in order. */
export function snippetsFirst(items: readonly IImportItem[]): IImportItem[] {
  return closure(items, items);
}

/** What must come in before some items for them to come in as they will: what they include, and what has their names. */
export function needed(
  chunk: readonly IImportItem[],
  earlier: readonly IImportItem[]
): IImportItem[] {
  const names = new Set(chunk.map(item => item.name));
  const same = earlier.filter(item => names.has(item.name));
  const inside = new Set(chunk);
  return closure([...same, ...chunk], [...earlier, ...chunk]).filter(item => !inside.has(item));
}

/** Items with all that they include of others, each after what it includes. */
function closure(items: readonly IImportItem[], others: readonly IImportItem[]): IImportItem[] {
  const byName = new Map(others.map(item => [item.name, item]));
  const ordered = new Set<IImportItem>();
  const begun = new Set<IImportItem>();
  const visit = (item: IImportItem): void => {
    if (begun.has(item)) {
      return;
    }
    begun.add(item);
    for (const { text } of item.versions) {
      for (const [, name] of text.matchAll(INCLUDED)) {
        const snippet = byName.get(name!);
        if (snippet) {
          visit(snippet);
        }
      }
    }
    ordered.add(item);
  };
  items.forEach(visit);
  return [...ordered];
}

function tell(
  { trans }: ICommandContext,
  report: IImportReport,
  refused: readonly IRefusal[]
): void {
  const counts = [
    report.created.length && trans.__('%1 new', report.created.length),
    report.updated.length && trans.__('%1 with a new version', report.updated.length),
    report.skipped.length && trans.__('%1 left as they were', report.skipped.length)
  ].filter(Boolean);
  reportDone(trans.__('Imported: %1', counts.join(', ') || trans.__('nothing new')));
  if (report.drafts.length > 0) {
    const shown = report.drafts.slice(0, NAMED).join(', ');
    Notification.warning(
      trans.__(
        'Kept as drafts, because they could not become versions: %1. Open them to see why.',
        report.drafts.length > NAMED ? `${shown}, …` : shown
      ),
      { autoClose: false }
    );
  }
  if (refused.length > 0) {
    const shown = refused.slice(0, NAMED).map(each => `${each.name}: ${each.message}`);
    Notification.warning(
      [
        trans._n('%1 was not imported:', '%1 were not imported:', refused.length),
        ...shown,
        ...(refused.length > NAMED ? ['…'] : [])
      ].join('\n'),
      { autoClose: false }
    );
  }
}
