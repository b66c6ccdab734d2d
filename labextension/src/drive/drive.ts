import type { WebSocketProvider } from '@jupyter/docprovider';
import type { YFile } from '@jupyter/ydoc';
import { URLExt } from '@jupyterlab/coreutils';
import type { Contents, User } from '@jupyterlab/services';
import { ServerConnection } from '@jupyterlab/services';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IDraft } from '../api';
import { asPromptHubError, PromptHubError } from '../api';
import type { IDraftKey } from '../drivepath';
import { DRIVE, parseDrivePath } from '../drivepath';
import type { IPromptHub } from '../tokens';
import { DraftFile } from './draftfile';
import { Room } from './room';

/** Open drafts have no file time; a constant one keeps JupyterLab from seeing a conflict. */
const NO_TIME = '1970-01-01T00:00:00.000Z';

/**
 * The drive `PromptHub:`, whose files are the drafts of prompts.
 *
 * It has no registry of content providers on purpose: asked for the provider `rtc`, which the
 * factories of co-edited documents name, a registry throws.
 */
export class PromptHubDrive implements Contents.IDrive {
  constructor(private readonly _options: PromptHubDrive.IOptions) {
    const { serverSettings: settings } = _options;
    this.serverSettings = ServerConnection.makeSettings({
      ...settings,
      baseUrl: URLExt.join(settings.baseUrl, 'prompthub') + '/',
      wsUrl: URLExt.join(settings.wsUrl, 'prompthub') + '/'
    });
    this._options.hub.meChanged.connect(this._onMe, this);
    this.sharedModelFactory = { collaborative: true, createNew: options => this._open(options) };
  }

  readonly name = DRIVE;
  readonly serverSettings: ServerConnection.ISettings;
  readonly sharedModelFactory: Contents.ISharedFactory;

  get fileChanged(): ISignal<this, Contents.IChangedArgs> {
    return this._fileChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The room of an open document, by its path; null when it is not open. */
  room(path: string): Room | null {
    const key = parseDrivePath(path);
    return (key && this._rooms.get(nameOf(key))) ?? null;
  }

  async get(localPath: string, options?: Contents.IFetchOptions): Promise<Contents.IModel> {
    if (localPath === '') {
      return { ...model('', true), type: 'directory', format: 'json', mimetype: '', content: [] };
    }
    const { hub } = this._options;
    const key = this._key(localPath);
    const room = this.room(localPath);
    const [draft, prompt] = await Promise.all([
      hub.api.drafts.get(key.promptId, key.branch),
      hub.api.prompts.get(key.promptId),
      whenKnown(hub),
      room?.ready
    ]);
    const writable = hub.can('prompt:write') && !prompt.archived;
    // with a room the text comes over its socket: content here would be written into it
    const content = options?.content && !room ? draft.text : null;
    return { ...model(localPath, writable), content };
  }

  async save(localPath: string, options: Partial<Contents.IModel> = {}): Promise<Contents.IModel> {
    const key = this._key(localPath);
    const room = this.room(localPath);
    if (room) {
      await room.storage.flush();
    } else {
      await this._put(key, String(options.content ?? ''));
    }
    return this.get(localPath);
  }

  getDownloadUrl(): Promise<string> {
    return this._refuse('Export it from the library instead.');
  }

  newUntitled(): Promise<Contents.IModel> {
    return this._refuse('Make a new prompt in the library instead.');
  }

  delete(): Promise<void> {
    return this._refuse('Archive it in the library instead.');
  }

  rename(): Promise<Contents.IModel> {
    return this._refuse('Rename it in the library instead.');
  }

  copy(): Promise<Contents.IModel> {
    return this._refuse('Duplicate it in the library instead.');
  }

  createCheckpoint(): Promise<Contents.ICheckpointModel> {
    return this._refuse('Save a version instead.');
  }

  listCheckpoints(): Promise<Contents.ICheckpointModel[]> {
    return Promise.resolve([]);
  }

  restoreCheckpoint(): Promise<void> {
    return this._refuse('Restore a version from its history instead.');
  }

  deleteCheckpoint(): Promise<void> {
    return this._refuse('Versions cannot be deleted.');
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    for (const room of this._rooms.values()) {
      room.dispose();
    }
    this._rooms.clear();
    Signal.clearData(this);
  }

  private _open(options: Contents.ISharedFactoryOptions): YFile | undefined {
    const { Provider, user, hub } = this._options;
    const key = parseDrivePath(options.path);
    if (!Provider || !key || !options.collaborative || options.format !== 'text') {
      return undefined;
    }
    const file = new DraftFile();
    const provider = new Provider({
      path: options.path.slice(DRIVE.length + 1),
      format: 'text',
      contentType: 'file',
      model: file,
      user,
      translator: hub.trans,
      serverSettings: this.serverSettings
    });
    const room = new Room(provider, file, {
      whyNot: () => this._whyNot(key),
      lost: () => void hub.reconnect()
    });
    const name = nameOf(key);
    this._rooms.get(name)?.dispose();
    this._rooms.set(name, room);
    file.disposed.connect(() => {
      room.dispose();
      if (this._rooms.get(name) === room) {
        this._rooms.delete(name);
      }
    });
    return file;
  }

  private _onMe(): void {
    const { hub } = this._options;
    const mayWrite = hub.me && hub.can('prompt:write');
    if (mayWrite !== null && this._mayWrite !== null && mayWrite !== this._mayWrite) {
      this._rooms.forEach(room => room.enterAgain());
    }
    this._mayWrite = mayWrite ?? this._mayWrite;
  }

  /** What a request for the draft is refused with; null when it is not. */
  private async _whyNot({ promptId, branch }: IDraftKey): Promise<PromptHubError | null> {
    try {
      await this._options.hub.api.drafts.get(promptId, branch);
      return null;
    } catch (thrown) {
      const error = asPromptHubError(thrown);
      return error.code === 'network' ? null : error;
    }
  }

  private _put(key: IDraftKey, text: string): Promise<IDraft> {
    return this._options.hub.api.drafts.put(key.promptId, key.branch, text);
  }

  private _key(localPath: string): IDraftKey {
    const key = parseDrivePath(localPath);
    if (!key) {
      throw new PromptHubError(
        this._options.hub.trans.__(
          '“%1” is no draft: expected <prompt id>/<branch>.prompt. Open the prompt from the library.',
          localPath
        ),
        'not_found',
        404
      );
    }
    return key;
  }

  private _refuse(instead: string): Promise<never> {
    const { trans } = this._options.hub;
    return Promise.reject(
      new PromptHubError(
        `${trans.__('That cannot be done with a prompt here.')} ${trans.__(instead)}`,
        'conflict',
        409
      )
    );
  }

  private _mayWrite: boolean | null = null;
  private readonly _rooms = new Map<string, Room>();
  private readonly _fileChanged = new Signal<this, Contents.IChangedArgs>(this);
  private _isDisposed = false;
}

export namespace PromptHubDrive {
  export interface IOptions {
    hub: IPromptHub;
    serverSettings: ServerConnection.ISettings;
    user: User.IManager;
    /** Null where jupyter-collaboration is missing: drafts then open as plain text. */
    Provider: typeof WebSocketProvider | null;
  }
}

function nameOf(key: IDraftKey): string {
  return `${key.promptId}/${key.branch}`;
}

function model(path: string, writable: boolean): Contents.IModel {
  return {
    name: path.split('/').pop() ?? '',
    path,
    type: 'file',
    mimetype: 'text/x-prompthub',
    format: 'text',
    writable,
    content: null,
    created: NO_TIME,
    last_modified: NO_TIME
  };
}

/** Resolves when the server has said who is asking, or that it will not. */
function whenKnown(hub: IPromptHub): Promise<void> {
  if (hub.me || hub.error) {
    return Promise.resolve();
  }
  return new Promise(resolve => {
    const slot = () => {
      hub.meChanged.disconnect(slot);
      resolve();
    };
    hub.meChanged.connect(slot);
  });
}
