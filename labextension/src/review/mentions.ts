/** A name that is being written after an `@`. */
export interface IMention {
  /** Where the `@` is. */
  readonly from: number;
  readonly words: string;
}

/** How many names are offered. */
const MOST = 6;
/** So many words at most make a name. */
const WORDS = 3;

/** The mention that ends at the caret; null where there is none. */
export function mentionAt(text: string, caret: number): IMention | null {
  const from = text.lastIndexOf('@', caret - 1);
  if (from < 0 || (from > 0 && /[\p{L}\p{N}]/u.test(text[from - 1]!))) {
    return null;
  }
  const words = text.slice(from + 1, caret);
  return /[\n@]/.test(words) || words.split(' ').length > WORDS ? null : { from, words };
}

/** The names that what is written may become: those that begin so, then those of which another word does. */
export function offered(names: readonly string[], words: string): string[] {
  const said = words.toLocaleLowerCase();
  const rank = (name: string): number => {
    const low = name.toLocaleLowerCase();
    return low.startsWith(said) ? 0 : low.split(/\s+/).some(each => each.startsWith(said)) ? 1 : 2;
  };
  return names
    .filter(name => name !== '' && name.toLocaleLowerCase() !== said && rank(name) < 2)
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .slice(0, MOST);
}

/** Names that are asked for when they are first needed. */
export class Names {
  constructor(
    private readonly _ask: () => Promise<string[]>,
    private readonly _changed: () => void
  ) {}

  /** Empty until they are known. */
  get list(): readonly string[] {
    return this._list ?? [];
  }

  load(): void {
    if (this._list === null) {
      this._list = [];
      this._ask().then(
        names => {
          this._list = names;
          this._changed();
        },
        // they are an offer: the next time asks again
        () => (this._list = null)
      );
    }
  }

  private _list: readonly string[] | null = null;
}
