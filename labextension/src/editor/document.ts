import type { YFile } from '@jupyter/ydoc';
import { Notification } from '@jupyterlab/apputils';
import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { ABCWidgetFactory, DocumentWidget } from '@jupyterlab/docregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import { Toolbar } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import { CommandIDs } from '../commands/ids';
import { reportError } from '../components/notify';
import { parseDrivePath } from '../drivepath';
import type { IPromptDrive } from '../drive/token';
import { promptIcon } from '../icons';
import type { IPromptHub } from '../tokens';
import { ConnectionBanner } from './connection';
import { EditorCommandIDs } from './commands';
import { PromptEditor } from './editor';
import { Follower } from './follow';
import { reviewIncoming } from './incoming';
import { PromptModel } from './model';
import type { ModelCatalog } from './models';
import { FollowBanner } from './presence';
import { fillToolbar } from './toolbar';

export const FILE_TYPE = 'prompt';
export const MIME_TYPE = 'text/x-prompthub';

/** One open prompt: a draft, or a `.prompt` file. */
export class PromptDocument extends DocumentWidget<PromptEditor, DocumentRegistry.ICodeModel> {
  constructor(
    options: DocumentWidget.IOptions<PromptEditor, DocumentRegistry.ICodeModel>,
    private readonly _commands: CommandRegistry
  ) {
    super(options);
    this.addClass('jp-PromptHub-document');
    const { model } = this.content;
    if (model.key) {
      this.addClass('jp-mod-draft');
      // a document's title is otherwise its file's name, and setting another renames the file
      Signal.disconnectBetween(this.title, this);
      model.draft!.changed.connect(this._onDraft, this);
      model.changed.connect(this._onModel, this);
      this._onDraft();
      this.content.comparingChanged.connect(() => model.refresh());
      const follower = this._follower();
      fillToolbar(this.toolbar, Toolbar.createSpacerItem(), {
        model,
        commands: _commands,
        save: () => void this.saveVersion(),
        compare: () => void this.toggleCompare(),
        isComparing: () => this.content.isComparing,
        behind: () => void reviewIncoming(model, _commands),
        follower
      });
      if (model.room) {
        this.content.addBanner(
          new ConnectionBanner(
            model,
            model.room.storage,
            () => this._reopen(),
            () => void this._showLost()
          )
        );
      }
    }
  }

  /** Save the draft as a version. */
  async saveVersion(): Promise<void> {
    const { model } = this.content;
    await this._commands.execute(CommandIDs.saveVersion, { ...model.key });
    await model.draft?.refresh();
  }

  /** Mark in the text what was changed since the head of the branch, or no longer. */
  async toggleCompare(): Promise<void> {
    const { model } = this.content;
    const { trans, api } = model.hub;
    const head = model.draft?.draft?.head_sha;
    if (this.content.isComparing || !model.key || !head) {
      return this.content.compare(null);
    }
    try {
      const { text } = await api.versions.get(model.key.promptId, head);
      await this.content.compare(text);
    } catch (error) {
      reportError(trans, trans.__('The head could not be loaded'), error);
    }
  }

  /** Mark in the text what the server does not have. */
  private async _showLost(): Promise<void> {
    const { hub, key } = this.content.model;
    try {
      const { text } = await hub.api.drafts.get(key!.promptId, key!.branch);
      await this.content.compare(text);
    } catch (error) {
      reportError(hub.trans, hub.trans.__('What is stored could not be loaded'), error);
    }
  }

  /** Who else is here; null where the editor is not CodeMirror's. */
  private _follower(): Follower | null {
    const { model, view } = this.content;
    const { trans } = model.hub;
    if (!view) {
      return null;
    }
    const follower = new Follower(view, model.context.model.sharedModel as YFile);
    this.disposed.connect(() => follower.dispose());
    follower.left.connect((_, { name }) =>
      Notification.info(trans.__('%1 has left; you follow nobody now.', name), { autoClose: 4000 })
    );
    this.content.addBanner(new FollowBanner(follower, trans));
    return follower;
  }

  /** Give up this document, whose draft is closed, and open the draft as it is now. */
  private _reopen(): void {
    const args = { ...this.content.model.key };
    this.dispose();
    void this._commands.execute(CommandIDs.openPrompt, args);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      const { model } = this.content;
      super.dispose();
      model.dispose();
    }
  }

  private _onDraft(): void {
    const { model } = this.content;
    const { prompt } = model.draft!;
    const { trans } = model.hub;
    const { branch } = model.key!;
    const name = prompt?.name ?? trans.__('Prompt');
    this.content.title.label = branch === 'main' ? name : `${name} · ${branch}`;
    this.content.title.caption = prompt ? `${prompt.title}\n${name}@${branch}` : name;
    const { head_sha } = model.draft!.draft ?? { head_sha: null };
    if (this._head !== head_sha) {
      this._head = head_sha;
      // what the marks compare with is no longer the head
      this._compareAgain();
    }
  }

  private _onModel(): void {
    const { canWrite } = this.content.model;
    if (this._canWrite !== canWrite) {
      this._canWrite = canWrite;
      // the marks have a way to undo a change, or none
      this._compareAgain();
    }
  }

  private _compareAgain(): void {
    if (this.content.isComparing) {
      void this.content.compare(null).then(() => this.toggleCompare());
    }
  }

  private _canWrite = false;

  private _head: string | null = null;
}

/** Makes the editors of drafts and of `.prompt` files. */
export class PromptFactory extends ABCWidgetFactory<PromptDocument, DocumentRegistry.ICodeModel> {
  constructor(
    options: DocumentRegistry.IWidgetFactoryOptions<PromptDocument>,
    private readonly _parts: PromptFactory.IParts
  ) {
    super(options);
  }

  protected createNewWidget(context: DocumentRegistry.CodeContext): PromptDocument {
    const { hub, commands, services, drive, models, state } = this._parts;
    const isDraft = parseDrivePath(context.path) !== null;
    const model = new PromptModel({
      hub,
      context,
      models,
      state,
      room: drive.room(context.path)
    });
    const content = new PromptEditor({
      model,
      mimeType: MIME_TYPE,
      factory: services.factoryService.newDocumentEditor,
      keys: CommandRegistry.formatKeystroke('Accel Enter'),
      onSideBySide: isDraft
        ? () => void commands.execute(EditorCommandIDs.sideBySide, { path: context.path })
        : null,
      onAdd: isDraft ? null : () => void this._add(model)
    });
    content.title.icon = promptIcon;
    // JupyterLab's own kind would put the state of the draft into a menu where it is narrow
    const toolbar = new Toolbar();
    return new PromptDocument({ content, context, toolbar }, commands);
  }

  /** Make a prompt of a plain file's text. */
  private async _add(model: PromptModel): Promise<void> {
    const { hub, commands } = this._parts;
    const file = model.context.path.split('/').pop() ?? '';
    try {
      const { id } = await hub.api.prompts.create({
        title: file.replace(/\.prompt$/, '') || null,
        text: model.text
      });
      await commands.execute(CommandIDs.openPrompt, { promptId: id });
    } catch (error) {
      reportError(hub.trans, hub.trans.__('The file was not added to the library'), error);
    }
  }
}

export namespace PromptFactory {
  export interface IParts {
    hub: IPromptHub;
    commands: CommandRegistry;
    services: IEditorServices;
    drive: IPromptDrive;
    models: ModelCatalog;
    state: IStateDB | null;
  }
}
