import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IDiffSpan } from '../api';
import { classes } from '../components/basics';
import type { IMarked } from './spans';
import { folded, marked } from './spans';

/** Words that are pointed at, in UTF-16 units of the newer text (of the older one, where there is no newer). */
export interface IMark {
  readonly from: number;
  readonly to: number;
  /** It is the one that is looked at. */
  readonly isActive?: boolean;
}

/** Spans one after the other, deleted and inserted words marked. */
export function Inline(props: {
  spans: readonly IDiffSpan[];
  marks?: readonly IMark[] | undefined;
  trans: TranslationBundle;
  label?: string;
}): JSX.Element {
  const { spans, marks, trans } = props;
  const [open, setOpen] = React.useState(false);
  const pieces = React.useMemo(() => folded(spans), [spans]);
  // what is pointed at is never folded away
  const shown = open || marks?.length ? spans : pieces;
  return (
    <pre
      className="jp-PromptHub-inline"
      aria-label={props.label}
      data-pointable={marks !== undefined || undefined}
    >
      {marked(shown, marks ?? []).map((piece, index) =>
        piece.op === 'fold' ? (
          <button
            key={index}
            type="button"
            className="jp-PromptHub-fold"
            onClick={() => setOpen(true)}
          >
            {trans._n('%1 unchanged line', '%1 unchanged lines', piece.lines)}
          </button>
        ) : (
          <Words key={index} piece={piece} />
        )
      )}
    </pre>
  );
}

/** `data-at` is where it begins in the newer text, for who selects words. */
function Words({ piece }: { piece: IMarked }): JSX.Element {
  const Tag = piece.op === 'insert' ? 'ins' : piece.op === 'delete' ? 'del' : 'span';
  return (
    <Tag
      className={classes(
        piece.mark && 'jp-PromptHub-pointedAt',
        piece.mark?.isActive && 'jp-mod-active'
      )}
      data-at={piece.at}
      data-gone={piece.isGone || undefined}
    >
      {piece.text}
    </Tag>
  );
}

/** Where a selection is within the newer text; null when it is not wholly within `root`, or empty. */
export function selectedIn(
  root: HTMLElement,
  selection: Selection | null
): { from: number; to: number } | null {
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) {
    return null;
  }
  const range = selection.getRangeAt(0);
  if (!root.contains(range.startContainer) || !root.contains(range.endContainer)) {
    return null;
  }
  const pieces = [...root.querySelectorAll<HTMLElement>('[data-at]')];
  const offsetOf = (node: Node, offset: number): number | null => {
    if (!(node instanceof Text)) {
      const inside = node instanceof Element ? node.closest<HTMLElement>('[data-at]') : null;
      if (inside) {
        // a piece has one text: before it, or after it
        const isAfter = offset > 0 && !inside.dataset['gone'];
        return Number(inside.dataset['at']) + (isAfter ? (inside.textContent ?? '').length : 0);
      }
      // between pieces: where the next one begins
      const next = node.childNodes[offset];
      const piece = next && pieces.find(each => next === each || next.contains(each));
      return piece ? Number(piece.dataset['at']) : null;
    }
    const piece = node.parentElement?.closest<HTMLElement>('[data-at]');
    if (!piece) {
      return null;
    }
    return Number(piece.dataset['at']) + (piece.dataset['gone'] ? 0 : offset);
  };
  const last = pieces[pieces.length - 1];
  const end = last
    ? Number(last.dataset['at']) + (last.dataset['gone'] ? 0 : (last.textContent ?? '').length)
    : 0;
  const from = offsetOf(range.startContainer, range.startOffset) ?? 0;
  const to = offsetOf(range.endContainer, range.endOffset) ?? end;
  return from < to ? { from, to } : null;
}
