import { Notification } from '@jupyterlab/apputils';
import type { IDeployment } from '../api';
import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import { SHOWN_DIGITS } from '../components/sha';
import { promoteIcon, rollbackIcon } from '../icons';
import type { ICommandContext } from './context';
import { addPromptCommand, textArg } from './context';
import { CommandIDs } from './ids';

/** Commands on what environments serve. */
export function addDeploymentCommands(context: ICommandContext): void {
  const { app, hub, trans } = context;
  const { api } = hub;

  addPromptCommand(context, CommandIDs.promote, {
    label: trans.__('Promote…'),
    caption: trans.__('Serve a version in an environment'),
    icon: promoteIcon,
    execute: async ({ promptId, branch }, args) => {
      const ref = textArg(args, 'version') ?? branch;
      try {
        const [version, { items }] = await Promise.all([
          api.versions.get(promptId, ref),
          api.deployments.environments()
        ]);
        const environments = [...items].sort((a, b) => a.position - b.position);
        if (!environments.some(each => hub.can(`deploy:${each.name}`))) {
          Notification.warning(trans.__('You may not promote to any environment.'));
          return;
        }
        const done = await askForm({
          title: trans.__('Promote %1', version.sha.slice(0, SHOWN_DIGITS)),
          text: version.commit_message || undefined,
          fields: [
            {
              name: 'environment',
              label: trans.__('Environment'),
              kind: 'select',
              value: textArg(args, 'environment') ?? undefined,
              options: environments.map(({ name }) => ({
                value: name,
                disabled: !hub.can(`deploy:${name}`) || version.served_in.includes(name),
                label: version.served_in.includes(name)
                  ? trans.__('%1 (serves it already)', name)
                  : hub.can(`deploy:${name}`)
                    ? name
                    : trans.__('%1 (not permitted)', name)
              }))
            },
            {
              name: 'reason',
              label: trans.__('Reason'),
              kind: 'message',
              placeholder: trans.__('Passed the support suite'),
              hint: trans.__('Shown in the history of deployments.')
            }
          ],
          accept: trans.__('Promote'),
          submit: ({ environment, reason }) =>
            api.deployments.promote(promptId, {
              environment: environment ?? '',
              version: version.sha,
              reason: reason?.trim()
            }),
          trans
        });
        if (done) {
          promoted(promptId, done);
        }
      } catch (error) {
        reportError(trans, trans.__('The version was not promoted'), error);
      }
    }
  });

  addPromptCommand(context, CommandIDs.rollback, {
    label: trans.__('Roll back…'),
    caption: trans.__('Serve again what an environment served before'),
    icon: rollbackIcon,
    execute: async ({ promptId }, args) => {
      try {
        const current = currentDeployments((await api.deployments.list(promptId)).items);
        const possible = current.filter(
          each => each.previous_sha && hub.can(`deploy:${each.environment}`)
        );
        const first = textArg(args, 'environment');
        if (possible.length === 0 || (first && !possible.some(d => d.environment === first))) {
          Notification.info(trans.__('There is nothing to roll back to.'), { autoClose: 5000 });
          return;
        }
        const done = await askForm({
          title: trans.__('Roll back'),
          fields: [
            {
              name: 'environment',
              label: trans.__('Environment'),
              kind: 'select',
              value: first ?? undefined,
              options: possible.map(each => ({
                value: each.environment,
                label: trans.__(
                  '%1: from %2 back to %3',
                  each.environment,
                  each.version_sha.slice(0, SHOWN_DIGITS),
                  each.previous_sha?.slice(0, SHOWN_DIGITS) ?? ''
                )
              }))
            },
            {
              name: 'reason',
              label: trans.__('Why?'),
              kind: 'message',
              required: true,
              placeholder: trans.__('Answers became too long')
            }
          ],
          accept: trans.__('Roll back'),
          warn: true,
          submit: ({ environment, reason }) =>
            api.deployments.rollback(promptId, {
              environment: environment ?? '',
              reason: reason ?? ''
            }),
          trans
        });
        if (done) {
          reportDone(
            trans.__(
              '%1 serves %2 again',
              done.environment,
              done.version_sha.slice(0, SHOWN_DIGITS)
            )
          );
        }
      } catch (error) {
        reportError(trans, trans.__('The rollback was not done'), error);
      }
    }
  });

  function promoted(promptId: string, done: IDeployment): void {
    const message = trans.__(
      '%1 serves %2 now',
      done.environment,
      done.version_sha.slice(0, SHOWN_DIGITS)
    );
    const rollback = {
      label: trans.__('Roll back…'),
      callback: () =>
        void app.commands.execute(CommandIDs.rollback, {
          promptId,
          environment: done.environment
        })
    };
    reportDone(message, done.previous_sha ? [rollback] : []);
  }
}

/** The newest deployment of each environment; `deployments` come newest first. */
export function currentDeployments(deployments: readonly IDeployment[]): IDeployment[] {
  const seen = new Map<string, IDeployment>();
  for (const each of deployments) {
    if (!seen.has(each.environment)) {
      seen.set(each.environment, each);
    }
  }
  return [...seen.values()];
}
