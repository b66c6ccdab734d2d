import type { TranslationBundle } from '@jupyterlab/translation';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { IApi, IEvent, IMe, PromptHubError } from './api';
import type { ConnectionState } from './api/events';
import type { IDraftKey } from './drivepath';

/** What a caller may be allowed to do; the server decides, this only greys out. */
export type Permission =
  | 'prompt:read'
  | 'prompt:write'
  | 'prompt:delete'
  | 'prompt:execute'
  | 'review:read'
  | 'review:write'
  | 'protection:write'
  | 'workspace:write'
  | 'connection:write'
  | `deploy:${string}`;

/** PromptHub, as the front end sees it: the server, who is asking, and what changes. */
export interface IPromptHub {
  /** The server. */
  readonly api: IApi;

  /** Translations. */
  readonly trans: TranslationBundle;

  /** Who is asking; null until the server has answered. */
  readonly me: IMe | null;

  /** Why `me` is null, when the server refused or did not answer. */
  readonly error: PromptHubError | null;

  /** `me` or `error` changed. */
  readonly meChanged: ISignal<IPromptHub, void>;

  /** Whether the caller has the permission; false until `me` is known. */
  can(permission: Permission): boolean;

  /** Something changed on the server (ids only). After `resync` everything must be loaded again. */
  readonly event: ISignal<IPromptHub, IEvent>;

  readonly connection: ConnectionState;
  readonly connectionChanged: ISignal<IPromptHub, ConnectionState>;

  /**
   * What is in front: the draft of the current prompt document, or `main` of the prompt whose history or
   * comparison it is; else null.
   */
  readonly current: IDraftKey | null;
  readonly currentChanged: ISignal<IPromptHub, IDraftKey | null>;

  /** Ask the server again who is asking, and connect to the events anew. */
  reconnect(): Promise<void>;
}

export const IPromptHub = new Token<IPromptHub>(
  'jupyterlab-prompthub:IPromptHub',
  'PromptHub: its server, the caller, and the events of what changes.'
);
