import type { CodeEditor } from '@jupyterlab/codeeditor';
import { CodeMirrorEditor, EditorSearchProvider } from '@jupyterlab/codemirror';
import type {
  IFilters,
  IReplaceOptionsSupport,
  ISearchProviderFactory
} from '@jupyterlab/documentsearch';
import type { Widget } from '@lumino/widgets';
import { PromptDocument } from '../editor/document';

/** JupyterLab's find and replace, in the source of a prompt. */
class PromptSearch extends EditorSearchProvider<CodeEditor.IModel> {
  constructor(private readonly _document: PromptDocument) {
    super();
  }

  get isReadOnly(): boolean {
    return this.editor?.getOption('readOnly') === true;
  }

  get replaceOptionsSupport(): IReplaceOptionsSupport {
    return { preserveCase: true };
  }

  protected get editor(): CodeMirrorEditor | null {
    const { editor } = this._document.content.wrapper;
    return editor instanceof CodeMirrorEditor ? editor : null;
  }

  protected get model(): CodeEditor.IModel {
    return this._document.content.wrapper.model;
  }

  override async startQuery(query: RegExp | null, filters?: IFilters): Promise<void> {
    await super.startQuery(query, filters);
    await this.highlightNext(true, { from: 'selection-start', scroll: false, select: false });
  }

  getInitialQuery(): string {
    const state = this.editor?.state;
    return state ? state.sliceDoc(state.selection.main.from, state.selection.main.to) : '';
  }
}

export const promptSearch: ISearchProviderFactory = {
  createNew: document => new PromptSearch(document as PromptDocument),
  isApplicable: (domain: Widget): domain is Widget => domain instanceof PromptDocument
};
