import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { forget, keep, recall } from '../components/kept';
import type { IComposing, IUnsentWords, Writing } from './writing';

const STORE_MS = 300;
/** JupyterLab sends what it keeps to its server some time after it changed; until then the browser asks. */
const SENT_MS = 2000;

/** What is typed on the page of a review and not sent, kept in the browser's workspace for who typed it. */
export class Unsent implements IDisposable {
  constructor(private readonly _options: Unsent.IOptions) {
    this._soon = new Debouncer(() => this._store(), _options.storeMs ?? STORE_MS);
    this._sent = new Debouncer(() => this._release(), _options.sentMs ?? SENT_MS);
  }

  get isDisposed(): boolean {
    return this._soon.isDisposed;
  }

  /** Offer again what somebody had typed here; says whether there was something. */
  async restore(actorId: string): Promise<boolean> {
    if (this._id !== null) {
      return false;
    }
    const { id, state, trans, writing } = this._options;
    this._id = `${id}:${actorId}`;
    const lost = trans.__(
      'What you had typed in this review and not sent could not be read; its fields begin empty.'
    );
    const kept = unsentWords(await recall(state, this._id, lost));
    if (kept) {
      writing.restore(kept);
    }
    return kept !== null;
  }

  /** What is typed is something else. */
  changed(): void {
    if (this.isDisposed) {
      // it was sent while the page was closed
      void this._store();
      return;
    }
    this._guard ??= this._options.guard();
    void this._soon.invoke().catch(() => undefined);
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._soon.dispose();
      this._sent.dispose();
      if (this._guard) {
        void this._store();
        // it is kept by JupyterLab now, which sends it
        setTimeout(() => this._release(), this._options.sentMs ?? SENT_MS);
      }
    }
  }

  private async _store(): Promise<void> {
    const { state, writing } = this._options;
    if (this._id === null) {
      return;
    }
    const { unsent } = writing;
    await (unsent ? keep(state, this._id, unsent) : forget(state, this._id));
    if (!this.isDisposed) {
      void this._sent.invoke().catch(() => undefined);
    }
  }

  private _release(): void {
    this._guard?.dispose();
    this._guard = null;
  }

  /** Null until it is known who types. */
  private _id: string | null = null;
  private _guard: IDisposable | null = null;
  private readonly _soon: Debouncer;
  private readonly _sent: Debouncer;
}

export namespace Unsent {
  export interface IOptions {
    writing: Writing;
    state: IStateDB | null;
    /** Of the review. */
    id: string;
    trans: TranslationBundle;
    /** Until it is disposed, the browser asks before it closes the window. */
    guard: () => IDisposable;
    storeMs?: number;
    sentMs?: number;
  }
}

/** What a workspace gave, where it is what is kept here; null where it is something else, or nothing. */
function unsentWords(found: unknown): IUnsentWords | null {
  const { typed, composing } = (found ?? {}) as { typed?: unknown; composing?: unknown };
  if (typeof typed !== 'object' || typed === null) {
    return null;
  }
  const words = Object.entries(typed).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string'
  );
  const places = Array.isArray(composing) ? composing.filter(isComposing) : [];
  return words.length > 0 ? { typed: Object.fromEntries(words), composing: places } : null;
}

function isComposing(found: unknown): found is IComposing {
  const { path, label, words, range } = (found ?? {}) as { [name: string]: unknown };
  const { from, to } = (range ?? {}) as { [name: string]: unknown };
  const isRange = typeof from === 'number' && typeof to === 'number';
  return (
    typeof path === 'string' &&
    typeof label === 'string' &&
    (words === null ? range === null : typeof words === 'string' && isRange)
  );
}
