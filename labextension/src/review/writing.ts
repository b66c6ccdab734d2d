import type { TranslationBundle } from '@jupyterlab/translation';
import type { PromptHubError } from '../api';
import { nextStep } from '../components/nextstep';
import type { IRange } from './places';

/** Told at the top of the page, until it is taken away. */
export interface INotice {
  readonly kind: 'warn' | 'error' | 'success';
  readonly text: string;
}

/** A conversation that somebody is about to begin here. */
export interface IComposing {
  /** The unit. */
  readonly path: string;
  readonly label: string;
  /** The words that it is about, and where they were; null: all of the unit. */
  readonly words: string | null;
  readonly range: IRange | null;
}

/** What a reviewer can say. */
export type Word = 'comment' | 'approve' | 'request_changes';

/** What of a page is worth keeping when it is closed. */
export interface IUnsentWords {
  /** By where. */
  readonly typed: { readonly [where: string]: string };
  readonly composing: readonly IComposing[];
}

/** Before the id of a conflict: where own words for it are typed. */
export const OWN_WORDS = 'conflict/';

/** What is being written on a page; it stays when the page is read again. */
export class Writing {
  constructor(
    private readonly _changed: () => void,
    /** What is typed, or where, is something else. */
    private readonly _worded: () => void = () => undefined
  ) {}

  /** What is typed, by where. */
  get typed(): ReadonlyMap<string, string> {
    return this._typed;
  }

  /** Something is typed; null: it was sent, or given up. */
  type(where: string, words: string | null): void {
    if (words === null ? this._typed.delete(where) : this._typed.get(where) !== words) {
      if (words !== null) {
        this._typed.set(where, words);
      }
      this._worded();
    }
  }

  /** What is typed at places that begin like this is of no use any more. */
  forget(beginning: string): void {
    for (const where of [...this._typed.keys()]) {
      if (where.startsWith(beginning)) {
        this.type(where, null);
      }
    }
  }

  /** What would be lost if the page went; null: nothing. */
  get unsent(): IUnsentWords | null {
    const composing = [...this._composing.values()].filter(({ path }) =>
      ['', '/suggestion'].some(more => this._typed.get(`new/${path}${more}`)?.trim())
    );
    const typed = Object.fromEntries(this._typed);
    return this._typed.size > 0 ? { typed, composing } : null;
  }

  /** Take what was kept, where nothing has been typed meanwhile. */
  restore({ typed, composing }: IUnsentWords): void {
    for (const [where, words] of Object.entries(typed)) {
      if (!this._typed.has(where)) {
        this._typed.set(where, words);
      }
    }
    for (const each of composing) {
      if (!this._composing.has(each.path)) {
        this._composing.set(each.path, each);
      }
    }
    this._changed();
  }

  /** The conversations that are about to begin, by the path of the unit. */
  get composing(): ReadonlyMap<string, IComposing> {
    return this._composing;
  }

  compose(composing: IComposing): void {
    this._composing.set(composing.path, composing);
    this._worded();
    this._changed();
  }

  stopComposing(path: string): void {
    this._composing.delete(path);
    this._worded();
    this._changed();
  }

  /** What the reader is about to say of all of it. */
  get word(): Word {
    return this._word;
  }

  set word(word: Word) {
    this._word = word;
    this._changed();
  }

  /** What the reader was about to approve is another text now. */
  reconsider(why: string): void {
    this._word = 'comment';
    this.say(this._notice ?? { kind: 'warn', text: why });
  }

  get notice(): INotice | null {
    return this._notice;
  }

  say(notice: INotice | null): void {
    this._notice = notice;
    this._changed();
  }

  private readonly _typed = new Map<string, string>();
  private readonly _composing = new Map<string, IComposing>();
  private _word: Word = 'comment';
  private _notice: INotice | null = null;
}

/** What the server refused, and what to do next. */
export function told(problem: PromptHubError, trans: TranslationBundle): INotice {
  if (problem.code === 'stale_head') {
    return {
      kind: 'warn',
      text: trans.__('%1 What you have typed is still here.', problem.message)
    };
  }
  const step = problem.code === 'conflict' ? null : nextStep(problem, trans);
  return { kind: 'error', text: [problem.message, step].filter(Boolean).join(' ') };
}
