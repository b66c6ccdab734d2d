import { presentableDiff } from '@codemirror/merge';
import type { IDiffSpan } from '../api';

/** What is the same in two short texts, and what is not, at the bounds of words. */
export function wordSpans(before: string, after: string): IDiffSpan[] {
  const spans: IDiffSpan[] = [];
  const add = (op: IDiffSpan['op'], text: string) => {
    if (text) {
      spans.push({ op, text });
    }
  };
  let at = 0;
  for (const { fromA, toA, fromB, toB } of presentableDiff(before, after)) {
    add('equal', before.slice(at, fromA));
    add('delete', before.slice(fromA, toA));
    add('insert', after.slice(fromB, toB));
    at = toA;
  }
  add('equal', before.slice(at));
  return spans;
}
