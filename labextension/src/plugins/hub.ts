import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { DocumentWidget } from '@jupyterlab/docregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
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
      const widget = app.shell.currentWidget;
      hub.current = widget instanceof DocumentWidget ? parseDrivePath(widget.context.path) : null;
    };
    app.shell.currentChanged?.connect(follow);
    void app.restored.then(follow);
    void hub.start();
    return hub;
  }
};
