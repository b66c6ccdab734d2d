import type { IPrompt, IPromptPage } from '../../api';
import { isAbort } from '../../api';

/** How long scrolling must rest before what came into sight is asked for; the first page does not wait. */
const REST_MS = 60;
/** Pages kept; those not seen for longest go first. */
const MOST_PAGES = 60;

/** Loads one page of a list, from 1. */
export type LoadPage = (list: string, page: number, signal: AbortSignal) => Promise<IPromptPage>;

/** A part of a list that is in sight. */
export type Range = readonly [list: string, from: number, to: number];

interface IPage {
  items: readonly IPrompt[];
  stale: boolean;
}

/**
 * The prompts of lists, page by page: what is in sight is loaded, what has gone out of sight before it came is cancelled.
 */
export class Pages {
  constructor(
    readonly size: number,
    private readonly _load: LoadPage,
    private readonly _on: {
      /** Pages came. */
      loaded: (list: string, page: IPromptPage) => void;
      failed: (error: unknown) => void;
    },
    private readonly _restMs = REST_MS
  ) {}

  get isLoading(): boolean {
    return this._loading.size > 0;
  }

  /** The prompt at a place, if it is known. */
  get(list: string, place: number): IPrompt | null {
    const page = this._pages.get(key(list, Math.floor(place / this.size)));
    return page?.items[place % this.size] ?? null;
  }

  /** Where a prompt is known to be. */
  find(promptId: string): { list: string; place: number; prompt: IPrompt } | null {
    for (const [name, { items }] of this._pages) {
      const at = items.findIndex(each => each.id === promptId);
      if (at >= 0) {
        const [list, number] = parse(name);
        return { list, place: number * this.size + at, prompt: items[at]! };
      }
    }
    return null;
  }

  /** Say what is in sight. */
  show(ranges: readonly Range[], now = false): void {
    this._seen = ranges;
    const wanted = this._wanted();
    for (const [name, loading] of this._loading) {
      if (!wanted.has(name)) {
        loading.abort();
        this._loading.delete(name);
      }
    }
    clearTimeout(this._timer);
    const missing = [...wanted].some(name => this._isMissing(name));
    if (missing && (now || this._pages.size === 0)) {
      this._ask();
    } else if (missing) {
      this._timer = setTimeout(() => this._ask(), this._restMs);
    }
  }

  /** Take up a page that came by another way. */
  put(list: string, page: IPromptPage): void {
    this._keep(key(list, 0), page.items);
  }

  /** Show newer data of prompts in their places. */
  replace(fresh: ReadonlyMap<string, IPrompt>): void {
    for (const page of this._pages.values()) {
      if (page.items.some(each => fresh.has(each.id))) {
        page.items = page.items.map(each => {
          const newer = fresh.get(each.id);
          return newer ? { ...newer, highlight: newer.highlight ?? each.highlight } : each;
        });
      }
    }
  }

  /** Everything may have changed: what is in sight is loaded again, and shown as it was until then. */
  invalidate(): void {
    for (const page of this._pages.values()) {
      page.stale = true;
    }
    for (const loading of this._loading.values()) {
      loading.abort();
    }
    this._loading.clear();
    this.show(this._seen, true);
  }

  dispose(): void {
    clearTimeout(this._timer);
    for (const loading of this._loading.values()) {
      loading.abort();
    }
    this._loading.clear();
    this._pages.clear();
    this._seen = [];
  }

  private _wanted(): Set<string> {
    const wanted = new Set<string>();
    for (const [list, from, to] of this._seen) {
      for (let at = Math.floor(from / this.size); at <= Math.floor(to / this.size); at++) {
        wanted.add(key(list, at));
      }
    }
    return wanted;
  }

  private _isMissing(name: string): boolean {
    return (this._pages.get(name)?.stale ?? true) && !this._loading.has(name);
  }

  private _ask(): void {
    for (const name of this._wanted()) {
      if (this._isMissing(name)) {
        void this._fetch(name);
      }
    }
  }

  private async _fetch(name: string): Promise<void> {
    const loading = new AbortController();
    this._loading.set(name, loading);
    const [list, number] = parse(name);
    try {
      const page = await this._load(list, number + 1, loading.signal);
      if (this._loading.get(name) === loading) {
        this._loading.delete(name);
        this._keep(name, page.items);
        this._on.loaded(list, page);
      }
    } catch (error) {
      if (this._loading.get(name) === loading) {
        this._loading.delete(name);
      }
      if (!isAbort(error)) {
        this._on.failed(error);
      }
    }
  }

  private _keep(name: string, items: readonly IPrompt[]): void {
    this._pages.delete(name); // the newest is last
    this._pages.set(name, { items, stale: false });
    const wanted = this._wanted();
    for (const old of this._pages.keys()) {
      if (this._pages.size <= MOST_PAGES) {
        break;
      }
      if (!wanted.has(old)) {
        this._pages.delete(old);
      }
    }
  }

  private _seen: readonly Range[] = [];
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _pages = new Map<string, IPage>();
  private readonly _loading = new Map<string, AbortController>();
}

function key(list: string, page: number): string {
  return `${page}:${list}`;
}

function parse(name: string): [list: string, page: number] {
  const at = name.indexOf(':');
  return [name.slice(at + 1), Number(name.slice(0, at))];
}
