import { Notification } from '@jupyterlab/apputils';
import type { IVersion } from '../api';
import { asPromptHubError } from '../api';
import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import type { IDraftKey } from '../drivepath';
import { branchIcon } from '../icons';
import type { ICommandContext } from './context';
import { addPromptCommand, openPrompt, textArg } from './context';
import { CommandIDs } from './ids';

/** What to do where a protected branch refuses: save on another one, and ask for a review of that. */
export function addElsewhereCommand(context: ICommandContext): void {
  const { app, hub, trans } = context;
  const { api } = hub;

  addPromptCommand(context, CommandIDs.saveElsewhere, {
    label: trans.__('Save on a new branch and open a review…'),
    icon: branchIcon,
    needs: 'prompt:write',
    execute: async (draft, args) => {
      try {
        const version = await ask(draft, textArg(args, 'message') ?? '', textArg(args, 'why'));
        return version;
      } catch (error) {
        reportError(trans, trans.__('The version was not saved'), error);
        return null;
      }
    }
  });

  async function ask(
    key: IDraftKey,
    message: string,
    why: string | null
  ): Promise<IVersion | null> {
    const { items } = await api.branches.list(key.promptId);
    let name = '';
    const version = await askForm({
      title: trans.__('Save on a new branch'),
      text:
        why ?? trans.__('The draft of %1 becomes a version on a branch of its own.', key.branch),
      fields: [
        {
          name: 'branch',
          label: trans.__('New branch'),
          value: free(
            message,
            items.map(each => each.name)
          ),
          hint: trans.__(
            'It starts where the draft began. A review then asks to merge it into %1.',
            key.branch
          ),
          required: true
        },
        {
          name: 'message',
          label: trans.__('What changed?'),
          kind: 'message',
          value: message,
          placeholder: trans.__('Ask for the order number first')
        }
      ],
      accept: trans.__('Save and open a review'),
      submit: values => {
        name = values['branch']?.trim() ?? '';
        return api.drafts.save(key.promptId, key.branch, {
          commit_message: values['message']?.trim() ?? '',
          new_branch: name
        });
      },
      trans
    });
    if (version) {
      const isBack = await putBack(key, name);
      await openPrompt(context, { promptId: key.promptId, branch: name });
      await app.commands.execute(CommandIDs.newReview, {
        promptId: key.promptId,
        source: name,
        target: key.branch
      });
      if (isBack) {
        // not before: it goes after some seconds, and behind a dialog nobody can answer it
        offerBack(key, name);
      }
    }
    return version;
  }

  /** The edits are on the new branch: the draft that they came from is as its branch is again. */
  async function putBack(key: IDraftKey, name: string): Promise<boolean> {
    try {
      await api.drafts.update(key.promptId, key.branch, { force: true });
      return true;
    } catch (error) {
      const saved = trans.__('Saved on the new branch %1', name);
      reportError(
        trans,
        trans.__('%1. The draft of %2 still has the edits', saved, key.branch),
        error
      );
      return false;
    }
  }

  function offerBack(key: IDraftKey, name: string): void {
    const saved = trans.__('Saved on the new branch %1', name);
    reportDone(trans.__('%1. The draft of %2 is as its newest version again.', saved, key.branch), [
      {
        label: trans.__('Bring the edits back there'),
        callback: () =>
          void api.drafts
            .undo(key.promptId, key.branch)
            .catch(error => reportError(trans, trans.__('They were not brought back'), error))
      }
    ]);
  }
}

/**
 * Tell that a protected branch refused, and offer the next step. False: it was something else.
 *
 * `then`: what to do instead, and how it is called.
 */
export function offerInstead(
  context: ICommandContext,
  what: string,
  thrown: unknown,
  then: { label: string; command: string; args: { [name: string]: string } }
): boolean {
  const error = asPromptHubError(thrown);
  if (error.code !== 'protected') {
    return false;
  }
  Notification.warning(`${what}: ${error.message}`, {
    autoClose: false,
    actions: [
      {
        label: then.label,
        callback: () => void context.app.commands.execute(then.command, then.args)
      }
    ]
  });
  return true;
}

/** A name for a branch, after what its version says. */
export function free(message: string, taken: readonly string[]): string {
  const words = message
    .split('\n', 1)[0]!
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  const name = words || 'change';
  for (let count = 1; ; count++) {
    const tried = count === 1 ? name : `${name}-${count}`;
    if (!taken.includes(tried)) {
      return tried;
    }
  }
}
