import type { IDiffSpan, IUnitChange } from '../api';
import type { IMark } from './Inline';

/** A changed range, as CodeMirror counts (UTF-16 units). */
export interface IChangedRange {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** The server's spans as changed ranges in the text before (A) and after (B). */
export function rangesOf(spans: readonly IDiffSpan[]): IChangedRange[] {
  const ranges: IChangedRange[] = [];
  let [fromA, fromB, toA, toB] = [0, 0, 0, 0];
  const close = () => {
    if (toA > fromA || toB > fromB) {
      ranges.push({ fromA, toA, fromB, toB });
    }
  };
  for (const { op, text } of spans) {
    if (op === 'equal') {
      close();
      fromA = toA += text.length;
      fromB = toB += text.length;
    } else if (op === 'delete') {
      toA += text.length;
    } else {
      toB += text.length;
    }
  }
  close();
  return ranges;
}

/**
 * The spans of a change, also where the server marked none: then all of it is deleted, inserted, or (moved
 * or renamed as it is) equal.
 */
export function spansOf(change: IUnitChange): readonly IDiffSpan[] {
  if (change.spans.length > 0) {
    return change.spans;
  }
  const { before, after } = change;
  if (before === after) {
    return before ? [{ op: 'equal', text: before }] : [];
  }
  const spans: IDiffSpan[] = [];
  if (before !== null) {
    spans.push({ op: 'delete', text: before });
  }
  if (after !== null) {
    spans.push({ op: 'insert', text: after });
  }
  return spans;
}

/** One side of spans: what was there before (equal and deleted), or what is there after. */
export function side(spans: readonly IDiffSpan[], which: 'before' | 'after'): IDiffSpan[] {
  const dropped = which === 'before' ? 'insert' : 'delete';
  return spans.filter(span => span.op !== dropped);
}

/** A piece of an inline difference; a `fold` stands for lines that are not shown. */
export type Piece = IDiffSpan | { op: 'fold'; text: string; lines: number };

/** Fewer unchanged lines than this are never folded. */
const LEAST_FOLDED = 4;

/** Spans with long unchanged stretches folded; `margin` lines stay beside every change. */
export function folded(spans: readonly IDiffSpan[], margin = 3): Piece[] {
  return spans.flatMap((span, index): Piece[] => {
    if (span.op !== 'equal') {
      return [span];
    }
    const lines = span.text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const before = index === 0 ? 0 : margin;
    const after = index === spans.length - 1 ? 0 : margin;
    const hidden = lines.slice(before, lines.length - after);
    if (hidden.length < LEAST_FOLDED) {
      return [span];
    }
    const pieces: Piece[] = [
      { op: 'equal', text: lines.slice(0, before).join('') },
      { op: 'fold', text: hidden.join(''), lines: hidden.length },
      { op: 'equal', text: lines.slice(lines.length - after).join('') }
    ];
    return pieces.filter(piece => piece.text !== '');
  });
}

/** A piece of text, with its place in the newer text, and the mark that it is in. */
export interface IMarked {
  op: IDiffSpan['op'];
  text: string;
  at: number;
  /** It is in the older text only, and takes no room in the newer one. */
  isGone: boolean;
  mark: IMark | null;
}

/**
 * Pieces cut where a mark begins or ends. Places count in the newer text; in the older one where all is deleted.
 */
export function marked(
  pieces: readonly Piece[],
  marks: readonly IMark[]
): (IMarked | Extract<Piece, { op: 'fold' }>)[] {
  const onlyOld = pieces.every(piece => piece.op === 'delete');
  const made: (IMarked | Extract<Piece, { op: 'fold' }>)[] = [];
  let at = 0;
  for (const piece of pieces) {
    const isGone = piece.op === 'delete' && !onlyOld;
    if (piece.op === 'fold' || isGone) {
      made.push(
        piece.op === 'fold' ? piece : { op: piece.op, text: piece.text, at, isGone, mark: null }
      );
      at += isGone ? 0 : piece.text.length;
      continue;
    }
    const end = at + piece.text.length;
    const cuts = new Set([at, end]);
    for (const { from, to } of marks) {
      for (const cut of [from, to]) {
        if (cut > at && cut < end) {
          cuts.add(cut);
        }
      }
    }
    const places = [...cuts].sort((a, b) => a - b);
    places.slice(0, -1).forEach((from, index) => {
      const to = places[index + 1]!;
      const over = marks.filter(mark => mark.from <= from && mark.to >= to);
      made.push({
        op: piece.op,
        text: piece.text.slice(from - at, to - at),
        at: from,
        isGone: false,
        mark: over.find(mark => mark.isActive) ?? over[0] ?? null
      });
    });
    at = end;
  }
  return made;
}
