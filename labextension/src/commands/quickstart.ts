import type { Contents } from '@jupyterlab/services';
import { notebookIcon } from '@jupyterlab/ui-components';
import { reportError } from '../components/notify';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';

/** The command that opens the tutorial; it is written to the root folder when it is not there. */
export function addQuickstartCommand({ app, hub, trans }: ICommandContext): void {
  app.commands.addCommand(CommandIDs.quickstart, {
    label: args => (args['isLauncher'] ? trans.__('Quickstart') : trans.__('Quickstart Notebook')),
    caption: trans.__('PromptHub in five minutes: a notebook to follow'),
    icon: notebookIcon,
    execute: async () => {
      const { contents } = app.serviceManager;
      try {
        const { name: path, content } = await hub.api.quickstart();
        // a listing instead of asking for the file: a missing file would be an error in the console
        const listing = await contents.get('', { content: true });
        if (!(listing.content as Contents.IModel[]).some(each => each.name === path)) {
          await contents.save(path, { type: 'notebook', format: 'json', content });
        }
        await app.commands.execute('docmanager:open', { path });
      } catch (error) {
        reportError(trans, trans.__('The quickstart could not be opened'), error);
      }
    }
  });
}
