import { ICollaborativeContentProvider } from '@jupyter/collaborative-drive';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { ISearchProviderRegistry } from '@jupyterlab/documentsearch';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { IStateDB } from '@jupyterlab/statedb';
import { ITableOfContentsRegistry } from '@jupyterlab/toc';
import { ITranslator } from '@jupyterlab/translation';
import { addAssistance } from '../assist';
import { PROMPT_FACTORY } from '../commands/ids';
import { IPromptDrive } from '../drive/token';
import { promptIcon } from '../icons';
import { IPromptHubSettings } from '../plugins/settings';
import { addSideBySide } from '../sidebyside/commands';
import { IPromptHub } from '../tokens';
import { addEditorCommands } from './commands';
import type { PromptDocument } from './document';
import { draftName } from './draftname';
import { FILE_TYPE, MIME_TYPE, PromptFactory } from './document';
import { ModelCatalog } from './models';

const language: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:language',
  description: 'The colours of .prompt texts.',
  autoStart: true,
  requires: [IEditorLanguageRegistry],
  activate: (_app: JupyterFrontEnd, languages: IEditorLanguageRegistry) => {
    languages.addLanguage({
      name: 'prompthub',
      displayName: 'Prompt',
      mime: MIME_TYPE,
      extensions: ['prompt'],
      load: async () => (await import('./language')).promptLanguage()
    });
  }
};

const documents: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-prompthub:editor',
  description: 'The editor of prompts: drafts of the library, and .prompt files.',
  autoStart: true,
  requires: [IPromptHub, IPromptDrive, IEditorServices, IPromptHubSettings],
  optional: [
    ICollaborativeContentProvider,
    IStateDB,
    ILayoutRestorer,
    IMainMenu,
    ITranslator,
    ICommandPalette,
    ITableOfContentsRegistry,
    ISearchProviderRegistry
  ],
  activate: (
    app: JupyterFrontEnd,
    hub: IPromptHub,
    drive: IPromptDrive,
    services: IEditorServices,
    settings: () => IPromptHubSettings,
    rtc: ICollaborativeContentProvider | null,
    state: IStateDB | null,
    restorer: ILayoutRestorer | null,
    mainMenu: IMainMenu | null,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    toc: ITableOfContentsRegistry | null,
    search: ISearchProviderRegistry | null
  ) => {
    const { commands, docRegistry } = app;
    docRegistry.addFileType({
      name: FILE_TYPE,
      displayName: hub.trans.__('Prompt'),
      mimeTypes: [MIME_TYPE],
      extensions: ['.prompt'],
      contentType: 'file',
      fileFormat: 'text',
      icon: promptIcon
    });
    const factory = new PromptFactory(
      {
        name: PROMPT_FACTORY,
        label: hub.trans.__('Prompt Editor'),
        modelName: 'text',
        fileTypes: [FILE_TYPE],
        defaultFor: [FILE_TYPE],
        translator: translator ?? undefined
      },
      { hub, commands, services, drive, state, models: new ModelCatalog(hub) }
    );
    if (rtc) {
      // without it two people who open one file get two texts, and the last save wins
      factory.contentProviderId = 'rtc';
    }
    const tracker = new WidgetTracker<PromptDocument>({ namespace: 'prompthub' });
    if (restorer) {
      void restorer.restore(tracker, {
        command: 'docmanager:open',
        args: widget => ({ path: widget.context.path, factory: PROMPT_FACTORY }),
        name: widget => widget.context.path
      });
    }
    factory.widgetCreated.connect((_, widget) => {
      widget.context.pathChanged.connect(() => void tracker.save(widget));
      void tracker.add(widget);
    });
    docRegistry.addWidgetFactory(factory);
    addAssistance({ app, hub, tracker, palette, toc, search });
    addEditorCommands(app, hub, tracker, mainMenu);
    addSideBySide(app, hub, tracker, { atOnce: () => settings().runsAtOnce, state, restorer });
  }
};

export const editorPlugins: JupyterFrontEndPlugin<unknown>[] = [language, documents, draftName];
