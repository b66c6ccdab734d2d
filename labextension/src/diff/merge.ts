// Loaded only when a difference is shown side by side: CodeMirror's merge view comes with it.
import { Change, MergeView, unifiedMergeView } from '@codemirror/merge';
import type { Extension } from '@codemirror/state';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { syntaxHighlighting } from '@codemirror/language';
import { jupyterHighlightStyle } from '@jupyterlab/codemirror';
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';
import { promptLanguage } from '../editor/language';
import type { IChangedRange } from './spans';

export interface IMergeOptions {
  parent: HTMLElement;
  before: string;
  after: string;
  layout: 'split' | 'inline';
  /** The server's changes; the two whole texts are compared here when there are none. */
  ranges?: readonly IChangedRange[];
  /** Whether this is a whole `.prompt` text: with line numbers and highlighting. */
  whole: boolean;
  labels: { before: string; after: string };
}

const MARGIN_LINES = 3;
const LEAST_FOLDED = 4;

/** Show two texts; disposing removes the view. */
export function showMerge(options: IMergeOptions): IDisposable {
  const { parent, before, after, layout, ranges, whole, labels } = options;
  const changes = ranges?.map(r => new Change(r.fromA, r.toA, r.fromB, r.toB));
  const config = {
    gutter: true,
    highlightChanges: true,
    collapseUnchanged: { margin: MARGIN_LINES, minSize: LEAST_FOLDED },
    ...(changes && { diffConfig: { override: () => changes } })
  };
  const shared = (label: string): Extension[] => [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    ...(whole ? [lineNumbers(), promptLanguage(), syntaxHighlighting(jupyterHighlightStyle)] : [])
  ];
  if (layout === 'split') {
    const view = new MergeView({
      ...config,
      parent,
      a: { doc: before, extensions: shared(labels.before) },
      b: { doc: after, extensions: shared(labels.after) }
    });
    return new DisposableDelegate(() => view.destroy());
  }
  const view = new EditorView({
    parent,
    doc: after,
    extensions: [
      ...shared(labels.after),
      unifiedMergeView({ ...config, original: before, mergeControls: false })
    ]
  });
  return new DisposableDelegate(() => view.destroy());
}
