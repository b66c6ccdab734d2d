import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { drivePlugins } from './drive';
import { editorPlugins } from './editor';

const plugins: JupyterFrontEndPlugin<unknown>[] = [...drivePlugins, ...editorPlugins];

export default plugins;
