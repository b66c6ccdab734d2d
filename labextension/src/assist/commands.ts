import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette, IWidgetTracker } from '@jupyterlab/apputils';
import type { ISearchProviderRegistry } from '@jupyterlab/documentsearch';
import type { ITableOfContentsRegistry, TableOfContents } from '@jupyterlab/toc';
import type { IInclude } from '../api';
import { PROMPT_FACTORY } from '../commands/ids';
import { reportError } from '../components/notify';
import { drivePath } from '../drivepath';
import type { PromptDocument } from '../editor/document';
import type { IPromptHub } from '../tokens';
import { showFixes } from './fixes';
import { freshCheck, includeAt } from './names';
import { PromptOutlineFactory } from './outline';
import { askRename } from './rename';
import { promptSearch } from './search';
import { Trail } from './trail';

/** Commands of the text in front. */
export const AssistCommandIDs = {
  fix: 'prompthub:fix-problem',
  rename: 'prompthub:rename-variable',
  /** Open the snippet at the cursor. */
  goToSnippet: 'prompthub:go-to-snippet',
  goBack: 'prompthub:go-back'
} as const;

/** Where what helps in an editor shows up in JupyterLab. */
export interface IAssistParts {
  app: JupyterFrontEnd;
  hub: IPromptHub;
  tracker: IWidgetTracker<PromptDocument>;
  palette: ICommandPalette | null;
  toc: ITableOfContentsRegistry | null;
  search: ISearchProviderRegistry | null;
}

export function addAssistance(parts: IAssistParts): void {
  const { app, hub, tracker, palette, toc, search } = parts;
  const { commands, shell } = app;
  const { trans } = hub;
  const trail = new Trail();
  const inFront = (): PromptDocument | null =>
    tracker.currentWidget === shell.currentWidget ? tracker.currentWidget : null;
  const isEnabled = (): boolean => inFront() !== null;
  const isWritable = (): boolean => inFront()?.content.model.canWrite ?? false;

  const open = async (from: PromptDocument, at: number, include: IInclude): Promise<void> => {
    const { prompt_id, branch } = include;
    if (!prompt_id) {
      throw new Error(trans.__('There is no prompt called %1.', include.name));
    }
    const path = drivePath({ promptId: prompt_id, branch: branch ?? 'main' });
    trail.leave({ path: from.context.path, at });
    await commands.execute('docmanager:open', { path, factory: PROMPT_FACTORY });
  };
  const back = async (): Promise<void> => {
    const place = trail.back();
    if (place) {
      const widget = (await commands.execute('docmanager:open', {
        path: place.path,
        factory: PROMPT_FACTORY
      })) as PromptDocument | undefined;
      await widget?.context.ready;
      widget?.content.reveal(place.at);
    }
  };
  /** Do something with the document in front and its view; what goes wrong is told. */
  const run =
    (what: (document: PromptDocument) => Promise<void>, failed: string) =>
    async (): Promise<void> => {
      const document = inFront();
      try {
        await (document && what(document));
      } catch (error) {
        reportError(trans, failed, error);
      }
    };

  commands.addCommand(AssistCommandIDs.fix, {
    label: trans.__('Fix problem…'),
    caption: trans.__('Mend the problem at the cursor'),
    isEnabled: isWritable,
    execute: run(async ({ content }) => {
      await (content.view && showFixes(content.model, content.view));
    }, trans.__('Nothing was mended'))
  });
  commands.addCommand(AssistCommandIDs.rename, {
    label: trans.__('Rename variable…'),
    caption: trans.__('Give the variable at the cursor another name, everywhere in this prompt'),
    isEnabled: isWritable,
    execute: run(async ({ content }) => {
      await (content.view && askRename(content.model, content.view));
    }, trans.__('The variable was not renamed'))
  });
  commands.addCommand(AssistCommandIDs.goToSnippet, {
    label: trans.__('Go to snippet'),
    caption: trans.__('Open the prompt that is included at the cursor'),
    isEnabled,
    execute: run(async document => {
      const { model, view } = document.content;
      if (view) {
        const check = await freshCheck(model);
        const at = view.state.selection.main.head;
        const found = includeAt(check, at);
        if (!found) {
          throw new Error(trans.__('Put the cursor on the name of a snippet, as in {{> name}}.'));
        }
        await open(document, at, found.include);
      }
    }, trans.__('No snippet was opened'))
  });
  commands.addCommand(AssistCommandIDs.goBack, {
    label: trans.__('Go back'),
    caption: trans.__('Go back to where a snippet was opened from'),
    execute: async () => {
      try {
        await back();
      } catch (error) {
        reportError(trans, trans.__('The place that you came from was not opened'), error);
      }
    }
  });
  for (const command of Object.values(AssistCommandIDs)) {
    palette?.addItem({ command, category: 'PromptHub' });
  }
  tracker.widgetAdded.connect((_, document) => {
    document.content.goAsked.connect((_, to) => {
      (to ? open(document, to.at, to.include) : back()).catch(error =>
        reportError(trans, trans.__('No snippet was opened'), error)
      );
    });
  });
  // the registry asks `isApplicable` before it makes one
  toc?.add(new PromptOutlineFactory(tracker) as unknown as TableOfContents.IFactory);
  search?.add('jp-prompthub', promptSearch);
}
