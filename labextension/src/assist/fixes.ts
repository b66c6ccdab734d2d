import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import type { EditorView } from '@codemirror/view';
import { Notification } from '@jupyterlab/apputils';
import type { IFix, IProblem } from '../api';
import type { ICheck } from '../editor/checker';
import { rangeOf } from '../editor/marks';
import type { PromptModel } from '../editor/model';
import { freshCheck } from './names';
import { applyAsStep } from './textedits';

/** Make a fix of the text that was checked; false when the text has moved on. */
export function applyFix(model: PromptModel, text: string, fix: IFix): boolean {
  return model.canWrite && applyAsStep(model.context.model.sharedModel, text, fix.edits);
}

/**
 * The problems that can be mended and that somebody at `from`..`to` (UTF-16) means: those at the cursor, else
 * those of its lines, else all.
 */
export function mendable(check: ICheck, from: number, to: number): IProblem[] {
  const all = check.checked.problems.filter(problem => problem.fixes.length > 0);
  const touching = (start: number, end: number): IProblem[] =>
    all.filter(problem => {
      const range = rangeOf(check.text, problem);
      return range.from <= end && start <= range.to;
    });
  const here = touching(from, to);
  if (here.length > 0) {
    return here;
  }
  const end = check.text.indexOf('\n', to);
  const lines = touching(
    check.text.lastIndexOf('\n', from - 1) + 1,
    end < 0 ? check.text.length : end
  );
  return lines.length > 0 ? lines : all;
}

/** Offer the fixes of the problems at the cursor as a menu. */
export async function showFixes(model: PromptModel, view: EditorView): Promise<void> {
  const { trans } = model.hub;
  const check = await freshCheck(model);
  const { from, to, head } = view.state.selection.main;
  const problems = mendable(check, from, to);
  if (problems.length === 0) {
    const left = check.checked.problems.length;
    Notification.info(
      left > 0
        ? trans.__('The problems of this text have no fix that could be made for you.')
        : trans.__('This text has no problems.'),
      { autoClose: 3000 }
    );
    return;
  }
  const menu = fixMenu(model, check, problems);
  menu.aboutToClose.connect(() => view.focus());
  const place = view.coordsAtPos(head) ?? view.dom.getBoundingClientRect();
  menu.open(place.left, place.bottom);
  menu.activeIndex = 0;
}

/** The fixes of problems as a menu that goes away by itself. */
function fixMenu(model: PromptModel, check: ICheck, problems: readonly IProblem[]): Menu {
  const commands = new CommandRegistry();
  const menu = new Menu({ commands });
  menu.addClass('jp-PromptHub-fixes');
  problems.forEach((problem, index) => {
    if (index > 0) {
      menu.addItem({ type: 'separator' });
    }
    problem.fixes.forEach((fix, number) => {
      const command = `fix-${index}-${number}`;
      commands.addCommand(command, {
        label: fix.title,
        caption: problem.message,
        execute: () => {
          if (!applyFix(model, check.text, fix)) {
            Notification.warning(
              model.hub.trans.__('The text was changed meanwhile; nothing was mended. Try again.')
            );
          }
        }
      });
      menu.addItem({ command });
    });
  });
  // a chosen command runs after the menu has closed
  menu.aboutToClose.connect(() => setTimeout(() => menu.dispose()));
  return menu;
}
