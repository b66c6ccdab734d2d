import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { DocumentWidget } from '@jupyterlab/docregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import { tellRole } from '../components/role';
import type { IDraftKey } from '../drivepath';
import { parseDrivePath } from '../drivepath';
import { PromptHub } from '../hub';
import { IPromptHub } from '../tokens';

export const hubPlugin: JupyterFrontEndPlugin<IPromptHub> = {
  id: 'jupyterlab-prompthub:hub',
  description: 'PromptHub: its server, who is asking, and the events of what changes.',
  autoStart: true,
  provides: IPromptHub,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null) => {
    const hub = new PromptHub({
      serverSettings: app.serviceManager.serverSettings,
      trans: (translator ?? nullTranslator).load('jupyterlab_prompthub')
    });
    const follow = () => {
      hub.current = promptOf(app.shell.currentWidget);
    };
    app.shell.currentChanged?.connect(follow);
    void app.restored.then(follow);
    tellRole(hub);
    void hub.start();
    return hub;
  }
};

/** What a widget of the main area is about: a draft's document, or (history, comparison) a prompt's `main`. */
function promptOf(widget: Widget | null): IDraftKey | null {
  if (widget instanceof DocumentWidget) {
    return parseDrivePath(widget.context.path);
  }
  const promptId = widget?.node.dataset['promptId'];
  return promptId ? { promptId, branch: 'main' } : null;
}
