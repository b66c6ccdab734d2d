import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

export const drivePlugins: JupyterFrontEndPlugin<unknown>[] = [];
