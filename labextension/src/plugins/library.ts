import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import type { ICommandContext } from '../commands';
import { CommandIDs, importSources, ofContents, ofTransfer, SETTINGS_ID } from '../commands';
import { addLibraryCommands } from '../commands/library';
import { keep, recall } from '../components/kept';
import { reportError } from '../components/notify';
import type { PartialJSONObject } from '@lumino/coreutils';
import { Debouncer } from '@lumino/polling';
import { promptHubIcon } from '../icons';
import type { ILibraryState } from '../panels/library';
import { LibraryModel, LibraryPanel, Preferences } from '../panels/library';
import { IPromptHub } from '../tokens';

const STATE_ID = 'library';
/** Scrolling is not saved with every line. */
const SAVE_MS = 500;
/** Below the file browser, the running sessions and the table of contents. */
const RANK = 350;

/** The library in the left sidebar. */
export const libraryPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:library',
  description: 'The PromptHub library in the left sidebar.',
  autoStart: true,
  requires: [IPromptHub],
  optional: [ILabShell, ILayoutRestorer, IStateDB, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    hub: IPromptHub,
    shell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    registry: ISettingRegistry | null
  ) => {
    const context: ICommandContext = { app, hub, trans: hub.trans };
    const model = new LibraryModel(
      hub,
      (command, args) => void app.commands.execute(command, args)
    );
    const preferences = new Preferences();
    const failed = (error: unknown) =>
      reportError(hub.trans, hub.trans.__('These files cannot be read'), error);
    const panel = new LibraryPanel(model, preferences, {
      files: (data, folder) =>
        void ofTransfer(data)
          .then(sources => importSources(context, sources, folder))
          .catch(failed),
      paths: (paths, folder) =>
        void ofContents(app.serviceManager.contents, paths)
          .then(sources => importSources(context, sources, folder))
          .catch(failed)
    });
    addLibraryCommands(context, model, preferences);
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

    registry
      ?.load(SETTINGS_ID)
      .then(settings => preferences.use(settings))
      .catch((error: unknown) =>
        console.error('PromptHub: the defaults of the library hold.', error)
      );

    void (async () => {
      const lost = hub.trans.__(
        'Which folders were open, and what was filtered, could not be read; the library begins anew.'
      );
      const saved = await recall(state, STATE_ID, lost);
      const later = new Debouncer(() => keep(state, STATE_ID, toJSON(model.state)), SAVE_MS);
      model.restore(saved ?? {});
      model.stateChanged.connect(() => void later.invoke());
      panel.disposed.connect(() => later.dispose());
    })();
  }
};

function toJSON(state: ILibraryState): PartialJSONObject {
  return { ...state, filter: { ...state.filter, tags: [...(state.filter.tags ?? [])] } };
}
