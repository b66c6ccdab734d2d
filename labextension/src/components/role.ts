import { Notification } from '@jupyterlab/apputils';
import type { IMe } from '../api';
import type { IPromptHub, Permission } from '../tokens';

/** Tell people when their role was changed while they are here, and what that means for what is open. */
export function tellRole(hub: IPromptHub): void {
  let before = hub.me;
  let told: string | null = null;
  hub.meChanged.connect(() => {
    const { me } = hub;
    if (me && before && me.actor.id === before.actor.id && me.role !== before.role) {
      const could = may(before, 'prompt:write');
      const can = may(me, 'prompt:write');
      if (told) {
        // one that is not true any more is taken away
        Notification.dismiss(told);
      }
      told = say(hub, me.role, can === could ? null : can);
    }
    before = me ?? before;
  });
}

function may(me: IMe, permission: Permission): boolean {
  return me.permissions.includes(permission);
}

function say({ trans }: IPromptHub, role: string, canWrite: boolean | null): string {
  const changed = trans.__('Your role was changed to %1.', role.replace('_', ' '));
  if (canWrite === false) {
    const means = trans.__(
      'You can read prompts, and no longer change them: what is open is read only now.'
    );
    return Notification.warning(`${changed}\n${means}`, { autoClose: false });
  }
  if (canWrite) {
    const means = trans.__('You can change prompts now, also those that are open.');
    return Notification.info(`${changed}\n${means}`, { autoClose: 8000 });
  }
  return Notification.info(changed, { autoClose: 8000 });
}
