import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import * as React from 'react';
import type { IGitExport, IGitImport } from '../api';
import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import { SHOWN_DIGITS } from '../components/sha';
import type { ICommandContext } from './context';
import { target } from './context';
import { CommandIDs } from './ids';

const ALL = 'all';

interface IReport {
  readonly done: readonly string[];
  /** What somebody should look at: what, and why. */
  readonly open: readonly (readonly [string, string])[];
}

/** Push to and pull from git repositories elsewhere. */
export function addGitCommands(context: ICommandContext): void {
  const { app, hub, trans } = context;
  const { api } = hub;

  app.commands.addCommand(CommandIDs.gitPush, {
    label: trans.__('Push to Git…'),
    caption: trans.__('Write versions as commits into a git repository'),
    isEnabled: () => hub.can('prompt:write'),
    execute: async args => {
      try {
        const remotes = await remotesOf();
        if (remotes.length === 0) {
          return await noRemote();
        }
        const draft = target(context, args);
        const prompt = draft && (await api.prompts.get(draft.promptId));
        const what = [{ value: ALL, label: trans.__('All prompts') }];
        if (prompt) {
          what.unshift({ value: prompt.name, label: prompt.name });
        }
        const pushed = await askForm({
          title: trans.__('Push to Git'),
          text: trans.__(
            'Each version that the repository lacks becomes a commit. Nothing there is overwritten.'
          ),
          fields: [
            { name: 'what', label: trans.__('What'), kind: 'select', options: what },
            remoteField(remotes)
          ],
          accept: trans.__('Push'),
          submit: async ({ what: name = ALL, remote = '' }) => ({
            remote,
            report: ofPush(await api.git.push({ remote, names: name === ALL ? [] : [name] }))
          }),
          trans
        });
        if (pushed) {
          await tell(trans.__('Pushed to %1', pushed.remote), pushed.report);
        }
      } catch (error) {
        reportError(trans, trans.__('Nothing was pushed'), error);
      }
    }
  });

  app.commands.addCommand(CommandIDs.gitPull, {
    label: trans.__('Pull from Git…'),
    caption: trans.__('Bring in what a git repository has, as versions and reviews'),
    isEnabled: () => hub.can('prompt:write'),
    execute: async () => {
      try {
        const remotes = await remotesOf();
        if (remotes.length === 0) {
          return await noRemote();
        }
        const seen = await askForm({
          title: trans.__('Pull from Git'),
          text: trans.__('You see what would come in before anything is changed.'),
          fields: [remoteField(remotes)],
          accept: trans.__('Look'),
          submit: async ({ remote = '' }) => ({
            remote,
            report: ofPull(await api.git.pull({ remote, names: [], dry_run: true }))
          }),
          trans
        });
        if (!seen) {
          return;
        }
        const title = trans.__('Would come in from %1', seen.remote);
        if (seen.report.done.length === 0) {
          return await tell(trans.__('Nothing new in %1', seen.remote), seen.report);
        }
        if (await confirmed(title, seen.report)) {
          const made = await api.git.pull({ remote: seen.remote, names: [], dry_run: false });
          await tell(trans.__('Pulled from %1', seen.remote), ofPull(made));
        }
      } catch (error) {
        reportError(trans, trans.__('Nothing was pulled'), error);
      }
    }
  });
  hub.meChanged.connect(() => app.commands.notifyCommandChanged());

  async function remotesOf(): Promise<string[]> {
    const { items } = await api.connections.list();
    return items.filter(one => one.provider === 'git').map(one => one.name);
  }

  function remoteField(remotes: readonly string[]) {
    return {
      name: 'remote',
      label: trans.__('Repository'),
      kind: 'select' as const,
      options: remotes.map(value => ({ value, label: value }))
    };
  }

  async function noRemote(): Promise<void> {
    const may = hub.can('connection:write');
    const { button } = await showDialog({
      title: trans.__('No git repository yet'),
      body: may
        ? trans.__('Add a connection with the provider git and the address of the repository.')
        : trans.__(
            'An admin adds a connection with the provider git and the address of the repository.'
          ),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Close') }),
        ...(may ? [Dialog.okButton({ label: trans.__('Connections') })] : [])
      ]
    });
    if (may && button.accept) {
      await app.commands.execute(CommandIDs.connections);
    }
  }

  function ofPush(made: IGitExport): IReport {
    return {
      done: [
        trans._n('%1 new commit', '%1 new commits', made.commits),
        ...Object.entries(made.refs).map(
          ([ref, commit]) => `${ref} → ${commit.slice(0, SHOWN_DIGITS)}`
        )
      ],
      open: Object.entries(made.left)
    };
  }

  function ofPull(made: IGitImport): IReport {
    const heads = { ...made.branches, ...made.tags };
    const moved = Object.entries(heads).map(
      ([name, sha]) => `${name} → ${sha.slice(0, SHOWN_DIGITS)}`
    );
    const reviews = made.reviews.map(one =>
      trans.__('Review %1#%2: %3 into %4', one.prompt, one.number, one.source, one.target)
    );
    const drafts = made.drafts.map(name => trans.__('Draft: %1', name));
    const count = trans._n('%1 new version', '%1 new versions', made.versions);
    const all = [...moved, ...reviews, ...drafts];
    return {
      done: made.versions > 0 || all.length > 0 ? [count, ...all] : [],
      open: [
        ...Object.entries(made.problems).map(
          ([place, found]) => [place, found[0]?.message ?? ''] as const
        ),
        ...Object.entries(made.left)
      ]
    };
  }

  async function tell(title: string, report: IReport): Promise<void> {
    if (report.open.length === 0 && report.done.length < 2) {
      reportDone(report.done.length > 0 ? `${title}: ${report.done[0]}` : title);
      return;
    }
    await showDialog({
      title,
      body: shown(report),
      buttons: [Dialog.okButton({ label: trans.__('Close') })]
    });
  }

  async function confirmed(title: string, report: IReport): Promise<boolean> {
    const { button } = await showDialog({
      title,
      body: shown(report),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Pull') })
      ]
    });
    return button.accept;
  }

  function shown(report: IReport): ReactWidget {
    const made = ReactWidget.create(
      <>
        {report.done.length > 0 && (
          <ul className="jp-PromptHub-gitReport-list">
            {report.done.map(line => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        {report.open.length > 0 && (
          <>
            <h3 className="jp-PromptHub-gitReport-heading">{trans.__('Left as it is')}</h3>
            <dl className="jp-PromptHub-gitReport-list">
              {report.open.map(([what, why]) => (
                <React.Fragment key={what}>
                  <dt>{what}</dt>
                  <dd>{why}</dd>
                </React.Fragment>
              ))}
            </dl>
          </>
        )}
      </>
    );
    made.addClass('jp-PromptHub-gitReport');
    return made;
  }
}
