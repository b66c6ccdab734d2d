import { Notification } from '@jupyterlab/apputils';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IMerge } from '../api';
import { asPromptHubError } from '../api';
import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import { SHOWN_DIGITS } from '../components/sha';
import { branchIcon, rollbackIcon, tagsIcon } from '../icons';
import type { ICommandContext } from './context';
import { addPromptCommand, textArg } from './context';
import { offerInstead } from './elsewhere';
import { CommandIDs } from './ids';

/** Commands on one version: a tag, its change made again on a branch, or taken back there. */
export function addPickCommands(context: ICommandContext): void {
  const { app, hub, trans } = context;
  const { api } = hub;

  addPromptCommand(context, CommandIDs.tagVersion, {
    label: trans.__('Tag this version…'),
    icon: tagsIcon,
    needs: 'prompt:write',
    execute: async ({ promptId }, args) => {
      const version = versionOf(args);
      if (!version) {
        return null;
      }
      const short = version.slice(0, SHOWN_DIGITS);
      const tagged = await askForm({
        title: trans.__('Tag %1', short),
        text: trans.__('A name that stays on this version: it can be used wherever a SHA can.'),
        fields: [{ name: 'name', label: trans.__('Name'), placeholder: 'v1.0', required: true }],
        accept: trans.__('Tag'),
        submit: async ({ name }) => {
          await api.versions.tag(promptId, { name: name?.trim() ?? '', version });
          return name?.trim() ?? '';
        },
        trans
      });
      if (tagged) {
        reportDone(trans.__('%1 is called %2 now', short, tagged));
      }
      return tagged;
    }
  });

  addPromptCommand(context, CommandIDs.pickVersion, {
    label: trans.__('Cherry-pick…'),
    caption: trans.__('Make the change of this version again on another branch'),
    icon: branchIcon,
    needs: 'prompt:write',
    execute: ({ promptId }, args) => pick(promptId, args, false)
  });

  addPromptCommand(context, CommandIDs.revertVersion, {
    label: trans.__('Revert…'),
    caption: trans.__('Take the change of this version back on a branch'),
    icon: rollbackIcon,
    needs: 'prompt:write',
    execute: ({ promptId }, args) => pick(promptId, args, true)
  });

  /** The version that is meant: the argument, or the row under the menu. */
  function versionOf(args: ReadonlyPartialJSONObject): string | null {
    const row = args['context']
      ? app.contextMenuHitTest(node => node.dataset['sha'] !== undefined)
      : undefined;
    return textArg(args, 'version') ?? row?.dataset['sha'] ?? null;
  }

  async function pick(
    promptId: string,
    args: ReadonlyPartialJSONObject,
    isRevert: boolean
  ): Promise<IMerge | null> {
    const ref = versionOf(args);
    if (!ref) {
      return null;
    }
    const what = isRevert
      ? trans.__('The version was not reverted')
      : trans.__('The version was not picked');
    try {
      const [version, { items }] = await Promise.all([
        api.versions.get(promptId, ref),
        api.branches.list(promptId)
      ]);
      const short = version.sha.slice(0, SHOWN_DIGITS);
      if (version.parents.length === 0) {
        Notification.info(trans.__('%1 is the first version: it changed nothing.', short), {
          autoClose: 5000
        });
        return null;
      }
      let target = '';
      const done = await askForm<IMerge | unknown[]>({
        title: isRevert ? trans.__('Revert %1', short) : trans.__('Cherry-pick %1', short),
        text: isRevert
          ? trans.__(
              'What “%1” changed is taken back on a branch, as a new version.',
              said(version.commit_message)
            )
          : trans.__(
              'What “%1” changed is made again on a branch, as a new version.',
              said(version.commit_message)
            ),
        fields: [
          {
            name: 'target',
            label: trans.__('On branch'),
            kind: 'select',
            value: items.find(each => version.branches.includes(each.name) === isRevert)?.name,
            options: items.map(({ name }) => ({ value: name, label: name }))
          },
          ...(version.parents.length > 1
            ? [
                {
                  name: 'mainline',
                  label: trans.__('As a change of'),
                  kind: 'select' as const,
                  hint: trans.__('It is a merge: against which of its parents is it a change?'),
                  options: version.parents.map((sha, at) => ({
                    value: String(at + 1),
                    label: sha.slice(0, SHOWN_DIGITS)
                  }))
                }
              ]
            : [])
        ],
        accept: isRevert ? trans.__('Revert') : trans.__('Cherry-pick'),
        submit: async values => {
          target = values['target'] ?? '';
          const mainline = values['mainline'] ? Number(values['mainline']) : null;
          const body = { version: version.sha, target, mainline };
          try {
            return await (isRevert
              ? api.branches.revert(promptId, body)
              : api.branches.pick(promptId, body));
          } catch (thrown) {
            if (asPromptHubError(thrown).code === 'protected') {
              return [thrown];
            }
            throw thrown;
          }
        },
        trans
      });
      if (done === null) {
        return null;
      }
      if (Array.isArray(done)) {
        refused(promptId, what, done[0], version.sha);
        return null;
      }
      told(promptId, target, done, isRevert, what);
      return done;
    } catch (error) {
      reportError(trans, what, error);
      return null;
    }
  }

  /** A protected branch takes it by a review of a branch that begins there. */
  function refused(promptId: string, what: string, thrown: unknown, sha: string): void {
    const then = {
      label: trans.__('New branch from here…'),
      command: CommandIDs.createBranch,
      args: { promptId, version: sha }
    };
    if (!offerInstead(context, what, thrown, then)) {
      reportError(trans, what, thrown);
    }
  }

  function told(
    promptId: string,
    target: string,
    made: IMerge,
    isRevert: boolean,
    what: string
  ): void {
    if (made.conflicts.length > 0) {
      const count = made.conflicts.length;
      Notification.warning(
        trans._n(
          '%2: %3 says something else at %1 place. Nothing was changed; make the change by hand.',
          '%2: %3 says something else at %1 places. Nothing was changed; make the change by hand.',
          count,
          what,
          target
        ),
        {
          autoClose: false,
          actions: [
            {
              label: trans.__('Open prompt'),
              callback: () =>
                void app.commands.execute(CommandIDs.openPrompt, { promptId, branch: target })
            }
          ]
        }
      );
      return;
    }
    const { version, target_sha: before } = made;
    if (!version || version.sha === before) {
      Notification.info(trans.__('%1 says all of it already: nothing was changed.', target), {
        autoClose: 6000
      });
      return;
    }
    const short = version.sha.slice(0, SHOWN_DIGITS);
    reportDone(
      isRevert
        ? trans.__('Taken back on %1: %2', target, short)
        : trans.__('Made again on %1: %2', target, short),
      [
        {
          label: trans.__('What changed'),
          callback: () =>
            void app.commands.execute(CommandIDs.compareVersions, {
              promptId,
              base: before,
              head: version.sha
            })
        },
        {
          label: trans.__('Undo'),
          callback: () =>
            void api.branches
              .move(promptId, target, { version: before, expected_head: version.sha })
              .then(
                () => reportDone(trans.__('%1 is where it was', target)),
                error => reportError(trans, trans.__('It was not undone'), error)
              )
        }
      ]
    );
  }
}

function said(message: string): string {
  return message.split('\n', 1)[0] || '…';
}
