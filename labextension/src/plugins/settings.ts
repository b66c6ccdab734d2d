import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Token } from '@lumino/coreutils';
import { SETTINGS_ID } from '../commands';
import type { DiffLayout } from '../diff';

/** What a person has set. */
export interface IPromptHubSettings {
  readonly diffLayout: DiffLayout;
  /** How many columns of runs side by side may run at once. */
  readonly runsAtOnce: number;
  /** Tell in JupyterLab what concerns the person of reviews. */
  readonly reviewNotices: boolean;
}

export const IPromptHubSettings = new Token<() => IPromptHubSettings>(
  'jupyterlab-prompthub:IPromptHubSettings',
  'The settings of PromptHub, as they are now.'
);

const DEFAULTS: IPromptHubSettings = { diffLayout: 'split', runsAtOnce: 4, reviewNotices: true };

/** Owner of `schema/plugin.json`: the settings form, toolbars, context menus, shortcuts. */
export const settingsPlugin: JupyterFrontEndPlugin<() => IPromptHubSettings> = {
  id: SETTINGS_ID,
  description: 'The settings of PromptHub.',
  autoStart: true,
  provides: IPromptHubSettings,
  optional: [ISettingRegistry],
  activate: (_, registry: ISettingRegistry | null) => {
    let now = DEFAULTS;
    void (async () => {
      try {
        const settings = await registry?.load(SETTINGS_ID);
        const read = () => {
          now = { ...DEFAULTS, ...(settings?.composite as Partial<IPromptHubSettings>) };
        };
        settings?.changed.connect(read);
        read();
      } catch (error) {
        console.error('PromptHub: the settings could not be loaded; the defaults hold.', error);
      }
    })();
    return () => now;
  }
};
