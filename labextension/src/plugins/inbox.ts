import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { CommandIDs } from '../commands';
import { reviewIcon } from '../icons';
import { InboxModel, InboxPanel, Notices } from '../panels/inbox';
import { Share } from '../panels/inbox/share';
import { IPromptHub } from '../tokens';
import { IPromptHubSettings } from './settings';

/** Below the library. */
const RANK = 351;

/** What concerns the caller of reviews: the inbox in the left sidebar, and notices. */
export const inboxPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:inbox',
  description: 'The inbox of reviews in the left sidebar, and notices of what concerns you.',
  autoStart: true,
  requires: [IPromptHub, IPromptHubSettings],
  optional: [ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    hub: IPromptHub,
    settings: () => IPromptHubSettings,
    restorer: ILayoutRestorer | null
  ) => {
    const { trans } = hub;
    const run = (command: string, args: object = {}) =>
      void app.commands.execute(command, { ...args });
    const panel = new InboxPanel(new InboxModel(hub, run), run);
    app.shell.add(panel, 'left', { rank: RANK });
    restorer?.add(panel, panel.id);
    const { baseUrl } = app.serviceManager.serverSettings;
    const notices = new Notices(hub, {
      isOn: () => settings().reviewNotices,
      share: actor => new Share(`prompthub:notices:${baseUrl}:${actor}`),
      run
    });
    panel.disposed.connect(() => notices.dispose());

    app.commands.addCommand(CommandIDs.openInbox, {
      label: trans.__('Reviews'),
      caption: trans.__('Show the reviews that wait for you in the sidebar'),
      icon: reviewIcon,
      execute: () => app.shell.activateById(panel.id),
      describedBy: { args: { type: 'object', properties: {} } }
    });
  }
};
