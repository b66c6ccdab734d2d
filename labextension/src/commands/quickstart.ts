import { notebookIcon } from '@jupyterlab/ui-components';
import type { Contents } from '@jupyterlab/services';
import { reportError } from '../components/notify';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';

/** Where the project keeps its notebook, and where ours goes when it is not there. */
const KNOWN = ['notebooks/Quickstart.ipynb', 'Quickstart.ipynb'];
const NEW = 'Quickstart.ipynb';

/** The command that opens the quickstart notebook. */
export function addQuickstartCommand({ app, trans }: ICommandContext): void {
  app.commands.addCommand(CommandIDs.quickstart, {
    label: args => (args['isLauncher'] ? trans.__('Quickstart') : trans.__('Quickstart Notebook')),
    caption: trans.__('Use prompts from a notebook: a short tour'),
    icon: notebookIcon,
    execute: async () => {
      const { contents } = app.serviceManager;
      try {
        let path = await firstThatExists(contents, KNOWN);
        if (!path) {
          path = NEW;
          await contents.save(path, {
            type: 'notebook',
            format: 'json',
            content: quickstart(trans.__.bind(trans))
          });
        }
        await app.commands.execute('docmanager:open', { path });
      } catch (error) {
        reportError(trans, trans.__('The quickstart could not be opened'), error);
      }
    }
  });
}

async function firstThatExists(
  contents: Contents.IManager,
  paths: readonly string[]
): Promise<string | null> {
  for (const path of paths) {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    // listings instead of asking for the file: a missing file would be an error in the console
    const exists = async (parent: string, name: string) => {
      const listing = await contents.get(parent, { content: true });
      return (listing.content as Contents.IModel[]).some(each => each.name === name);
    };
    if (folder && !(await exists('', folder))) {
      continue;
    }
    if (await exists(folder, path.slice(path.lastIndexOf('/') + 1))) {
      return path;
    }
  }
  return null;
}

function quickstart(__: (text: string) => string): object {
  let count = 0;
  const cell = (cell_type: 'markdown' | 'code', source: string) => ({
    id: `quickstart-${++count}`,
    cell_type,
    metadata: {},
    source,
    ...(cell_type === 'code' ? { execution_count: null, outputs: [] } : {})
  });
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } },
    cells: [
      cell('markdown', `# ${__('PromptHub quickstart')}`),
      cell('code', '%load_ext jupyter_prompthub\n%prompthub status'),
      cell('markdown', __('What the library holds:')),
      cell('code', '%prompthub list'),
      cell(
        'markdown',
        __('Choose a prompt by its reference, `name@ref`. The cell records which version ran.')
      ),
      cell('code', '# %prompthub use NAME@production\n# %prompthub run --var name=value'),
      cell('markdown', __('The same from Python:')),
      cell('code', 'from jupyter_prompthub import Client\n\nclient = Client()\nclient')
    ]
  };
}
