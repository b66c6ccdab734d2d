import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { IStatusBar } from '@jupyterlab/statusbar';
import { CommandIDs } from '../commands';
import { connectionIcon } from '../icons';
import { ConnectionsModel, ConnectionsWidget } from '../panels/connections';
import { StatusItem } from '../panels/status';
import { IPromptHub } from '../tokens';

/** Connections to model providers, in the main area. */
export const connectionsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:connections',
  description: 'Connections of PromptHub to model providers.',
  autoStart: true,
  requires: [IPromptHub],
  optional: [ILayoutRestorer],
  activate: (app: JupyterFrontEnd, hub: IPromptHub, restorer: ILayoutRestorer | null) => {
    const tracker = new WidgetTracker<ConnectionsWidget>({ namespace: 'prompthub-connections' });
    app.commands.addCommand(CommandIDs.connections, {
      label: hub.trans.__('Model Connections…'),
      caption: hub.trans.__('Providers, their addresses and keys'),
      icon: connectionIcon,
      execute: async () => {
        let widget = tracker.currentWidget;
        if (!widget) {
          widget = new ConnectionsWidget(new ConnectionsModel(hub));
          await tracker.add(widget);
          app.shell.add(widget, 'main');
        }
        app.shell.activateById(ConnectionsWidget.ID);
        return widget;
      }
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.connections,
      name: () => 'connections'
    });
  }
};

/** Whether PromptHub is connected, and to what, in the status bar. */
export const statusPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:status',
  description: 'The state of PromptHub in the status bar.',
  autoStart: true,
  requires: [IPromptHub],
  optional: [IStatusBar],
  activate: (app: JupyterFrontEnd, hub: IPromptHub, statusBar: IStatusBar | null) => {
    statusBar?.registerStatusItem('jupyterlab-prompthub:status', {
      item: new StatusItem(hub, () => void app.commands.execute(CommandIDs.openLibrary)),
      align: 'left',
      rank: 20
    });
  }
};
