import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { drivePlugins } from './drive';
import { editorPlugins } from './editor';
import { hubPlugin } from './plugins/hub';

const plugins: JupyterFrontEndPlugin<unknown>[] = [hubPlugin, ...drivePlugins, ...editorPlugins];

export default plugins;
