import { Clipboard } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import { copyIcon, editIcon, tagIcon } from '@jupyterlab/ui-components';
import type { IPromptDetail } from '../api';
import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import { archiveIcon, newPromptIcon, promptIcon, renameIcon, restoreIcon } from '../icons';
import type { ICommandContext } from './context';
import { addPromptCommand, openPrompt, textArg } from './context';
import { CommandIDs } from './ids';
import { Opener } from './opening';
import { slug } from './slug';

/** Commands on prompts as a whole. */
export function addPromptCommands(context: ICommandContext, documents: IDocumentManager): void {
  const { app, hub, trans } = context;
  const { api } = hub;
  const opener = new Opener(app.serviceManager.contents, documents, app.shell);

  app.commands.addCommand(CommandIDs.newPrompt, {
    label: args =>
      args['isPalette'] || args['isMenu'] ? trans.__('New Prompt…') : trans.__('New prompt'),
    caption: trans.__('Create a new prompt in the library'),
    icon: newPromptIcon,
    isEnabled: () => hub.can('prompt:write'),
    execute: async args => {
      const row = args['context']
        ? app.contextMenuHitTest(node => node.dataset['folder'] !== undefined)
        : undefined;
      const folder = textArg(args, 'folder') ?? row?.dataset['folder'] ?? '';
      const prompt = await askNewPrompt(folder);
      if (prompt) {
        await openPrompt(context, { promptId: prompt.id, branch: 'main' });
      }
      return prompt?.id ?? null;
    }
  });
  hub.meChanged.connect(() => app.commands.notifyCommandChanged(CommandIDs.newPrompt));

  addPromptCommand(context, CommandIDs.openPrompt, {
    label: trans.__('Open'),
    icon: promptIcon,
    execute: draft => opener.open(draft)
  });

  addPromptCommand(context, CommandIDs.renamePrompt, {
    label: trans.__('Rename…'),
    icon: renameIcon,
    needs: 'prompt:write',
    execute: ({ promptId }) =>
      withPrompt(promptId, prompt =>
        askForm({
          title: trans.__('Rename prompt'),
          fields: [
            {
              name: 'name',
              label: trans.__('Name'),
              value: prompt.name,
              selected: true,
              required: true,
              hint: trans.__('Slashes make folders. The old name goes on working as a redirect.')
            },
            { name: 'title', label: trans.__('Title'), value: prompt.title, required: true },
            {
              name: 'description',
              label: trans.__('Description'),
              kind: 'multiline',
              value: prompt.description
            }
          ],
          accept: trans.__('Rename'),
          submit: async ({ name, title, description }) => {
            const renamed = await api.prompts.update(promptId, { name, title, description });
            if (renamed.name !== prompt.name) {
              tellUndo(trans.__('Renamed %1 to %2', prompt.name, renamed.name), prompt);
            }
            return renamed;
          },
          trans
        })
      )
  });

  addPromptCommand(context, CommandIDs.editTags, {
    label: trans.__('Edit tags…'),
    icon: tagIcon,
    needs: 'prompt:write',
    execute: ({ promptId }) =>
      withPrompt(promptId, async prompt => {
        const known = await api.prompts.tags();
        return askForm({
          title: trans.__('Tags of %1', prompt.name),
          fields: [
            {
              name: 'tags',
              label: trans.__('Tags'),
              value: prompt.tags.join(', '),
              hint: known.items.length
                ? trans.__(
                    'Separated by commas. In use: %1',
                    known.items
                      .slice(0, 12)
                      .map(each => each.tag)
                      .join(', ')
                  )
                : trans.__('Separated by commas.')
            }
          ],
          accept: trans.__('Save tags'),
          submit: async ({ tags }) => {
            const tagged = await api.prompts.update(promptId, { tags: splitTags(tags ?? '') });
            tellUndo(trans.__('Changed the tags of %1', prompt.name), prompt);
            return tagged;
          },
          trans
        });
      })
  });

  addPromptCommand(context, CommandIDs.duplicatePrompt, {
    label: trans.__('Duplicate…'),
    icon: copyIcon,
    needs: 'prompt:write',
    execute: ({ promptId }) =>
      withPrompt(promptId, async prompt => {
        const copy = await askForm({
          title: trans.__('Duplicate %1', prompt.name),
          text: trans.__('The copy starts with the newest version, without its history.'),
          fields: [
            {
              name: 'name',
              label: trans.__('Name'),
              value: `${prompt.name}-copy`,
              selected: true,
              required: true
            }
          ],
          accept: trans.__('Duplicate'),
          submit: ({ name }) => api.prompts.duplicate(promptId, { name }),
          trans
        });
        if (copy) {
          await openPrompt(context, { promptId: copy.id, branch: 'main' });
        }
      })
  });

  addPromptCommand(context, CommandIDs.archivePrompt, {
    label: trans.__('Archive'),
    icon: archiveIcon,
    needs: 'prompt:delete',
    execute: ({ promptId }) =>
      withPrompt(promptId, async prompt => {
        await api.prompts.archive(promptId);
        reportDone(trans.__('Archived %1', prompt.name), [
          {
            label: trans.__('Undo'),
            callback: () => void app.commands.execute(CommandIDs.restorePrompt, { promptId })
          }
        ]);
      })
  });

  addPromptCommand(context, CommandIDs.restorePrompt, {
    label: trans.__('Restore from the archive'),
    icon: restoreIcon,
    needs: 'prompt:delete',
    execute: ({ promptId }) =>
      withPrompt(promptId, async prompt => {
        await api.prompts.restore(promptId);
        reportDone(trans.__('Restored %1', prompt.name));
      })
  });

  addPromptCommand(context, CommandIDs.copyReference, {
    label: trans.__('Copy reference'),
    caption: trans.__('Copy name@ref, as notebooks and scripts use it'),
    icon: editIcon,
    execute: ({ promptId }, args) =>
      withPrompt(promptId, prompt => {
        const version = textArg(args, 'version');
        const reference = version ? `${prompt.name}@${version.slice(0, 12)}` : prompt.name;
        Clipboard.copyToSystem(reference);
        reportDone(trans.__('Copied %1', reference));
        return Promise.resolve();
      })
  });

  /** Say what was done, and offer to make name, title, description and tags what they were. */
  function tellUndo(message: string, before: IPromptDetail): void {
    const { name, title, description, tags } = before;
    reportDone(message, [
      {
        label: trans.__('Undo'),
        callback: () =>
          void withPrompt(before.id, () =>
            api.prompts.update(before.id, { name, title, description, tags })
          )
      }
    ]);
  }

  /** Load a prompt and act on it; failures are told. */
  async function withPrompt(
    promptId: string,
    act: (prompt: IPromptDetail) => Promise<unknown>
  ): Promise<void> {
    try {
      await act(await api.prompts.get(promptId));
    } catch (error) {
      reportError(trans, trans.__('That did not work'), error);
    }
  }

  function askNewPrompt(folder: string): Promise<IPromptDetail | null> {
    return askForm({
      title: trans.__('New prompt'),
      fields: [
        {
          name: 'title',
          label: trans.__('Title'),
          placeholder: trans.__('Refund policy answer'),
          required: true
        },
        {
          name: 'name',
          label: trans.__('Name'),
          value: folder,
          placeholder: trans.__('support/refund'),
          hint: trans.__(
            'How notebooks and scripts call it; slashes make folders. Made from the title when left empty.'
          )
        },
        {
          name: 'tags',
          label: trans.__('Tags'),
          placeholder: trans.__('support, german'),
          hint: trans.__('Separated by commas.')
        }
      ],
      accept: trans.__('Create'),
      submit: ({ title, name, tags }) =>
        api.prompts.create({
          title,
          name: nameOf(name?.trim() ?? '', title ?? ''),
          tags: splitTags(tags ?? '')
        }),
      trans
    });
  }
}

/** `support/` with a title is completed from the title; empty lets the server derive the name. */
function nameOf(name: string, title: string): string | null {
  if (!name) {
    return null;
  }
  return name.endsWith('/') ? name + slug(title) : name;
}

/** Tags as people type them: between commas. */
export function splitTags(text: string): string[] {
  return text
    .split(',')
    .map(tag => tag.trim())
    .filter(Boolean);
}
