import { Notification } from '@jupyterlab/apputils';
import type { IImportItem, IImportReport, IImportRequest } from '../api';
import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import { exportIcon, importIcon } from '../icons';
import type { ICommandContext } from './context';
import { target } from './context';
import { chooseFiles, download, itemsOf } from './files';
import { CommandIDs } from './ids';

const ACCEPTED = '.prompt,.json,.txt,.md';

/** Import and export. */
export function addTransferCommands(context: ICommandContext): void {
  const { app, hub, trans } = context;

  app.commands.addCommand(CommandIDs.import, {
    label: trans.__('Import Prompts…'),
    caption: trans.__('Import .prompt files, or an export of PromptHub (JSON)'),
    icon: importIcon,
    isEnabled: () => hub.can('prompt:write'),
    execute: async () => importFiles(context, await chooseFiles(ACCEPTED))
  });

  app.commands.addCommand(CommandIDs.export, {
    label: args => (args['all'] ? trans.__('Export All Prompts…') : trans.__('Export…')),
    caption: trans.__('Download prompts as files'),
    icon: exportIcon,
    isEnabled: args => hub.me !== null && (Boolean(args['all']) || target(context, args) !== null),
    execute: async args => {
      try {
        const draft = args['all'] ? null : target(context, args);
        await (draft ? exportOne(draft.promptId) : exportAll());
      } catch (error) {
        reportError(trans, trans.__('The export failed'), error);
      }
    }
  });
  hub.meChanged.connect(() => app.commands.notifyCommandChanged());

  async function exportOne(promptId: string): Promise<void> {
    const prompt = await hub.api.prompts.get(promptId);
    const base = prompt.name.replace(/\//g, '-');
    await askForm({
      title: trans.__('Export %1', prompt.name),
      fields: [
        {
          name: 'format',
          label: trans.__('As'),
          kind: 'select',
          options: [
            { value: 'prompt', label: trans.__('.prompt file: the newest version') },
            { value: 'json', label: trans.__('JSON: all versions, tags and deployments') }
          ]
        }
      ],
      accept: trans.__('Download'),
      submit: async ({ format }) => {
        if (format === 'json') {
          const all = await hub.api.transfer.export([prompt.name]);
          download(`${base}.json`, 'application/json', JSON.stringify(all, null, 2));
        } else {
          download(`${base}.prompt`, 'text/plain', prompt.text);
        }
      },
      trans
    });
  }

  async function exportAll(): Promise<void> {
    const all = await hub.api.transfer.export([]);
    const workspace = hub.me?.workspace.name ?? 'prompts';
    download(`prompthub-${workspace}.json`, 'application/json', JSON.stringify(all, null, 2));
    reportDone(trans._n('Exported %1 prompt', 'Exported %1 prompts', all.items.length));
  }
}

/** Read files into the library; asks what to do with names that exist. */
export async function importFiles(
  context: ICommandContext,
  files: readonly File[]
): Promise<IImportReport | null> {
  const { hub, trans } = context;
  if (files.length === 0) {
    return null;
  }
  try {
    const items: IImportItem[] = [];
    for (const file of files) {
      items.push(...itemsOf(file.name, await file.text()));
    }
    const shown = items.slice(0, 6).map(item => item.name);
    const rest = items.length - shown.length;
    const report = await askForm({
      title: trans._n('Import %1 prompt', 'Import %1 prompts', items.length),
      text: shown.join(', ') + (rest > 0 ? trans.__(' and %1 more', rest) : ''),
      fields: [
        {
          name: 'on_conflict',
          label: trans.__('If a name exists'),
          kind: 'select',
          options: [
            { value: 'new_version', label: trans.__('Add a version to it') },
            { value: 'skip', label: trans.__('Leave it as it is') },
            { value: 'fail', label: trans.__('Import nothing') }
          ]
        }
      ],
      accept: trans.__('Import'),
      submit: ({ on_conflict }) =>
        hub.can('workspace:write')
          ? hub.api.transfer.import({
              items,
              on_conflict: on_conflict as IImportRequest['on_conflict']
            })
          : createEach(context, items),
      trans
    });
    if (report) {
      tell(context, report);
    }
    return report;
  } catch (error) {
    reportError(trans, trans.__('Nothing was imported'), error);
    return null;
  }
}

/** Without the permission to import in bulk: new prompts, one by one, from their newest texts. */
async function createEach(
  { hub }: ICommandContext,
  items: readonly IImportItem[]
): Promise<IImportReport> {
  const created: string[] = [];
  for (const item of items) {
    const last = item.versions[item.versions.length - 1];
    const prompt = await hub.api.prompts.create({
      name: item.name,
      title: item.title || item.name,
      description: item.description,
      tags: item.tags,
      text: last?.text,
      commit_message: last?.commit_message
    });
    created.push(prompt.name);
  }
  return { created, updated: [], skipped: [], drafts: [], problems: {} };
}

function tell({ trans }: ICommandContext, report: IImportReport): void {
  const counts = [
    report.created.length && trans.__('%1 new', report.created.length),
    report.updated.length && trans.__('%1 with a new version', report.updated.length),
    report.skipped.length && trans.__('%1 left as they were', report.skipped.length)
  ].filter(Boolean);
  reportDone(trans.__('Imported: %1', counts.join(', ') || trans.__('nothing new')));
  if (report.drafts.length > 0) {
    Notification.warning(
      trans.__(
        'Kept as drafts, because they could not become versions: %1. Open them to see why.',
        report.drafts.join(', ')
      ),
      { autoClose: false }
    );
  }
}
