import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

export const editorPlugins: JupyterFrontEndPlugin<unknown>[] = [];
