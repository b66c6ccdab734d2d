import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ILauncher } from '@jupyterlab/launcher';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { Menu } from '@lumino/widgets';
import { addCommands, CommandIDs } from '../commands';
import { IPromptDrive } from '../drive/token';
import { IPromptHub } from '../tokens';

/** After Settings, before Help. */
const MENU_RANK = 900;

/** In the menu and the palette, in groups. */
const GROUPS: readonly (readonly string[])[] = [
  [CommandIDs.newPrompt, CommandIDs.openLibrary, CommandIDs.openInbox],
  [CommandIDs.saveVersion, CommandIDs.updateDraft, CommandIDs.openHistory],
  [CommandIDs.createBranch, CommandIDs.switchBranch, CommandIDs.mergeBranch, CommandIDs.newReview],
  [CommandIDs.promote, CommandIDs.rollback],
  [
    CommandIDs.renamePrompt,
    CommandIDs.editTags,
    CommandIDs.duplicatePrompt,
    CommandIDs.copyReference,
    CommandIDs.insertCell
  ],
  [CommandIDs.import, CommandIDs.export, CommandIDs.gitPush, CommandIDs.gitPull],
  [CommandIDs.connections, CommandIDs.protections, CommandIDs.quickstart, CommandIDs.keyboard]
];

/** The commands, and where they are found: palette, launcher, main menu. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:commands',
  description: 'PromptHub commands in the palette, the launcher and the main menu.',
  autoStart: true,
  requires: [IPromptHub, IDocumentManager],
  optional: [ICommandPalette, ILauncher, IMainMenu, IPromptDrive],
  activate: (
    app: JupyterFrontEnd,
    hub: IPromptHub,
    documents: IDocumentManager,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    mainMenu: IMainMenu | null,
    drive: IPromptDrive | null
  ) => {
    const { trans } = hub;
    addCommands({ app, hub, trans, drive }, documents);

    for (const command of GROUPS.flat()) {
      palette?.addItem({ command, category: 'PromptHub', args: { isPalette: true } });
    }
    palette?.addItem({
      command: CommandIDs.export,
      category: 'PromptHub',
      args: { isPalette: true, all: true }
    });

    [CommandIDs.newPrompt, CommandIDs.openLibrary, CommandIDs.quickstart].forEach(
      (command, rank) => {
        launcher?.add({ command, category: 'PromptHub', rank, args: { isLauncher: true } });
      }
    );

    if (mainMenu) {
      const menu = new Menu({ commands: app.commands });
      menu.id = 'jp-mainmenu-prompthub';
      menu.title.label = trans.__('PromptHub');
      GROUPS.forEach((group, index) => {
        if (index > 0) {
          menu.addItem({ type: 'separator' });
        }
        for (const command of group) {
          menu.addItem({ command, args: { isMenu: true } });
        }
      });
      mainMenu.addMenu(menu, true, { rank: MENU_RANK });
    }
  }
};
