import type { IDiffSpan, IMarks } from '../api';
import type { Side } from './decider';

/**
 * The text of one side as spans: on a side what it wrote is marked, in the base what either side took away.
 */
export function sideSpans(text: string, marks: IMarks, side: Side): readonly IDiffSpan[] {
  if (side !== 'base') {
    const spans = marks[side].filter(({ op }) => op !== 'delete');
    return spans.length > 0 ? spans : [{ op: 'equal', text }];
  }
  const gone = [...goneOf(marks.ours), ...goneOf(marks.theirs)];
  const cuts = new Set([0, text.length]);
  for (const [from, to] of gone) {
    cuts.add(from).add(to);
  }
  const places = [...cuts].sort((a, b) => a - b);
  const spans: IDiffSpan[] = [];
  for (let at = 0; at + 1 < places.length; at++) {
    const [from, to] = [places[at]!, places[at + 1]!];
    const op = gone.some(([a, b]) => a <= from && to <= b) ? 'delete' : 'equal';
    const last = spans[spans.length - 1];
    if (last?.op === op) {
      last.text += text.slice(from, to);
    } else {
      spans.push({ op, text: text.slice(from, to) });
    }
  }
  return spans;
}

/** Where words were taken out of the base. */
function goneOf(spans: readonly IDiffSpan[]): [number, number][] {
  const gone: [number, number][] = [];
  let at = 0;
  for (const { op, text } of spans) {
    if (op === 'delete') {
      gone.push([at, at + text.length]);
    }
    at += op === 'insert' ? 0 : text.length;
  }
  return gone;
}
