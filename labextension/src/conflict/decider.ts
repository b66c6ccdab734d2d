import type {
  IActorRef,
  IConflictResolution,
  IKeptResolution,
  ISeenConflict,
  IShownConflict,
  PromptHubError
} from '../api';
import { asPromptHubError } from '../api';

/** What is taken for a unit, or for one place of a text. */
export type Side = 'base' | 'ours' | 'theirs';

/** What a person takes for a conflict: exactly one of the three. */
export type Choice = Pick<IConflictResolution, 'pick' | 'picks' | 'text'>;

/** How a conflict is decided: a side, both as they are, each place for itself, in own words; or it is open again. */
export type Mode = Side | 'keep' | 'runs' | 'text' | 'open';

/** A decision that holds. */
export interface IDecision {
  readonly choice: Choice;
  /** Null: the person here. */
  readonly by: IActorRef | null;
  readonly at: string | null;
}

/** A conflict, and what was decided about it. */
export interface IConflictItem {
  readonly id: string;
  readonly conflict: IShownConflict;
  /** Null: it is open. */
  readonly decision: IDecision | null;
  /** A decision about what it said before. */
  readonly lapsed: IKeptResolution | null;
  /** What names the present decision, also one that does not hold any more. */
  readonly token: string | null;
  /** Nothing asks for a decision any more. */
  readonly isGone: boolean;
}

/** Where conflicts are, and where decisions are kept: those of a review, which people share, or those of one merge here. */
export interface IConflictStore {
  readonly items: readonly IConflictItem[];
  /** Keep a decision; what is refused is thrown. */
  decide(id: string, choice: Choice, seen: ISeenConflict): Promise<void>;
  takeBack(id: string, seen: ISeenConflict): Promise<void>;
}

/** A decision that is being made here. */
export interface IDraft {
  readonly mode: Mode;
  /** What was looked at when it was begun. */
  readonly seen: IConflictItem;
  readonly isSending: boolean;
  /** Why it was refused. */
  readonly refusal: PromptHubError | null;
}

/** Own words, by the id of their conflict. */
export interface IWords {
  get(id: string): string | undefined;
  set(id: string, text: string): void;
  delete(id: string): void;
  clear(): void;
}

/** What stands between a decision that is being made, and its being kept. */
export interface IMeanwhile {
  /** Somebody decided, or took a decision back. */
  readonly decided: boolean;
  /** It says something else. */
  readonly changed: boolean;
}

/** Decisions that are being made here. What is typed is lost by nothing that others do. */
export class Decider {
  constructor(
    private readonly _store: IConflictStore,
    private readonly _emit: () => void,
    private readonly _texts: IWords = new Map<string, string>()
  ) {}

  /** All conflicts in a lasting order, also one that is gone while it was being decided here. */
  get items(): readonly IConflictItem[] {
    const items = [...this._store.items];
    for (const [id, { mode, seen }] of this._drafts) {
      if ((mode === 'text' || mode === 'runs') && !items.some(each => each.id === id)) {
        items.push({ ...seen, isGone: true });
      }
    }
    return items.sort(byPlace);
  }

  get openCount(): number {
    return this._store.items.filter(each => !each.decision && !each.isGone).length;
  }

  draftOf(id: string): IDraft | null {
    return this._drafts.get(id) ?? null;
  }

  /** How it is decided here, or else by whoever decided it. */
  modeOf(item: IConflictItem): Mode | null {
    return this._drafts.get(item.id)?.mode ?? (item.decision ? modeOf(item.decision.choice) : null);
  }

  /** What others did since the decision here was begun; null: nothing. */
  meanwhile(item: IConflictItem): IMeanwhile | null {
    const draft = this._drafts.get(item.id);
    if (!draft || draft.isSending) {
      return null;
    }
    const decided = draft.seen.token !== item.token;
    const changed = draft.seen.conflict.digest !== item.conflict.digest;
    return decided || changed ? { decided, changed } : null;
  }

  /** What is typed of it. */
  textOf(item: IConflictItem): string {
    const { conflict, decision } = item;
    return (
      this._texts.get(item.id) ??
      decision?.choice.text ??
      (conflict.chunks.length > 0
        ? conflict.chunks.map(({ text, ours }) => text ?? ours).join('')
        : (conflict.ours ?? conflict.theirs ?? conflict.base ?? ''))
    );
  }

  type(item: IConflictItem, text: string): void {
    this._texts.set(item.id, text);
    this._begin(item, 'text');
  }

  /** What is taken for each open place; null: not said yet. */
  runsOf(item: IConflictItem): readonly (Side | null)[] {
    const count = item.conflict.runs.length;
    const known = this._runs.get(item.id) ?? item.decision?.choice.picks ?? [];
    return Array.from({ length: count }, (_, at) => known[at] ?? null);
  }

  pickRun(item: IConflictItem, at: number, side: Side): void {
    this._runs.set(
      item.id,
      this.runsOf(item).map((each, index) => (index === at ? side : each))
    );
    this._begin(item, 'runs');
  }

  /** Choose how to decide; a side is decided by that, places and own words when they are sent. */
  choose(item: IConflictItem, mode: Mode): Promise<boolean> {
    this._begin(item, mode);
    return mode === 'text' || mode === 'runs' ? Promise.resolve(false) : this.send(item);
  }

  canSend(item: IConflictItem): boolean {
    const draft = this._drafts.get(item.id);
    return !!draft && !draft.isSending && this._asking(item, draft.mode) !== null;
  }

  /**
   * Keep the decision that is being made, unless somebody else decided since it was begun.
   *
   * @param knowingly what others did meanwhile was seen
   */
  async send(item: IConflictItem, knowingly = false): Promise<boolean> {
    const { id } = item;
    const draft = this._drafts.get(id);
    const asking = draft && this._asking(item, draft.mode);
    if (!draft || !asking) {
      return false;
    }
    const seen = knowingly ? item : draft.seen;
    const sent: IDraft = { ...draft, seen, isSending: true, refusal: null };
    this._drafts.set(id, sent);
    this._emit();
    let refusal: PromptHubError | null = null;
    let isDone = true;
    try {
      await asking({ digest: seen.conflict.digest, decision: seen.token });
    } catch (thrown) {
      isDone = false;
      refusal = asPromptHubError(thrown);
      if (refusal.code === 'decided_meanwhile' || refusal.code === 'stale_head') {
        // seen at the conflict itself
        refusal = null;
      }
    }
    if (this._drafts.get(id) === sent) {
      if (isDone) {
        this._drafts.delete(id);
      } else {
        this._drafts.set(id, { ...sent, isSending: false, refusal });
      }
    }
    if (isDone && sent.mode === 'text') {
      this._texts.delete(id);
    } else if (isDone && sent.mode === 'runs') {
      this._runs.delete(id);
    }
    this._emit();
    return isDone;
  }

  /** Write on where own words are known of a conflict that is not decided. */
  resume(): void {
    for (const item of this._store.items) {
      if (!item.decision && !this._drafts.has(item.id) && this._texts.get(item.id) !== undefined) {
        this._begin(item, 'text');
      }
    }
  }

  /** Let the present decision be, and what was being decided here; what was typed is there again with “own words”. */
  leave(item: IConflictItem): void {
    this._drafts.delete(item.id);
    this._emit();
  }

  /** Forget all that was being decided. */
  clear(): void {
    this._drafts.clear();
    this._texts.clear();
    this._runs.clear();
  }

  private _begin(item: IConflictItem, mode: Mode): void {
    const before = this._drafts.get(item.id);
    this._drafts.set(item.id, {
      mode,
      seen: before?.seen ?? item,
      isSending: false,
      refusal: null
    });
    this._emit();
  }

  private _asking(
    item: IConflictItem,
    mode: Mode
  ): ((seen: ISeenConflict) => Promise<void>) | null {
    if (mode === 'open') {
      return seen => this._store.takeBack(item.id, seen);
    }
    const choice = this._choice(item, mode);
    return choice && (seen => this._store.decide(item.id, choice, seen));
  }

  private _choice(item: IConflictItem, mode: Exclude<Mode, 'open'>): Choice | null {
    if (mode === 'text') {
      return { text: this.textOf(item) };
    }
    if (mode === 'runs') {
      const picks = this.runsOf(item);
      return picks.every((each): each is Side => each !== null) ? { picks: [...picks] } : null;
    }
    return { pick: mode };
  }

  private readonly _drafts = new Map<string, IDraft>();
  private readonly _runs = new Map<string, readonly (Side | null)[]>();
}

export function modeOf(choice: Choice): Mode | null {
  return typeof choice.text === 'string' ? 'text' : choice.picks ? 'runs' : (choice.pick ?? null);
}

/** What does not go together comes last: it is known when the rest is decided. */
function byPlace(a: IConflictItem, b: IConflictItem): number {
  const last = Number(a.conflict.kind === 'semantic') - Number(b.conflict.kind === 'semantic');
  return (
    last || (a.conflict.path < b.conflict.path ? -1 : a.conflict.path > b.conflict.path ? 1 : 0)
  );
}
