import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IWidgetTracker } from '@jupyterlab/apputils';
import type { IMainMenu } from '@jupyterlab/mainmenu';
import { runIcon, saveIcon } from '@jupyterlab/ui-components';
import type { IPromptHub } from '../tokens';
import type { PromptDocument } from './document';

/** Commands of the editor in front. */
export const EditorCommandIDs = {
  /** Run what is in the editor with the inputs of its form. */
  run: 'prompthub:run',
  /** Stop the run. */
  stop: 'prompthub:stop',
  /** `{path?}`: open runs of the draft beside each other. */
  sideBySide: 'prompthub:run-side-by-side',
  /** Run every column of the runs in front. */
  runAll: 'prompthub:run-all',
  /** Save the draft as a version, once everything typed is stored. */
  save: 'prompthub:save-editor',
  undo: 'prompthub:undo',
  redo: 'prompthub:redo'
} as const;

export function addEditorCommands(
  app: JupyterFrontEnd,
  hub: IPromptHub,
  tracker: IWidgetTracker<PromptDocument>,
  mainMenu: IMainMenu | null
): void {
  const { commands, shell } = app;
  const { trans } = hub;
  const inFront = (): PromptDocument | null =>
    tracker.currentWidget === shell.currentWidget ? tracker.currentWidget : null;

  commands.addCommand(EditorCommandIDs.run, {
    label: trans.__('Run prompt'),
    caption: trans.__('Run the prompt in front with the inputs of its form'),
    icon: runIcon,
    isEnabled: () => inFront() !== null,
    execute: () => inFront()?.content.model.run()
  });
  commands.addCommand(EditorCommandIDs.stop, {
    label: trans.__('Stop the run of the prompt'),
    isEnabled: () => inFront() !== null,
    execute: () => inFront()?.content.model.runner.cancel()
  });
  commands.addCommand(EditorCommandIDs.save, {
    label: trans.__('Save version…'),
    icon: saveIcon,
    isEnabled: () => (inFront()?.content.model.key ?? null) !== null,
    execute: () => inFront()?.saveVersion()
  });
  const isEnabled = (): boolean => inFront() !== null;
  for (const what of ['undo', 'redo'] as const) {
    const id = EditorCommandIDs[what];
    commands.addCommand(id, {
      label: what === 'undo' ? trans.__('Undo') : trans.__('Redo'),
      isEnabled,
      execute: () => inFront()?.content.wrapper.editor[what]()
    });
    mainMenu?.editMenu.undoers[what].add({ id, isEnabled });
  }
}
