import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { saveIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IDependentList, IDraft, IVersion } from '../api';
import { PromptHubError } from '../api';
import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import { SHOWN_DIGITS } from '../components/sha';
import { UsedBy } from '../components/usedby';
import type { IDraftKey } from '../drivepath';
import { restoreIcon, versionIcon } from '../icons';
import type { ICommandContext } from './context';
import { addPromptCommand, openPrompt, stored, textArg } from './context';
import { offerInstead } from './elsewhere';
import { CommandIDs } from './ids';

/** Commands between a draft and its versions. */
export function addVersionCommands(context: ICommandContext): void {
  const { app, hub, trans } = context;
  const { api } = hub;

  addPromptCommand(context, CommandIDs.saveVersion, {
    label: trans.__('Save version…'),
    caption: trans.__('Save the draft as a new version'),
    icon: saveIcon,
    needs: 'prompt:write',
    execute: async (draft, args) => {
      try {
        return await saveVersion(draft, textArg(args, 'message'));
      } catch (error) {
        const what = trans.__('The version was not saved');
        if (!offerElsewhere(draft, textArg(args, 'message'), what, error)) {
          reportError(trans, what, error);
        }
        return null;
      }
    }
  });

  addPromptCommand(context, CommandIDs.restoreVersion, {
    label: trans.__('Restore into the draft'),
    icon: restoreIcon,
    needs: 'prompt:write',
    execute: async (draft, args) => {
      const version = textArg(args, 'version');
      if (!version) {
        return;
      }
      try {
        const before = await api.drafts.get(draft.promptId, draft.branch);
        const after = await api.drafts.restore(draft.promptId, draft.branch, { version });
        await openPrompt(context, draft);
        if (before.text_hash === after.text_hash) {
          // nothing was replaced, so nothing can be undone
          reportDone(
            trans.__(
              'The draft of %1 reads as %2 already.',
              draft.branch,
              version.slice(0, SHOWN_DIGITS)
            )
          );
          return;
        }
        reportDone(
          trans.__(
            'The draft of %1 now reads as %2. Save it to make it a version.',
            draft.branch,
            version.slice(0, SHOWN_DIGITS)
          ),
          [{ label: trans.__('Undo'), callback: () => void undo(draft) }]
        );
      } catch (error) {
        reportError(trans, trans.__('The version was not restored'), error);
      }
    }
  });

  addPromptCommand(context, CommandIDs.updateDraft, {
    label: trans.__('Update the draft to the newest version'),
    icon: versionIcon,
    needs: 'prompt:write',
    execute: async draft => {
      try {
        const { dirty } = await api.drafts.get(draft.promptId, draft.branch);
        const { merges, behind } = await api.drafts.incoming(draft.promptId, draft.branch);
        const how = dirty ? await askHow(merges && behind > 0) : 'replace';
        if (how === null) {
          return;
        }
        const isMerge = how === 'merge';
        await api.drafts.update(draft.promptId, draft.branch, { force: !isMerge, merge: isMerge });
        reportDone(
          isMerge
            ? trans.__('The draft now has what %1 brought, and your changes.', draft.branch)
            : trans.__('The draft follows %1 again.', draft.branch),
          dirty ? [{ label: trans.__('Undo'), callback: () => void undo(draft) }] : []
        );
      } catch (error) {
        reportError(trans, trans.__('The draft was not updated'), error);
      }
    }
  });

  async function saveVersion(key: IDraftKey, message: string | null): Promise<IVersion | null> {
    await stored(context, key);
    const draft = await api.drafts.get(key.promptId, key.branch);
    const wrong = draft.problems.find(problem => problem.severity === 'error');
    if (wrong) {
      Notification.warning(
        trans.__(
          'Not saved: line %1, column %2: %3 The draft is kept as typed.',
          wrong.line,
          wrong.column,
          wrong.message
        ),
        { autoClose: 8000 }
      );
      return null;
    }
    if (!draft.dirty) {
      Notification.info(trans.__('Nothing new to save: the draft is the newest version.'), {
        autoClose: 4000
      });
      return null;
    }
    return message === null ? askAndSave(key, draft) : saved(key, await save(key, message, null));
  }

  async function askAndSave(key: IDraftKey, draft: IDraft): Promise<IVersion | null> {
    let text = '';
    // a prompt that cannot be asked about can be saved nevertheless
    const dependents = await api.prompts
      .dependents(key.promptId, { text: draft.text, limit: 100 })
      .catch(() => null);
    const done = await askForm<IVersion | PromptHubError>({
      title: trans.__('Save version on %1', key.branch),
      text: aboutSaving(
        draft.behind > 0
          ? trans._n(
              'The branch has %1 version that this draft has not seen.',
              'The branch has %1 versions that this draft has not seen.',
              draft.behind
            )
          : null,
        dependents
      ),
      fields: [
        {
          name: 'message',
          label: trans.__('What changed?'),
          kind: 'message',
          placeholder: trans.__('Ask for the order number first'),
          hint: trans.__('Shown in the history. Enter saves, Shift+Enter makes another line.')
        }
      ],
      accept: trans.__('Save version'),
      submit: async ({ message }) => {
        text = message?.trim() ?? '';
        try {
          return await save(key, text, null);
        } catch (error) {
          if (
            error instanceof PromptHubError &&
            (error.code === 'stale_head' || error.code === 'protected')
          ) {
            return error;
          }
          throw error;
        }
      },
      trans
    });
    if (!(done instanceof PromptHubError)) {
      return saved(key, done);
    }
    if (done.code === 'stale_head') {
      return settle(key, text, done);
    }
    // asked for again at once, with what was typed: no message is written twice
    const args = { ...key, message: text, why: done.message };
    return (await app.commands.execute(CommandIDs.saveElsewhere, args)) as IVersion | null;
  }

  /** Somebody saved first: look, merge, take theirs, or save on top. */
  async function settle(
    key: IDraftKey,
    message: string,
    stale: PromptHubError
  ): Promise<IVersion | null> {
    const { merges } = await api.drafts.incoming(key.promptId, key.branch);
    const { button } = await showDialog({
      title: trans.__('Somebody saved on %1 first', key.branch),
      body: merges
        ? trans.__(
            'Your draft is untouched. Their changes and yours can be merged. Or take their version alone (your text is kept, and undo brings it back), or save yours on top: that takes back what they changed.'
          )
        : trans.__(
            'Your draft is untouched. Look at what they changed, take their version (your text is kept, and undo brings it back), or save yours on top: that takes back what they changed.'
          ),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.cancelButton({ label: trans.__('See what changed'), actions: ['compare'] }),
        Dialog.cancelButton({ label: trans.__('Take theirs'), actions: ['update'] }),
        Dialog.warnButton({ label: trans.__('Save mine on top'), actions: ['save'] }),
        ...(merges
          ? [Dialog.okButton({ label: trans.__('Merge and save'), actions: ['merge'] })]
          : [])
      ],
      // Enter must not take back what somebody saved
      defaultButton: merges ? 4 : 1
    });
    const head = stale.detail('head');
    switch (button.actions[0]) {
      case 'compare':
        await app.commands.execute(CommandIDs.compareVersions, {
          promptId: key.promptId,
          base: stale.detail('expected') ?? 'latest',
          head: head ?? key.branch
        });
        return null;
      case 'update':
        await app.commands.execute(CommandIDs.updateDraft, { ...key });
        return null;
      case 'merge':
        await api.drafts.update(key.promptId, key.branch, { merge: true });
        return saved(key, await save(key, message, null));
      case 'save':
        return saved(key, await save(key, message, head));
      default:
        return null;
    }
  }

  /** A protected branch refuses without a dialog in which to say what next. */
  function offerElsewhere(
    key: IDraftKey,
    message: string | null,
    what: string,
    error: unknown
  ): boolean {
    return offerInstead(context, what, error, {
      label: trans.__('Save on a new branch and open a review…'),
      command: CommandIDs.saveElsewhere,
      args: { promptId: key.promptId, branch: key.branch, message: message ?? '' }
    });
  }

  function aboutSaving(behind: string | null, list: IDependentList | null): React.ReactNode {
    const used = list && list.prompts > 0 && React.createElement(UsedBy, { list, trans });
    return behind || used ? React.createElement(React.Fragment, null, behind, used) : undefined;
  }

  function save(key: IDraftKey, message: string, onto: string | null): Promise<IVersion> {
    return api.drafts.save(key.promptId, key.branch, {
      commit_message: message,
      expected_head: onto
    });
  }

  function saved(key: IDraftKey, version: IVersion | null): IVersion | null {
    if (version) {
      const short = version.sha.slice(0, SHOWN_DIGITS);
      reportDone(
        version.created
          ? trans.__('Saved version %1 on %2', short, key.branch)
          : trans.__('Nothing new: %1 says the same', short),
        [
          {
            label: trans.__('History'),
            callback: () =>
              void app.commands.execute(CommandIDs.openHistory, { promptId: key.promptId })
          }
        ]
      );
    }
    return version;
  }

  async function undo({ promptId, branch }: IDraftKey): Promise<void> {
    try {
      await api.drafts.undo(promptId, branch);
    } catch (error) {
      reportError(trans, trans.__('The draft was not brought back'), error);
    }
  }

  /** What an update does with unsaved edits; null: nothing. */
  async function askHow(canMerge: boolean): Promise<'merge' | 'replace' | null> {
    const { button } = await showDialog({
      title: canMerge
        ? trans.__('What becomes of the unsaved edits?')
        : trans.__('Replace the unsaved edits?'),
      body: trans.__('The text before is kept, and undo brings it back.'),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.warnButton({ label: trans.__('Replace'), actions: ['replace'] }),
        ...(canMerge
          ? [Dialog.okButton({ label: trans.__('Merge both'), actions: ['merge'] })]
          : [])
      ]
    });
    const [how] = button.actions;
    return how === 'merge' || how === 'replace' ? how : null;
  }
}
