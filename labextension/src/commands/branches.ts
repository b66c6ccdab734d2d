import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import { SHOWN_DIGITS } from '../components/sha';
import { branchIcon } from '../icons';
import type { ICommandContext } from './context';
import { addPromptCommand, openPrompt, textArg } from './context';
import { CommandIDs } from './ids';

/** Commands on branches. */
export function addBranchCommands(context: ICommandContext): void {
  const { hub, trans } = context;
  const { api } = hub;

  addPromptCommand(context, CommandIDs.createBranch, {
    label: trans.__('New branch…'),
    icon: branchIcon,
    needs: 'prompt:write',
    execute: async ({ promptId, branch: from }, args) => {
      try {
        const version = textArg(args, 'version') ?? from;
        const start = /^[0-9a-f]{64}$/.test(version) ? version.slice(0, SHOWN_DIGITS) : version;
        const branch = await askForm({
          title: trans.__('New branch from %1', start),
          fields: [
            {
              name: 'name',
              label: trans.__('Name'),
              placeholder: trans.__('feature/tone'),
              required: true
            }
          ],
          accept: trans.__('Create branch'),
          submit: ({ name }) =>
            api.branches.create(promptId, { name: name?.trim() ?? '', base_version: version }),
          trans
        });
        if (branch) {
          await openPrompt(context, { promptId, branch: branch.name });
          reportDone(trans.__('You are on the new branch %1', branch.name));
        }
      } catch (error) {
        reportError(trans, trans.__('The branch was not made'), error);
      }
    }
  });

  addPromptCommand(context, CommandIDs.switchBranch, {
    label: trans.__('Switch branch…'),
    icon: branchIcon,
    execute: async ({ promptId, branch: from }, args) => {
      try {
        const chosen = textArg(args, 'branch') ?? (await ask(promptId, from));
        if (chosen) {
          await openPrompt(context, { promptId, branch: chosen });
        }
      } catch (error) {
        reportError(trans, trans.__('The branch could not be opened'), error);
      }
    }
  });

  async function ask(promptId: string, from: string): Promise<string | null> {
    const { items } = await api.branches.list(promptId);
    return askForm({
      title: trans.__('Switch branch'),
      text: trans.__('Every branch has a draft of its own; this one stays as it is.'),
      fields: [
        {
          name: 'branch',
          label: trans.__('Branch'),
          kind: 'select',
          value: items.find(each => each.name !== from)?.name ?? from,
          options: items.map(({ name, ahead, behind }) => ({
            value: name,
            label:
              ahead || behind
                ? trans.__('%1 (%2 ahead, %3 behind main)', name, ahead, behind)
                : name
          }))
        }
      ],
      accept: trans.__('Open'),
      submit: ({ branch }) => Promise.resolve(branch ?? from),
      trans
    });
  }
}
