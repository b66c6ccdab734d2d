import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Title } from '@lumino/widgets';
import { Widget } from '@lumino/widgets';
import { PromptDocument } from './document';

/** Prompt and branch of the draft in front; JupyterLab's item shows the name of its file, which says neither. */
class DraftName extends Widget {
  constructor() {
    super({ node: document.createElement('span') });
    this.addClass('jp-PromptHub-draftName');
    this.addClass('jp-StatusBar-TextItem');
  }

  get isActive(): boolean {
    return this.node.textContent !== '';
  }

  get activeChanged(): ISignal<this, void> {
    return this._activeChanged;
  }

  /** Name the draft in this widget of the main area, and go on as its name changes. */
  follow(widget: Widget | null): void {
    this._title?.changed.disconnect(this._update, this);
    this._document = widget instanceof PromptDocument ? widget : null;
    this._title = this._document?.title ?? null;
    // the title follows the name and the branch
    this._title?.changed.connect(this._update, this);
    this._update();
  }

  private _update(): void {
    const model = this._document?.isDisposed === false ? this._document.content.model : null;
    const name = model?.draft?.prompt?.name;
    this.node.textContent = model?.key && name ? `${name} · ${model.key.branch}` : '';
    this.node.title = this.isActive ? this._title!.caption : '';
    this._activeChanged.emit();
  }

  private _document: PromptDocument | null = null;
  private _title: Title<Widget> | null = null;
  private readonly _activeChanged = new Signal<this, void>(this);
}

export const draftName: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:draft-name',
  description: 'Prompt and branch of a draft in the status bar.',
  autoStart: true,
  optional: [IStatusBar],
  activate: ({ shell, restored }: JupyterFrontEnd, statusBar: IStatusBar | null) => {
    if (!statusBar) {
      return;
    }
    const item = new DraftName();
    const look = () => item.follow(shell.currentWidget);
    shell.currentChanged?.connect(look);
    void restored.then(look);
    statusBar.registerStatusItem(draftName.id, {
      item,
      align: 'right',
      rank: 0,
      isActive: () => item.isActive,
      activeStateChanged: item.activeChanged
    });
  }
};
