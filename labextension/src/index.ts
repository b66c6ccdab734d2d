import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { drivePlugins } from './drive';
import { editorPlugins } from './editor';
import { notebookPlugins } from './notebook';
import { commandsPlugin } from './plugins/commands';
import { conflictsPlugin } from './plugins/conflicts';
import { connectionsPlugin, statusPlugin } from './plugins/connections';
import { hubPlugin } from './plugins/hub';
import { inboxPlugin } from './plugins/inbox';
import { libraryPlugin } from './plugins/library';
import { protectionsPlugin } from './plugins/protections';
import { reviewsPlugin } from './plugins/reviews';
import { settingsPlugin } from './plugins/settings';
import { versionsPlugin } from './plugins/versions';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  hubPlugin,
  settingsPlugin,
  commandsPlugin,
  libraryPlugin,
  versionsPlugin,
  reviewsPlugin,
  conflictsPlugin,
  inboxPlugin,
  protectionsPlugin,
  connectionsPlugin,
  statusPlugin,
  ...drivePlugins,
  ...editorPlugins,
  ...notebookPlugins
];

export default plugins;
