import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { IStateDB } from '@jupyterlab/statedb';
import { CommandIDs, importFiles } from '../commands';
import { promptHubIcon } from '../icons';
import type { ILibraryState } from '../panels/library';
import { LibraryModel, LibraryPanel } from '../panels/library';
import { IPromptHub } from '../tokens';

const STATE_KEY = 'prompthub:library';
/** Below the file browser, the running sessions and the table of contents. */
const RANK = 350;

/** The library in the left sidebar. */
export const libraryPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:library',
  description: 'The PromptHub library in the left sidebar.',
  autoStart: true,
  requires: [IPromptHub],
  optional: [ILabShell, ILayoutRestorer, IStateDB],
  activate: (
    app: JupyterFrontEnd,
    hub: IPromptHub,
    shell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null
  ) => {
    const model = new LibraryModel(
      hub,
      (command, args) => void app.commands.execute(command, args),
      files => void importFiles({ app, hub, trans: hub.trans }, files)
    );
    const panel = new LibraryPanel(model);
    app.shell.add(panel, 'left', { rank: RANK });
    restorer?.add(panel, panel.id);

    app.commands.addCommand(CommandIDs.openLibrary, {
      label: args =>
        args['isLauncher'] ? hub.trans.__('Library') : hub.trans.__('Open Prompt Library'),
      caption: hub.trans.__('Show the prompts of the workspace in the sidebar'),
      icon: promptHubIcon,
      isToggled: () => panel.isVisible,
      execute: () => app.shell.activateById(panel.id)
    });
    shell?.layoutModified.connect(() => app.commands.notifyCommandChanged(CommandIDs.openLibrary));

    void (async () => {
      const saved = await state?.fetch(STATE_KEY).catch(() => undefined);
      model.restore((saved ?? {}) as Partial<ILibraryState>);
      model.stateChanged.connect((_, now) => void state?.save(STATE_KEY, { ...now }));
    })();
  }
};
