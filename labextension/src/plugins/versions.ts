import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { historyIcon } from '@jupyterlab/ui-components';
import { CommandIDs } from '../commands';
import { addPromptCommand, textArg } from '../commands/context';
import { DiffModel, DiffWidget } from '../diff';
import { branchIcon, compareIcon } from '../icons';
import { MergeModel, MergeWidget } from '../merge';
import { HistoryModel, HistoryWidget } from '../panels/history';
import { IPromptHub } from '../tokens';
import { IPromptHubSettings } from './settings';

/** History and comparison, in the main area. */
export const versionsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:versions',
  description: 'History and comparison of prompts.',
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
    const context = { app, hub, trans };
    const run = (command: string, args: object) => void app.commands.execute(command, { ...args });
    const histories = new WidgetTracker<HistoryWidget>({ namespace: 'prompthub-history' });
    const merges = new WidgetTracker<MergeWidget>({ namespace: 'prompthub-merge' });
    const comparisons = new WidgetTracker<DiffWidget>({ namespace: 'prompthub-diff' });

    addPromptCommand(context, CommandIDs.openHistory, {
      label: trans.__('History'),
      caption: trans.__('Versions, branches and what environments serve'),
      icon: historyIcon,
      execute: async ({ promptId }) => {
        const id = HistoryWidget.idOf(promptId);
        let widget = histories.find(each => each.id === id);
        if (!widget) {
          widget = new HistoryWidget(new HistoryModel(hub, promptId, run));
          await histories.add(widget);
          app.shell.add(widget, 'main');
        }
        app.shell.activateById(id);
        return widget;
      }
    });

    addPromptCommand(context, CommandIDs.compareVersions, {
      label: trans.__('Compare versions'),
      icon: compareIcon,
      execute: async ({ promptId }, args) => {
        const base = textArg(args, 'base');
        const head = textArg(args, 'head');
        if (!base || !head) {
          // which two is asked in the history
          await app.commands.execute(CommandIDs.openHistory, { promptId });
          return null;
        }
        const id = DiffWidget.idOf(promptId, base, head);
        let widget = comparisons.find(each => each.id === id);
        if (!widget) {
          const { diffLayout: layout } = settings();
          widget = new DiffWidget(new DiffModel(hub, { promptId, base, head, layout }, run));
          await comparisons.add(widget);
          app.shell.add(widget, 'main');
        }
        app.shell.activateById(id);
        return widget;
      }
    });

    addPromptCommand(context, CommandIDs.mergeBranch, {
      label: trans.__('Merge branch…'),
      caption: trans.__('Bring a branch into another, unit by unit'),
      icon: branchIcon,
      execute: async ({ promptId, branch }, args) => {
        const id = MergeWidget.idOf(promptId);
        let widget = merges.find(each => each.id === id);
        const asked = { source: textArg(args, 'source'), target: textArg(args, 'target') };
        // from a branch: into main
        const source = asked.source ?? (branch === 'main' ? null : branch);
        if (!widget) {
          const options = { promptId, source, target: asked.target };
          widget = new MergeWidget(new MergeModel(hub, options, run));
          await merges.add(widget);
          app.shell.add(widget, 'main');
        } else if (source) {
          widget.model.choose(source, asked.target ?? 'main');
        }
        app.shell.activateById(id);
        return widget;
      }
    });

    if (restorer) {
      void restorer.restore(merges, {
        command: CommandIDs.mergeBranch,
        args: ({ model: { promptId, source, target } }) => ({ promptId, source, target }),
        name: widget => widget.id
      });
      void restorer.restore(histories, {
        command: CommandIDs.openHistory,
        args: widget => ({ promptId: widget.promptId }),
        name: widget => widget.promptId
      });
      void restorer.restore(comparisons, {
        command: CommandIDs.compareVersions,
        args: ({ model: { promptId, base, head } }) => ({ promptId, base, head }),
        name: widget => widget.id
      });
    }
  }
};
