import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import type { IWidgetTracker } from '@jupyterlab/apputils';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { IStateDB } from '@jupyterlab/statedb';
import { runIcon } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { PROMPT_FACTORY } from '../commands/ids';
import { EditorCommandIDs } from '../editor/commands';
import type { PromptDocument } from '../editor/document';
import { compareIcon } from '../icons';
import type { IPromptHub } from '../tokens';
import { SideBySide, SideBySideWidget } from '.';

/** An editor that is at least so high leaves room for answers below it. */
const ROOMY_PX = 900;

/** The command that opens runs beside each other, and the one that runs them all. */
export function addSideBySide(
  app: JupyterFrontEnd,
  hub: IPromptHub,
  editors: IWidgetTracker<PromptDocument>,
  options: {
    atOnce: () => number;
    state: IStateDB | null;
    restorer: ILayoutRestorer | null;
  }
): void {
  const { commands, shell } = app;
  const { trans } = hub;
  const panels = new WidgetTracker<SideBySideWidget>({ namespace: 'prompthub-side-by-side' });
  const keys = CommandRegistry.formatKeystroke('Accel Enter');

  const open = async (path: string): Promise<SideBySideWidget | null> => {
    const id = SideBySideWidget.idOf(path);
    let panel = panels.find(each => each.id === id) ?? null;
    if (!panel) {
      let editor = editors.find(each => each.context.path === path);
      if (!editor) {
        await commands.execute('docmanager:open', { path, factory: PROMPT_FACTORY });
        editor = editors.find(each => each.context.path === path);
      }
      if (!editor) {
        return null;
      }
      const { model } = editor.content;
      const { atOnce, state } = options;
      const made = new SideBySideWidget(new SideBySide({ prompt: model, atOnce, state }), keys);
      // its text and its inputs are the editor's
      editor.disposed.connect(() => made.dispose());
      await panels.add(made);
      const isRoomy = editor.node.offsetHeight >= ROOMY_PX;
      shell.add(made, 'main', { ref: editor.id, mode: isRoomy ? 'split-bottom' : 'tab-after' });
      panel = made;
    }
    shell.activateById(id);
    return panel;
  };

  commands.addCommand(EditorCommandIDs.sideBySide, {
    label: trans.__('Run side by side'),
    caption: trans.__('Run the prompt in front on several models or versions beside each other'),
    icon: compareIcon,
    isEnabled: args => typeof args['path'] === 'string' || inFront() !== null,
    execute: async args => {
      const path = typeof args['path'] === 'string' ? args['path'] : inFront();
      return path === null ? null : open(path);
    },
    describedBy: {
      args: {
        type: 'object',
        properties: {
          path: { type: 'string', description: 'The open draft; the one in front when left out.' }
        }
      }
    }
  });
  commands.addCommand(EditorCommandIDs.runAll, {
    label: trans.__('Run all columns'),
    icon: runIcon,
    isEnabled: () => panels.currentWidget !== null && panels.currentWidget === shell.currentWidget,
    execute: () => panels.currentWidget?.content.model.runAll()
  });
  if (options.restorer) {
    void options.restorer.restore(panels, {
      command: EditorCommandIDs.sideBySide,
      args: ({ path }) => ({ path }),
      name: ({ path }) => path
    });
  }

  function inFront(): string | null {
    const editor = editors.currentWidget;
    return editor && editor === shell.currentWidget && editor.content.model.key
      ? editor.context.path
      : null;
  }
}
