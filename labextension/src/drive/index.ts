import type { WebSocketProvider } from '@jupyter/docprovider';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Token } from '@lumino/coreutils';
import { IPromptHub } from '../tokens';
import { PromptHubDrive } from './drive';
import type { Room } from './room';

/** The rooms of open drafts. */
export interface IPromptDrive {
  /** The room of an open document, by its path; null when it is not open or not a draft. */
  room(path: string): Room | null;
}

export const IPromptDrive = new Token<IPromptDrive>(
  'jupyterlab-prompthub:IPromptDrive',
  'The drive of prompts: the rooms of the drafts that are open.'
);

const drive: JupyterFrontEndPlugin<IPromptDrive> = {
  id: 'jupyterlab-prompthub:drive',
  description: 'The drive PromptHub:, whose documents are the drafts of prompts.',
  autoStart: true,
  provides: IPromptDrive,
  requires: [IPromptHub],
  activate: async (app: JupyterFrontEnd, hub: IPromptHub) => {
    const { serviceManager } = app;
    const made = new PromptHubDrive({
      hub,
      serverSettings: serviceManager.serverSettings,
      user: serviceManager.user,
      Provider: await provider()
    });
    serviceManager.contents.addDrive(made);
    return made;
  }
};

/** Provided by jupyter-collaboration's front end at run time; null where that is missing or disabled. */
async function provider(): Promise<typeof WebSocketProvider | null> {
  try {
    return (await import('@jupyter/docprovider')).WebSocketProvider;
  } catch (error) {
    console.warn('PromptHub: no co-editing, since jupyter-collaboration is not there.', error);
    return null;
  }
}

export const drivePlugins: JupyterFrontEndPlugin<unknown>[] = [drive];
