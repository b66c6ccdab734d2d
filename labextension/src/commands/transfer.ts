import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import { exportIcon, importIcon } from '../icons';
import type { ICommandContext } from './context';
import { target } from './context';
import { chooseFiles, download } from './files';
import { CommandIDs } from './ids';
import { importSources } from './importing';
import { ofFiles } from './sources';

const ACCEPTED = '.prompt,.prompty,.json,.yaml,.yml,.txt,.md';

/** Import and export. */
export function addTransferCommands(context: ICommandContext): void {
  const { app, hub, trans } = context;

  app.commands.addCommand(CommandIDs.import, {
    label: trans.__('Import Prompts…'),
    caption: trans.__('Import .prompt files, exports, and the formats of other tools'),
    icon: importIcon,
    isEnabled: () => hub.can('prompt:write'),
    execute: async () => importSources(context, ofFiles(await chooseFiles(ACCEPTED)))
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
