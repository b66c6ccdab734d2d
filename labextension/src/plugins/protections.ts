import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { lockIcon } from '@jupyterlab/ui-components';
import { CommandIDs } from '../commands';
import { target } from '../commands/context';
import { ProtectionsModel, ProtectionsWidget } from '../panels/protections';
import { IPromptHub } from '../tokens';

/** Protections of branches, in the main area. */
export const protectionsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:protections',
  description: 'Protections of branches.',
  autoStart: true,
  requires: [IPromptHub],
  optional: [ILayoutRestorer],
  activate: (app: JupyterFrontEnd, hub: IPromptHub, restorer: ILayoutRestorer | null) => {
    const { trans } = hub;
    const tracker = new WidgetTracker<ProtectionsWidget>({ namespace: 'prompthub-protections' });
    app.commands.addCommand(CommandIDs.protections, {
      label: args =>
        args['context'] ? trans.__('Protect branches…') : trans.__('Branch Protections…'),
      caption: trans.__('What branches ask before they change'),
      icon: lockIcon,
      isEnabled: () => hub.can('review:read'),
      execute: async args => {
        let widget = tracker.currentWidget;
        if (!widget) {
          widget = new ProtectionsWidget(new ProtectionsModel(hub));
          await tracker.add(widget);
          app.shell.add(widget, 'main');
        }
        app.shell.activateById(ProtectionsWidget.ID);
        const about = args['context'] ? target({ app, hub, trans }, args) : null;
        if (about && widget.model.mayWrite && !widget.model.editing) {
          // a new one, for the prompt that was clicked
          const { name } = await hub.api.prompts.get(about.promptId);
          widget.model.edit(null, name);
        }
        return widget;
      },
      describedBy: { args: { type: 'object', properties: {} } }
    });
    hub.meChanged.connect(() => app.commands.notifyCommandChanged(CommandIDs.protections));
    void restorer?.restore(tracker, {
      command: CommandIDs.protections,
      name: () => 'protections'
    });
  }
};
