import { describe, expect, it } from 'vitest';
import type { IActorRef, ISeenConflict, IShownConflict } from '../../api';
import { PromptHubError } from '../../api';
import type { Choice, IConflictItem, IConflictStore } from '../decider';
import { Decider } from '../decider';
import { sideSpans } from '../marks';

const ADA: IActorRef = { id: 'ada', kind: 'user', display_name: 'Ada' };

function conflict(more: Partial<IShownConflict> = {}): IShownConflict {
  return {
    id: 'value:parameter/temperature',
    kind: 'value',
    unit: 'parameter',
    path: 'parameter/temperature',
    label: 'parameter temperature',
    base: 'temperature: 0.5\n',
    ours: 'temperature: 0.1\n',
    theirs: 'temperature: 0.9\n',
    chunks: [],
    check: null,
    causes: [],
    digest: 'd1',
    marks: { ours: [], theirs: [] },
    runs: [],
    ...more
  };
}

function item(more: Partial<IConflictItem> = {}): IConflictItem {
  const of = more.conflict ?? conflict();
  return {
    id: of.id,
    conflict: of,
    decision: null,
    lapsed: null,
    token: null,
    isGone: false,
    ...more
  };
}

/** Keeps what it is asked to, or refuses. */
class Store implements IConflictStore {
  items: IConflictItem[] = [item()];
  asked: [string, Choice | null, ISeenConflict][] = [];
  refusal: PromptHubError | null = null;

  decide(id: string, choice: Choice, seen: ISeenConflict): Promise<void> {
    this.asked.push([id, choice, seen]);
    if (this.refusal) {
      return Promise.reject(this.refusal);
    }
    const old = this.items[0]!;
    this.items = [{ ...old, decision: { choice, by: null, at: null }, token: 'mine' }];
    return Promise.resolve();
  }

  takeBack(id: string, seen: ISeenConflict): Promise<void> {
    this.asked.push([id, null, seen]);
    this.items = [item()];
    return Promise.resolve();
  }

  /** Somebody else decides. */
  byAda(choice: Choice): void {
    this.items = [item({ decision: { choice, by: ADA, at: '2026-01-01' }, token: 'adas' })];
  }
}

function made(): { store: Store; decider: Decider; now: () => IConflictItem } {
  const store = new Store();
  const decider = new Decider(store, () => undefined);
  return { store, decider, now: () => decider.items[0]! };
}

describe('a decision', () => {
  it('of a side is kept at once, about what was seen', async () => {
    const { store, decider, now } = made();
    expect(decider.openCount).toBe(1);
    expect(await decider.choose(now(), 'theirs')).toBe(true);
    expect(store.asked).toEqual([[now().id, { pick: 'theirs' }, { digest: 'd1', decision: null }]]);
    expect(decider.modeOf(now())).toBe('theirs');
    expect(decider.draftOf(now().id)).toBeNull();
    expect(decider.openCount).toBe(0);
  });

  it('in own words begins with one side, and is kept when it is sent', async () => {
    const { store, decider, now } = made();
    await decider.choose(now(), 'text');
    expect(store.asked).toEqual([]);
    expect(decider.textOf(now())).toBe('temperature: 0.1\n');
    decider.type(now(), 'temperature: 0.3');
    expect(await decider.send(now())).toBe(true);
    expect(store.asked[0]?.[1]).toEqual({ text: 'temperature: 0.3' });
  });

  it('in own words that were kept is written on where it was, and only where none was made', async () => {
    const store = new Store();
    const kept = new Map<string, string>();
    const before = new Decider(store, () => undefined, kept);
    before.type(before.items[0]!, 'temperature: 0.3');
    // the page was closed
    const decider = new Decider(store, () => undefined, kept);
    expect(decider.modeOf(decider.items[0]!)).toBeNull();
    decider.resume();
    expect(decider.modeOf(decider.items[0]!)).toBe('text');
    expect(await decider.send(decider.items[0]!)).toBe(true);
    expect([store.asked[0]?.[1], kept.size]).toEqual([{ text: 'temperature: 0.3' }, 0]);
    kept.set(store.items[0]!.id, 'temperature: 0.4');
    store.byAda({ pick: 'ours' });
    decider.resume();
    expect(decider.modeOf(decider.items[0]!)).toBe('ours');
  });

  it('that somebody else made meanwhile is not replaced unseen, and what was typed stays', async () => {
    const { store, decider, now } = made();
    await decider.choose(now(), 'text');
    decider.type(now(), 'temperature: 0.3');
    store.byAda({ pick: 'ours' });
    expect(decider.meanwhile(now())).toEqual({ decided: true, changed: false });
    expect(decider.textOf(now())).toBe('temperature: 0.3');
    // typing on does not count as having seen it
    decider.type(now(), 'temperature: 0.35');
    expect(decider.meanwhile(now())).not.toBeNull();
    await decider.send(now(), true);
    expect(store.asked[0]?.[2]).toEqual({ digest: 'd1', decision: 'adas' });
  });

  it('that the server says was made meanwhile stays here to be put or left', async () => {
    const { store, decider, now } = made();
    store.refusal = new PromptHubError('Ada decided it', 'decided_meanwhile', 409);
    const sending = decider.choose(now(), 'theirs');
    store.byAda({ pick: 'ours' });
    expect(await sending).toBe(false);
    expect(decider.draftOf(now().id)).toMatchObject({ mode: 'theirs', refusal: null });
    expect(decider.meanwhile(now())).toEqual({ decided: true, changed: false });
    decider.leave(now());
    expect(decider.modeOf(now())).toBe('ours');
    expect(decider.meanwhile(now())).toBeNull();
  });

  it('that is refused says why, and its words stay', async () => {
    const { store, decider, now } = made();
    decider.type(now(), 'temperature: [');
    store.refusal = new PromptHubError('no YAML', 'invalid_input', 400);
    expect(await decider.send(now())).toBe(false);
    expect(decider.draftOf(now().id)?.refusal?.message).toBe('no YAML');
    expect(decider.textOf(now())).toBe('temperature: [');
    decider.type(now(), 'temperature: 1');
    expect(decider.draftOf(now().id)?.refusal).toBeNull();
  });

  it('about a conflict that is gone meanwhile is shown for its words', () => {
    const { store, decider, now } = made();
    decider.type(now(), 'temperature: 0.3');
    store.items = [];
    expect(now()).toMatchObject({ isGone: true });
    expect(decider.textOf(now())).toBe('temperature: 0.3');
    expect(decider.openCount).toBe(0);
    decider.leave(now());
    expect(decider.items).toEqual([]);
  });

  it('is taken back', async () => {
    const { store, decider, now } = made();
    store.byAda({ pick: 'ours' });
    expect(await decider.choose(now(), 'open')).toBe(true);
    expect(store.asked).toEqual([[now().id, null, { digest: 'd1', decision: 'adas' }]]);
    expect(decider.openCount).toBe(1);
  });

  it('place by place needs every place', async () => {
    const { store, decider, now } = made();
    const run = { ours: [], theirs: [] };
    store.items = [item({ conflict: conflict({ kind: 'text', runs: [run, run] }) })];
    await decider.choose(now(), 'runs');
    expect(decider.canSend(now())).toBe(false);
    decider.pickRun(now(), 1, 'theirs');
    expect(decider.canSend(now())).toBe(false);
    decider.pickRun(now(), 0, 'base');
    await decider.send(now());
    expect(store.asked[0]?.[1]).toEqual({ picks: ['base', 'theirs'] });
  });
});

describe('the words of a side', () => {
  const marks = {
    ours: [
      { op: 'equal' as const, text: 'Be ' },
      { op: 'delete' as const, text: 'brief' },
      { op: 'insert' as const, text: 'short' },
      { op: 'equal' as const, text: '.' }
    ],
    theirs: [
      { op: 'equal' as const, text: 'Be brief' },
      { op: 'delete' as const, text: '.' }
    ]
  };

  it('are those that it wrote; in the base, those that either side took away', () => {
    expect(sideSpans('Be short.', marks, 'ours').map(({ op, text }) => [op, text])).toEqual([
      ['equal', 'Be '],
      ['insert', 'short'],
      ['equal', '.']
    ]);
    expect(sideSpans('Be brief.', marks, 'base').map(({ op, text }) => [op, text])).toEqual([
      ['equal', 'Be '],
      ['delete', 'brief.']
    ]);
  });

  it('are plain where nothing is marked', () => {
    expect(sideSpans('x', { ours: [], theirs: [] }, 'theirs')).toEqual([
      { op: 'equal', text: 'x' }
    ]);
  });
});
