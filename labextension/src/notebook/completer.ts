import type {
  CompletionHandler,
  ICompletionContext,
  ICompletionProvider
} from '@jupyterlab/completer';
import type { SourceChange } from '@jupyter/ydoc';
import type { ICompleted, ICompletion, ICompleteText } from '../api';
import { isAbort } from '../api';
import { isPromising } from '../assist/completion';
import { CodePoints, codePointAt } from '../editor/offsets';
import { promptCell } from './cell';

/** Characters after which something new may be offered, while one types. */
const OPENS = /[\w{>#/@. ]$/;

/** The server. */
export type Complete = (body: ICompleteText, signal?: AbortSignal) => Promise<ICompleted>;

/** Those that have what was typed; the completer itself only looks at what is typed from now on. */
function matching(items: readonly ICompletion[], typed: string): readonly ICompletion[] {
  return items.filter(each => each.label.toLowerCase().includes(typed));
}

/** Keep those who take a template for Python out of it: all that there are but ours. */
export function keepOut(
  others: ReadonlyMap<string, ICompletionProvider>,
  ours: PromptCellCompleter
): void {
  for (const other of others.values()) {
    if (other !== ours) {
      const isApplicable = other.isApplicable.bind(other);
      other.isApplicable = async context =>
        !(await ours.isApplicable(context)) && (await isApplicable(context));
    }
  }
}

/** Completes templates of prompt cells, as the prompt editor does; their first line is the kernel's to complete. */
export class PromptCellCompleter implements ICompletionProvider {
  constructor(private readonly _complete: Complete) {}

  readonly identifier = 'CompletionProvider:prompthub';
  readonly rank = 600;
  readonly renderer = null;

  isApplicable(context: ICompletionContext): Promise<boolean> {
    return Promise.resolve(this._place(context) !== null);
  }

  async fetch(
    request: CompletionHandler.IRequest
  ): Promise<CompletionHandler.ICompletionItemsReply> {
    const cell = promptCell(request.text);
    const at = new CodePoints(request.text).utf16(request.offset);
    if (!cell || at < cell.body) {
      return { start: request.offset, end: request.offset, items: [] };
    }
    this._request?.abort();
    this._request = new AbortController();
    const text = request.text.slice(cell.body);
    const before = codePointAt(request.text, cell.body);
    try {
      const done = await this._complete(
        { text, position: request.offset - before, cell_line: cell.line, explicit: true },
        this._request.signal
      );
      const typed = [...text]
        .slice(done.start, request.offset - before)
        .join('')
        .toLowerCase();
      return {
        start: done.start + before,
        end: done.end + before,
        items: matching(done.items, typed).map(({ label, insert, kind, detail, info }) => ({
          label,
          insertText: insert,
          type: kind,
          documentation: [detail, info].filter(Boolean).join('\n\n') || undefined
        }))
      };
    } catch (error) {
      if (!isAbort(error)) {
        console.warn('PromptHub: nothing could be completed', error);
      }
      return { start: request.offset, end: request.offset, items: [] };
    }
  }

  shouldShowContinuousHint(
    isVisible: boolean,
    changed: SourceChange,
    context?: ICompletionContext
  ): boolean {
    const typed = changed.sourceChange?.map(delta => delta.insert ?? '').join('') ?? '';
    const place = context && this._place(context);
    return !isVisible && OPENS.test(typed) && !!place && isPromising(place);
  }

  /** The template up to the cursor; null elsewhere than in the template of a prompt cell. */
  private _place({ editor }: ICompletionContext): string | null {
    const source = editor?.model.sharedModel.getSource() ?? '';
    const cell = promptCell(source);
    const at = cell && editor ? editor.getOffsetAt(editor.getCursorPosition()) : -1;
    return cell && at >= cell.body ? source.slice(cell.body, at) : null;
  }

  private _request: AbortController | null = null;
}
