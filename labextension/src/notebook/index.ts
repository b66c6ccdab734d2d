import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IEditorExtensionRegistry } from '@jupyterlab/codemirror';
import { CompletionProviderManager, ICompletionProviderManager } from '@jupyterlab/completer';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IPromptHub } from '../tokens';
import { keepOut, PromptCellCompleter } from './completer';
import type { NotebookDrift } from './drift';
import { highlighting } from './highlight';
import { acceptDrops, addInsertCommand } from './insert';
import { showDrift } from './lines';

/** Prompt cells of notebooks and consoles: colours, completion. */
const cells: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:cells',
  description: 'Colours and completion of %%prompthub cells.',
  autoStart: true,
  requires: [IPromptHub],
  optional: [IEditorExtensionRegistry, ICompletionProviderManager],
  activate: (
    app: JupyterFrontEnd,
    hub: IPromptHub,
    extensions: IEditorExtensionRegistry | null,
    completers: ICompletionProviderManager | null
  ) => {
    extensions?.addExtension(highlighting());
    if (completers) {
      const ours = new PromptCellCompleter((body, signal) =>
        hub.api.prompts.complete(body, signal)
      );
      completers.registerProvider(ours);
      if (completers instanceof CompletionProviderManager) {
        void app.restored.then(() => keepOut(completers.getProviders(), ours));
      }
    }
  }
};

/** What notebooks know of the prompts they ran, and prompts that are put into them. */
const notebooks: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:notebooks',
  description:
    'Says below a cell when what it ran has moved on, and takes prompts from the library.',
  autoStart: true,
  requires: [IPromptHub, INotebookTracker],
  activate: (app: JupyterFrontEnd, hub: IPromptHub, tracker: INotebookTracker) => {
    const drifts = new WeakMap<NotebookPanel, NotebookDrift>();
    tracker.widgetAdded.connect((_, panel) => {
      drifts.set(panel, showDrift(panel, hub, app.commands));
      acceptDrops(panel);
    });
    // what came while a notebook was out of sight is looked at when it is in front
    tracker.currentChanged.connect((_, panel) => panel && drifts.get(panel)?.refresh());
    addInsertCommand({ app, hub, trans: hub.trans }, tracker);
  }
};

export const notebookPlugins: JupyterFrontEndPlugin<void>[] = [cells, notebooks];
