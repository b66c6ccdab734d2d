import type { CodeEditor } from '@jupyterlab/codeeditor';
import { CodeEditorWrapper } from '@jupyterlab/codeeditor';
import { CodeMirrorEditor } from '@jupyterlab/codemirror';
import { ReactWidget } from '@jupyterlab/ui-components';
import { EditorView } from '@codemirror/view';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { Panel, SplitPanel, Widget } from '@lumino/widgets';
import * as React from 'react';
import type { IInclude, IProblem } from '../api';
import { applyFix, assistance } from '../assist';
import { useSignal } from '../components/hooks';
import type { ICheck } from './checker';
import { EditorExtras, rangeOf, showProblems } from './marks';
import type { PromptModel } from './model';
import { Preview } from './preview';
import { Problems } from './problems';
import { SidePanel } from './sidepanel';

/** Below this width the parts stand above each other. */
const NARROW_PX = 600;

/** Source with its problems, preview below, tabs beside. */
export class PromptEditor extends SplitPanel {
  constructor(options: PromptEditor.IOptions) {
    super({ orientation: 'horizontal', spacing: 1 });
    this.addClass('jp-PromptHub-editor');
    const { model } = options;
    this.model = model;
    const { context } = model;
    context.model.mimeType = options.mimeType;

    this.wrapper = new CodeEditorWrapper({
      model: context.model,
      factory: options.factory,
      editorOptions: {
        config: { lineNumbers: true, lineWrap: true },
        extensions: [
          ...this._extras.extensions,
          ...assistance(model, to => this._goAsked.emit(to)),
          EditorView.contentAttributes.of({
            'aria-label': model.hub.trans.__('Source of the prompt')
          })
        ]
      }
    });
    this.wrapper.addClass('jp-PromptHub-source');
    this.wrapper.node.dataset['jpUndoer'] = 'true';

    const problems = ReactWidget.create(
      <Following model={model}>
        {() => <Problems model={model} onGo={problem => this.go(problem)} />}
      </Following>
    );
    const source = (this._source = new Panel());
    source.addClass('jp-PromptHub-sourcepane');
    source.addWidget(this.wrapper);
    source.addWidget(problems);

    this._preview = ReactWidget.create(
      <Following model={model}>{() => <Preview model={model} />}</Following>
    );
    this._preview.addClass('jp-PromptHub-previewpane');
    const left = (this._left = new SplitPanel({ orientation: 'vertical', spacing: 1 }));
    left.addWidget(source);
    left.addWidget(this._preview);
    left.setRelativeSizes([3, 2]);

    const openSnippet = (name: string): void => {
      const include = model.check?.checked.includes.find(each => each.name === name);
      if (include) {
        this._goAsked.emit({ include, at: 0 });
      }
    };
    const side = new Side(options, () => this._isNarrow, openSnippet);
    this._side = side;
    this.addWidget(left);
    this.addWidget(side);
    this.setRelativeSizes([3, 2]);

    model.changed.connect(this._onChanged, this);
    void context.ready.then(() => {
      if (!this.isDisposed) {
        this.wrapper.editor.clearHistory();
        this._onChanged();
      }
    });
  }

  readonly model: PromptModel;
  readonly wrapper: CodeEditorWrapper;

  /** Somebody asks to open a snippet from a place of the text, or (null) to go back to such a place. */
  get goAsked(): ISignal<this, { include: IInclude; at: number } | null> {
    return this._goAsked;
  }

  /** Whether the marks of changes since the head are shown. */
  get isComparing(): boolean {
    return this._isComparing;
  }

  get comparingChanged(): ISignal<this, void> {
    return this._comparingChanged;
  }

  /** Show something above the text. */
  addBanner(banner: Widget): void {
    this._source.insertWidget(0, banner);
  }

  /** Mark what was changed since `original`; null: no longer. */
  async compare(original: string | null): Promise<void> {
    const { trans } = this.model.hub;
    const view = this.view;
    if (view) {
      const revert = this.model.canWrite ? trans.__('Undo this change') : null;
      await this._extras.compare(view, original, revert);
      this._isComparing = original !== null;
      this._comparingChanged.emit();
    }
  }

  /** Put the cursor at a problem. */
  go(problem: IProblem): void {
    this.reveal(rangeOf(this.model.check?.text ?? this.model.text, problem).from);
  }

  /** Put the cursor at a place of the text, in UTF-16 units. */
  reveal(at: number): void {
    const { view } = this;
    if (view) {
      const anchor = Math.min(at, view.state.doc.length);
      view.dispatch({ selection: { anchor }, scrollIntoView: true });
      view.focus();
    }
  }

  override dispose(): void {
    if (!this.isDisposed) {
      Signal.clearData(this);
      super.dispose();
    }
  }

  protected override onActivateRequest(): void {
    this.wrapper.editor.focus();
  }

  protected override onResize(msg: Widget.ResizeMessage): void {
    const width = msg.width < 0 ? this.node.offsetWidth : msg.width;
    const isNarrow = width > 0 && width < NARROW_PX;
    if (isNarrow !== this._isNarrow) {
      this._isNarrow = isNarrow;
      this.orientation = isNarrow ? 'vertical' : 'horizontal';
      this._preview.setHidden(isNarrow);
      this._left.setRelativeSizes([3, 2]);
      this._side.update();
      this.setRelativeSizes(isNarrow ? [1, 1] : [3, 2]);
    }
    super.onResize(msg);
  }

  /** CodeMirror's view of the source; null when it is gone. */
  get view(): CodeMirrorEditor['editor'] | null {
    const { editor } = this.wrapper;
    return !this.isDisposed && editor instanceof CodeMirrorEditor ? editor.editor : null;
  }

  private _onChanged(): void {
    const { model } = this;
    if (model.isReady) {
      const readOnly = !model.canWrite;
      if (this.wrapper.editor.getOption('readOnly') !== readOnly) {
        this.wrapper.editor.setOption('readOnly', readOnly);
      }
    }
    const view = this.view;
    if (view && model.check && model.check !== this._shown && model.check.text === model.text) {
      this._shown = model.check;
      const { text } = model.check;
      showProblems(view, text, model.textProblems, fix => applyFix(model, text, fix));
    }
  }

  private readonly _extras = new EditorExtras();
  private readonly _source: Panel;
  private readonly _preview: Widget;
  private readonly _left: SplitPanel;
  private readonly _side: Side;
  private _shown: ICheck | null = null;
  private _isNarrow = false;
  private _isComparing = false;
  private readonly _comparingChanged = new Signal<this, void>(this);
  private readonly _goAsked = new Signal<this, { include: IInclude; at: number } | null>(this);
}

export namespace PromptEditor {
  export interface IOptions {
    model: PromptModel;
    mimeType: string;
    factory: CodeEditor.Factory;
    /** The keys of Run, as people read them. */
    keys: string;
    /** Add a plain file to the library; null for a draft. */
    onAdd: (() => void) | null;
    /** Open several runs beside each other; null for a plain file. */
    onSideBySide: (() => void) | null;
  }
}

class Side extends ReactWidget {
  constructor(
    private readonly _options: PromptEditor.IOptions,
    private readonly _isNarrow: () => boolean,
    private readonly _openSnippet: (name: string) => void
  ) {
    super();
    this.addClass('jp-PromptHub-sidepane');
  }

  protected render(): JSX.Element {
    const { model, keys, onAdd, onSideBySide } = this._options;
    return (
      <SidePanel
        {...{ model, keys, onAdd, onSideBySide }}
        narrow={this._isNarrow()}
        onOpenSnippet={this._openSnippet}
      />
    );
  }
}

function Following(props: { model: PromptModel; children: () => JSX.Element }): JSX.Element {
  useSignal(props.model.changed);
  return props.children();
}
