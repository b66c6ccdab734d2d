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

/** What is being written on a page; it stays when the page is read again. */
export class Writing {
  constructor(private readonly _changed: () => void) {}

  /** What is typed, by where. */
  readonly typed = new Map<string, string>();

  /** The conversations that are about to begin, by the path of the unit. */
  get composing(): ReadonlyMap<string, IComposing> {
    return this._composing;
  }

  compose(composing: IComposing): void {
    this._composing.set(composing.path, composing);
    this._changed();
  }

  stopComposing(path: string): void {
    this._composing.delete(path);
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
