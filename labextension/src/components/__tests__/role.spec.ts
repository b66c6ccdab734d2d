import { Notification } from '@jupyterlab/apputils';
import type { ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { IEvent, IMe } from '../../api';
import type { EventStream } from '../../api/events';
import { PromptHub } from '../../hub';
import { tellRole } from '../role';

function me(role: string, ...permissions: string[]): IMe {
  return { actor: { id: 'a' }, role, permissions } as unknown as IMe;
}

const VIEWER = me('viewer', 'prompt:read');
const ENGINEER = me('engineer', 'prompt:read', 'prompt:write');
const LEAD = me('team_lead', 'prompt:read', 'prompt:write', 'prompt:delete');

/** A hub whose server gives these answers about who is asking, in turn. */
function setting(...answers: (IMe | Promise<IMe>)[]) {
  const owner = {};
  const received = new Signal<object, Partial<IEvent>>(owner);
  const stateChanged = new Signal<object, string>(owner);
  const events = { received, stateChanged, start: () => undefined, dispose: () => undefined };
  const hub = new PromptHub({
    serverSettings: {} as ServerConnection.ISettings,
    trans: nullTranslator.load(''),
    events: events as unknown as EventStream
  });
  const ask = vi.spyOn(hub.api, 'me').mockImplementation(() => Promise.resolve(answers.shift()!));
  const told: string[] = [];
  for (const kind of ['info', 'warning'] as const) {
    vi.spyOn(Notification, kind).mockImplementation(text => {
      return `${told.push(`${kind}: ${text}`)}`;
    });
  }
  const dismissed = vi.spyOn(Notification, 'dismiss').mockReturnValue();
  tellRole(hub);
  return { hub, ask, told, dismissed, received, stateChanged };
}

describe('a role that is changed while somebody is here', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is asked for when the server says so, and told with what it means', async () => {
    const { hub, told, dismissed, received } = setting(ENGINEER, VIEWER, LEAD, ENGINEER);
    await hub.start();
    expect([hub.can('prompt:write'), told]).toEqual([true, []]);
    received.emit({ kind: 'me.changed', seq: 0 });
    await vi.waitFor(() => expect(hub.can('prompt:write')).toBe(false));
    received.emit({ kind: 'me.changed', seq: 0 });
    await vi.waitFor(() => expect(hub.can('prompt:write')).toBe(true));
    received.emit({ kind: 'me.changed', seq: 0 });
    await vi.waitFor(() => expect(told).toHaveLength(3));
    expect(told[0]).toContain('warning: Your role was changed to viewer.');
    expect(told[0]).toContain('what is open is read only now');
    expect(told[1]).toContain('info: Your role was changed to team lead.');
    expect(told[1]).toContain('also those that are open');
    expect(told[2]).toBe('info: Your role was changed to engineer.');
    // the newest stands alone
    expect(dismissed.mock.calls).toEqual([['1'], ['2']]);
    hub.dispose();
  });

  it('is asked for after a lost connection, and not at the first one', async () => {
    const { hub, ask, told, stateChanged } = setting(ENGINEER, VIEWER);
    await hub.start();
    stateChanged.emit('connected');
    expect(ask).toHaveBeenCalledTimes(1);
    stateChanged.emit('offline');
    stateChanged.emit('connected');
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(hub.me?.role).toBe('viewer');
    hub.dispose();
  });

  it('is the one of the newest answer, in whichever order they come', async () => {
    let late: (me: IMe) => void = () => undefined;
    const slow = new Promise<IMe>(resolve => (late = resolve));
    const { hub, told, received } = setting(ENGINEER, slow, VIEWER);
    await hub.start();
    received.emit({ kind: 'me.changed', seq: 0 });
    received.emit({ kind: 'me.changed', seq: 0 });
    await vi.waitFor(() => expect(hub.me?.role).toBe('viewer'));
    late(ENGINEER);
    await slow;
    await Promise.resolve();
    expect([hub.me?.role, told.length]).toEqual(['viewer', 1]);
    hub.dispose();
  });
});
