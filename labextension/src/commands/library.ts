import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IBulkChange, IBulkItem, IExportResponse } from '../api';
import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import { archiveIcon, exportIcon, moveIcon, renameIcon, restoreIcon, tagsIcon } from '../icons';
import type { LibraryModel, Preferences } from '../panels/library';
import { idsBelow } from '../panels/library';
import type { Permission } from '../tokens';
import type { ICommandContext } from './context';
import { textArg } from './context';
import { download } from './files';
import { CommandIDs } from './ids';
import type { IWords } from './many';
import { changeMany, offerUndo, Progress } from './many';
import { splitTags } from './prompts';

type Args = ReadonlyPartialJSONObject;

/** Prompts that one request exports: their ids fit into its address. */
const EXPORTED = 100;

/** Commands on what is selected in the library, and on its filters. */
export function addLibraryCommands(
  context: ICommandContext,
  model: LibraryModel,
  preferences: Preferences
): void {
  const { app, hub, trans } = context;

  add(CommandIDs.tagMany, trans.__('Tags…'), tagsIcon, 'prompt:write', async ids => {
    const answer = await askTags(ids.length);
    if (answer && answer.add_tags.length + answer.remove_tags.length > 0) {
      await change(ids, answer, {
        doing: (done, total) => trans.__('Tagging %1 of %2 prompts…', done, total),
        done: count => trans._n('Tagged %1 prompt', 'Tagged %1 prompts', count),
        failed: trans.__('Could not tag')
      });
    }
  });

  add(
    CommandIDs.moveMany,
    trans.__('Move to folder…'),
    moveIcon,
    'prompt:write',
    async (ids, args) => {
      const folder =
        typeof args['folder'] === 'string' && args['ids']
          ? args['folder']
          : await askFolder(ids.length);
      if (folder === null) {
        return;
      }
      const from = textArg(args, 'fromFolder');
      const to = folder || trans.__('the top');
      await change(ids, from === null ? { folder } : { folder, from_folder: from }, {
        doing: (done, total) => trans.__('Moving %1 of %2 prompts…', done, total),
        done: count => trans._n('Moved %1 prompt to %2', 'Moved %1 prompts to %2', count, to),
        failed: trans.__('Could not move')
      });
    }
  );

  add(CommandIDs.archiveMany, trans.__('Archive'), archiveIcon, 'prompt:delete', ids =>
    change(
      ids,
      { archived: true },
      {
        doing: (done, total) => trans.__('Archiving %1 of %2 prompts…', done, total),
        done: count => trans._n('Archived %1 prompt', 'Archived %1 prompts', count),
        failed: trans.__('Could not archive')
      }
    )
  );

  add(
    CommandIDs.restoreMany,
    trans.__('Restore from the archive'),
    restoreIcon,
    'prompt:delete',
    ids =>
      change(
        ids,
        { archived: false },
        {
          doing: (done, total) => trans.__('Restoring %1 of %2 prompts…', done, total),
          done: count => trans._n('Restored %1 prompt', 'Restored %1 prompts', count),
          failed: trans.__('Could not restore')
        }
      )
  );

  add(CommandIDs.exportMany, trans.__('Export…'), exportIcon, 'prompt:read', ids =>
    exportMany(context, ids)
  );

  app.commands.addCommand(CommandIDs.offerUndo, {
    execute: args =>
      offerUndo(
        context,
        textArg(args, 'message') ?? trans.__('Done'),
        (args['items'] ?? []) as unknown as IBulkItem[]
      )
  });

  app.commands.addCommand(CommandIDs.renameInPlace, {
    label: trans.__('Rename'),
    icon: renameIcon,
    isEnabled: () => hub.can('prompt:write') && model.count > 0,
    execute: () => {
      model.renaming = model.row(model.active)?.key ?? null;
    }
  });

  app.commands.addCommand(CommandIDs.saveFilter, {
    label: trans.__('Save this filter…'),
    execute: () =>
      askForm({
        title: trans.__('Save this filter'),
        fields: [{ name: 'name', label: trans.__('Name'), required: true }],
        accept: trans.__('Save'),
        submit: ({ name }) => preferences.save(name!.trim(), model.filter),
        trans
      })
  });

  app.commands.addCommand(CommandIDs.renameFilter, {
    label: trans.__('Rename filter…'),
    icon: renameIcon,
    execute: args => {
      const before = filterOf(args);
      return before === null
        ? null
        : askForm({
            title: trans.__('Rename filter'),
            fields: [
              {
                name: 'name',
                label: trans.__('Name'),
                value: before,
                selected: true,
                required: true
              }
            ],
            accept: trans.__('Rename'),
            submit: ({ name }) => preferences.rename(before, name!.trim()),
            trans
          });
    }
  });

  app.commands.addCommand(CommandIDs.deleteFilter, {
    label: trans.__('Remove filter'),
    execute: async args => {
      const name = filterOf(args);
      const before = preferences.saved;
      if (name !== null) {
        await preferences.remove(name);
        reportDone(trans.__('Removed the filter %1', name), [
          { label: trans.__('Undo'), callback: () => void preferences.replace(before) }
        ]);
      }
    }
  });

  /** The filter that the arguments name, or the one under the context menu. */
  function filterOf(args: Args): string | null {
    const chip = app.contextMenuHitTest(node => node.dataset['filter'] !== undefined);
    return textArg(args, 'name') ?? chip?.dataset['filter'] ?? null;
  }

  function add(
    id: string,
    label: string,
    icon: LabIcon,
    needs: Permission,
    act: (ids: readonly string[], args: Args) => Promise<void>
  ): void {
    app.commands.addCommand(id, {
      label,
      icon,
      isEnabled: () => hub.can(needs),
      execute: async args => {
        try {
          const ids = await targets(args);
          if (ids.length > 0) {
            await act(ids, args);
          }
        } catch (error) {
          reportError(trans, trans.__('That did not work'), error);
        }
      }
    });
    hub.meChanged.connect(() => app.commands.notifyCommandChanged(id));
  }

  /** The prompts that a command is about: those its arguments name, those of the folder under the menu, the selected. */
  async function targets(args: Args): Promise<readonly string[]> {
    if (Array.isArray(args['ids'])) {
      return args['ids'] as readonly string[];
    }
    const row = args['context']
      ? app.contextMenuHitTest(node => node.dataset['folder'] !== undefined)
      : undefined;
    const folder = textArg(args, 'folder') ?? row?.dataset['folder'];
    return folder ? idsBelow(model, folder) : model.selection.ids;
  }

  function change(
    ids: readonly string[],
    what: Omit<IBulkChange, 'items'>,
    words: IWords
  ): Promise<void> {
    return changeMany(
      context,
      ids.map(id => ({ id })),
      what,
      words
    );
  }

  async function askTags(
    count: number
  ): Promise<{ add_tags: string[]; remove_tags: string[] } | null> {
    const known = (await hub.api.prompts.tags()).items.map(each => each.tag);
    const hint = known.length
      ? trans.__('Separated by commas. In use: %1', known.slice(0, 12).join(', '))
      : trans.__('Separated by commas.');
    return askForm({
      title: trans._n('Tags of %1 prompt', 'Tags of %1 prompts', count),
      fields: [
        { name: 'add', label: trans.__('Add'), suggestions: known, hint },
        { name: 'remove', label: trans.__('Remove'), suggestions: known }
      ],
      accept: trans.__('Change tags'),
      submit: ({ add, remove }) =>
        Promise.resolve({ add_tags: splitTags(add ?? ''), remove_tags: splitTags(remove ?? '') }),
      trans
    });
  }

  async function askFolder(count: number): Promise<string | null> {
    const { items } = await hub.api.prompts.folders({});
    return askForm({
      title: trans._n('Move %1 prompt', 'Move %1 prompts', count),
      fields: [
        {
          name: 'folder',
          label: trans.__('To folder'),
          suggestions: items.map(each => each.path).filter(Boolean),
          placeholder: trans.__('support/german'),
          hint: trans.__(
            'A new one is made. Empty: to the top. The old names go on working as redirects.'
          )
        }
      ],
      accept: trans.__('Move'),
      submit: ({ folder }) => Promise.resolve(folder?.trim() ?? ''),
      trans
    });
  }
}

/** Download prompts with all their versions, request by request; what is only a draft is left out, and named. */
async function exportMany(context: ICommandContext, ids: readonly string[]): Promise<void> {
  const { hub, trans } = context;
  const total = ids.length;
  const progress = new Progress(
    context,
    done => trans.__('Exporting %1 of %2 prompts…', done.toLocaleString(), total.toLocaleString()),
    total,
    total > EXPORTED
  );
  const items: IExportResponse['items'] = [];
  let format = '';
  try {
    for (let at = 0; at < total && !progress.isStopped; at += EXPORTED) {
      const part = await hub.api.transfer.export(ids.slice(at, at + EXPORTED));
      format = part.format;
      items.push(...part.items);
      progress.step(Math.min(total, at + EXPORTED));
    }
  } finally {
    progress.end();
  }
  if (progress.isStopped) {
    reportDone(trans.__('The export was stopped; nothing was downloaded'));
    return;
  }
  if (items.length > 0) {
    const name =
      items.length === 1
        ? items[0]!.name.replace(/\//g, '-')
        : `prompthub-${hub.me?.workspace.name ?? 'prompts'}`;
    download(`${name}.json`, 'application/json', JSON.stringify({ format, items }, null, 2));
  }
  const left = total - items.length;
  const drafts = left
    ? trans._n(
        '; %1 draft without a version was left out',
        '; %1 drafts without a version were left out',
        left
      )
    : '';
  reportDone(trans._n('Exported %1 prompt', 'Exported %1 prompts', items.length) + drafts);
}
