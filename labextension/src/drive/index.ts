import type { WebSocketProvider } from '@jupyter/docprovider';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IPromptHub } from '../tokens';
import { PromptHubDrive } from './drive';
import { IPromptDrive } from './token';

export { IPromptDrive };

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
