import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { IEvent } from '../../../api';
import type { Facets } from '../facets';
import { EVERYTHING } from '../filter';
import type { LibraryModel } from '../model';
import { Updates } from '../updates';

/** A library whose loads end when the test says so. */
class Desk {
  readonly hub = { event: new Signal<object, IEvent>({}) };
  loaded = Promise.resolve();
  view = this.newView();
  readonly rebuilt = vi.fn();

  newView() {
    return {
      filter: EVERYTHING,
      load: vi.fn(() => Promise.resolve()),
      pages: { find: () => null, invalidate: vi.fn(), replace: vi.fn() }
    };
  }

  tell(kind: string): void {
    this.hub.event.emit({ kind, ids: { prompt: 'p' } } as unknown as IEvent);
  }
}

let desk: Desk;
let updates: Updates;

beforeEach(() => {
  vi.useFakeTimers();
  desk = new Desk();
  const facets = { refresh: () => Promise.resolve() } as unknown as Facets;
  updates = new Updates(desk as unknown as LibraryModel, facets, 10);
});

afterEach(() => {
  updates.dispose();
  vi.useRealTimers();
});

it('answers events that come together together', async () => {
  desk.tell('prompt.created');
  desk.tell('prompt.archived');
  await vi.advanceTimersByTimeAsync(100);
  expect(desk.view.load).toHaveBeenCalledTimes(1);
  expect(desk.rebuilt).toHaveBeenCalledTimes(1);
});

it('answers an event that comes while it answers another', async () => {
  let end = (): void => undefined;
  desk.view.load.mockImplementationOnce(() => new Promise(resolve => (end = resolve)));
  desk.tell('prompt.archived');
  await vi.advanceTimersByTimeAsync(100);
  desk.tell('prompt.restored');
  await vi.advanceTimersByTimeAsync(100);
  expect(desk.view.load).toHaveBeenCalledTimes(1);
  end();
  await vi.advanceTimersByTimeAsync(100);
  expect(desk.view.load).toHaveBeenCalledTimes(2);
});

it('waits for what is being loaded, which may have been asked for before the event', async () => {
  let end = (): void => undefined;
  desk.loaded = new Promise(resolve => (end = resolve));
  const before = desk.view;
  desk.tell('prompt.created');
  await vi.advanceTimersByTimeAsync(100);
  expect(before.load).not.toHaveBeenCalled();
  desk.view = desk.newView();
  end();
  await vi.advanceTimersByTimeAsync(100);
  expect(before.load).not.toHaveBeenCalled();
  expect(desk.view.load).toHaveBeenCalledTimes(1);
});

it('asks again for a view that took the place of the one it was refreshing', async () => {
  const before = desk.view;
  before.load.mockImplementationOnce(() => {
    desk.view = desk.newView();
    return Promise.resolve();
  });
  desk.tell('prompt.created');
  await vi.advanceTimersByTimeAsync(100);
  expect(desk.view).not.toBe(before);
  expect(desk.view.load).toHaveBeenCalledTimes(1);
});

it('is quiet once it is disposed', async () => {
  desk.tell('prompt.created');
  updates.dispose();
  await vi.advanceTimersByTimeAsync(100);
  expect(desk.view.load).not.toHaveBeenCalled();
});
