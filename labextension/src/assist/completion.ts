import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { acceptCompletion, autocompletion, snippet } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { Prec } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import type { ICompleted, ICompletion } from '../api';
import { isAbort } from '../api';
import type { IPromptsApi } from '../api/prompts';
import { CodePoints, codePointAt } from '../editor/offsets';

/** How far back the start of a tag is looked for. */
const TAG_REACH = 1000;

/** How CodeMirror calls what we offer; it decides the icon. */
const ICONS: { readonly [kind: string]: string } = {
  variable: 'variable',
  loop: 'variable',
  helper: 'function',
  block: 'keyword',
  role: 'enum',
  snippet: 'namespace',
  key: 'property',
  type: 'type',
  model: 'class',
  parameter: 'property',
  ref: 'constant',
  value: 'constant'
};

/** What is completed. */
export interface ICompletionOptions {
  /** The server. */
  api: Pick<IPromptsApi, 'complete'>;
  /** Whose text it is; null for a text of no prompt. */
  promptId: string | null;
}

interface IOffered extends Completion {
  /** Whether something is to be offered again after this was taken. */
  goesOn: boolean;
}

/**
 * Whether something could be offered at the end of `before` that nobody asked for: inside a tag, or in front
 * matter. It only spares requests; what is offered is the server's to say.
 */
export function isPromising(before: string): boolean {
  const near = before.slice(-TAG_REACH);
  if (near.lastIndexOf('{{') > near.lastIndexOf('}}')) {
    return true;
  }
  return (
    /^\ufeff?(?:(?:#[^\n]*|[ \t]*)\r?\n)*---[ \t]*\r?\n/.test(before) &&
    (before.match(/^---[ \t]*\r?$/gm) ?? []).length < 2
  );
}

/** An offer as CodeMirror's template: braces are literal, tab stops are numbered. */
export function asTemplate(offer: Pick<ICompletion, 'insert' | 'stops'>): string {
  const points = [...offer.insert];
  const literal = (from: number, to?: number): string =>
    points.slice(from, to).join('').replace(/[{}]/g, '\\$&');
  let made = '';
  let at = 0;
  offer.stops.forEach(({ start, end }, index) => {
    made += `${literal(at, start)}\${${index + 1}:${literal(start, end)}}`;
    at = end;
  });
  return made + literal(at);
}

function asCompletion(offer: ICompletion, index: number): IOffered {
  const plain = offer.stops.length === 0 && !offer.insert.includes('\n');
  return {
    label: offer.label,
    type: ICONS[offer.kind],
    detail: offer.detail || undefined,
    info: offer.info || undefined,
    apply: plain ? offer.insert : snippet(asTemplate(offer)),
    // where all fit equally well they stay in the server's order
    sortText: String(index).padStart(5, '0'),
    goesOn: /[:"]?\s$/.test(offer.insert)
  };
}

/** The server's answer for a text. */
export function asResult(done: ICompleted, text: string): CompletionResult | null {
  if (done.items.length === 0) {
    return null;
  }
  const places = new CodePoints(text);
  return {
    from: places.utf16(done.start),
    to: places.utf16(done.end),
    options: done.items.map(asCompletion),
    validFor: done.complete ? /^[\w@#-]*$/ : undefined
  };
}

/** Completion from the server; an answer that is no longer wanted is cancelled. */
export function completionSource(options: ICompletionOptions) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const text = context.state.doc.toString();
    if (!context.explicit && !isPromising(text.slice(0, context.pos))) {
      return null;
    }
    const request = new AbortController();
    context.addEventListener('abort', () => request.abort(), { onDocChange: true });
    try {
      const done = await options.api.complete(
        {
          text,
          position: codePointAt(text, context.pos),
          prompt_id: options.promptId,
          explicit: context.explicit
        },
        request.signal
      );
      return context.aborted ? null : asResult(done, text);
    } catch (error) {
      if (!isAbort(error)) {
        console.warn('PromptHub: nothing could be completed', error);
      }
      return null;
    }
  };
}

/** Completion for an editor: as one types, and by Ctrl+Space. */
export function completion(options: ICompletionOptions): Extension {
  return [
    autocompletion({
      override: [completionSource(options)],
      activateOnTypingDelay: 60,
      activateOnCompletion: one => (one as IOffered).goesOn,
      tooltipClass: () => 'jp-PromptHub-completion'
    }),
    Prec.highest(keymap.of([{ key: 'Tab', run: acceptCompletion }]))
  ];
}
