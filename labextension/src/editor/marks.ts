import type { Diagnostic } from '@codemirror/lint';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { IFix, IProblem } from '../api';
import { CodePoints } from './offsets';

/** Where a problem is in `text`, in UTF-16 units; never empty unless the text is. */
export function rangeOf(text: string, problem: IProblem): { from: number; to: number } {
  const places = new CodePoints(text);
  let from = places.utf16(problem.start);
  let to = Math.max(from, places.utf16(problem.end));
  if (from === to) {
    // a place between two characters: mark the one after, or the one before at the end of a line
    if (to < text.length && text[to] !== '\n') {
      to += 1;
    } else if (from > 0 && text[from - 1] !== '\n') {
      from -= 1;
    }
  }
  return { from, to };
}

/** Mark the problems of `text` in the margin and below the text; does nothing if the view shows another text. */
export function showProblems(
  view: EditorView,
  text: string,
  problems: readonly IProblem[],
  mend: (fix: IFix) => void
): void {
  if (view.state.doc.length !== text.length) {
    return;
  }
  const diagnostics = problems.map((problem): Diagnostic => {
    return {
      ...rangeOf(text, problem),
      severity: problem.severity,
      message: problem.message,
      renderMessage: () => sentence(problem),
      actions: problem.fixes.map(fix => ({
        name: fix.title,
        markClass: 'jp-PromptHub-fix',
        apply: () => mend(fix)
      }))
    };
  });
  diagnostics.sort((a, b) => a.from - b.from || a.to - b.to);
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

function sentence(problem: IProblem): HTMLElement {
  const node = document.createElement('span');
  node.className = 'jp-PromptHub-diagnostic';
  node.textContent = problem.message;
  return node;
}

/** How long Tab leaves the source after Escape. */
const TAB_LEAVES_MS = 2_000;

/** Escape, and Tab goes to what follows the source instead of writing a tab: the keyboard is not caught in it. */
const leavable = EditorView.domEventObservers({
  // seen also where Escape does something else first, such as closing a list
  keydown: (event, view) => {
    if (event.key === 'Escape') {
      view.setTabFocusMode(TAB_LEAVES_MS);
    }
  }
});

/** What our editor adds to JupyterLab's. */
export class EditorExtras {
  /** For one editor. */
  get extensions(): Extension[] {
    return [
      lintGutter(),
      // text is kept as typed: a carriage return is a character, so that offsets agree with the server's
      EditorState.lineSeparator.of('\n'),
      leavable,
      this._changes.of([])
    ];
  }

  /**
   * Show what was changed since `original`, or no longer (null).
   *
   * @param revert - the label of the buttons that undo one change; null: none.
   */
  async compare(view: EditorView, original: string | null, revert: string | null): Promise<void> {
    const extension =
      original === null
        ? []
        : (await import('@codemirror/merge')).unifiedMergeView({
            original,
            highlightChanges: true,
            gutter: true,
            mergeControls: revert === null ? false : (type, action) => button(type, action, revert)
          });
    view.dispatch({ effects: this._changes.reconfigure(extension) });
  }

  private readonly _changes = new Compartment();
}

function button(
  type: 'reject' | 'accept',
  action: (event: MouseEvent) => void,
  label: string
): HTMLElement {
  const node = document.createElement('button');
  node.type = 'button';
  if (type === 'accept') {
    // the other text is a version: nothing can be put into it
    node.hidden = true;
    return node;
  }
  node.className = 'jp-PromptHub-revert';
  node.textContent = label;
  node.addEventListener('mousedown', action);
  node.addEventListener('click', action);
  return node;
}
