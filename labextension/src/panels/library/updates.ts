import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { IEvent, IPrompt } from '../../api';
import { asPromptHubError } from '../../api';
import type { IPromptHub } from '../../tokens';
import type { Facets } from './facets';
import { followsState } from './filter';
import type { LibraryModel } from './model';

/** Events that come together are answered together, at most so often. */
const EVENT_MS = 200;
/** Rows that one request reads again. */
const CHUNK = 100;
/** From so many on, what is in sight is loaded again instead. */
const MOST_ROWS_READ = 200;

/**
 * Keeps the library fresh by the server's events: rows are read again by id, where folders or the order may have changed
 * the counts and what is in sight are, and never the whole library.
 */
export class Updates implements IDisposable {
  constructor(
    private readonly _model: LibraryModel,
    private readonly _facets: Facets,
    private readonly _limit = EVENT_MS
  ) {
    _model.hub.event.connect(this._onEvent, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    clearTimeout(this._timer);
    Signal.disconnectReceiver(this);
  }

  private _onEvent(_: IPromptHub, event: IEvent): void {
    const [noun, verb] = event.kind.split('.', 2);
    if (noun === 'execution' || noun === 'connection') {
      return;
    }
    const promptId = event.ids['prompt'];
    const view = this._model.view;
    if (!promptId || (noun === 'prompt' && verb !== 'updated')) {
      this._moved = true;
    } else if (view?.pages.find(promptId)) {
      this._stale.add(promptId);
    } else if (noun === 'prompt') {
      this._moved = true; // out of sight, but its name may have moved it into another folder
    }
    if (noun === 'prompt' || !promptId) {
      this._relabelled = true;
    } else if (view && followsState(view.filter)) {
      this._moved = true;
    }
    this._soon();
  }

  /** Events that come while an answer to earlier ones is on its way are answered after it. */
  private _soon(): void {
    if (this._timer === undefined && !this._isRefreshing && !this._isDisposed) {
      this._timer = setTimeout(() => void this._answer(), this._limit);
    }
  }

  private async _answer(): Promise<void> {
    this._timer = undefined;
    this._isRefreshing = true;
    // what is being loaded may not have yet what an event told
    await this._model.loaded;
    await this._refresh();
    this._isRefreshing = false;
    if (this._moved || this._relabelled || this._stale.size > 0) {
      this._soon();
    }
  }

  private async _refresh(): Promise<void> {
    const { view } = this._model;
    const stale = [...this._stale];
    let moved = this._moved;
    const relabelled = this._relabelled;
    this._stale = new Set();
    this._moved = this._relabelled = false;
    if (!view) {
      return;
    }
    try {
      if (!moved && stale.length <= MOST_ROWS_READ) {
        moved = await this._readAgain(stale);
      } else {
        moved = true;
      }
      if (moved) {
        await view.load();
        view.pages.invalidate();
      }
      if (relabelled) {
        await this._facets.refresh();
      }
    } catch (thrown) {
      // a lost connection is told elsewhere, and ends in a resync
      console.warn(`PromptHub: could not refresh the library: ${asPromptHubError(thrown).message}`);
    }
    if (view === this._model.view) {
      this._model.rebuilt();
    } else if (!this._isDisposed) {
      this._moved = true; // another one, perhaps asked for before the events
    }
  }

  /** Read rows again; says whether one of them is not where it was. */
  private async _readAgain(stale: readonly string[]): Promise<boolean> {
    const { view, hub } = this._model;
    let moved = false;
    for (let at = 0; view && at < stale.length; at += CHUNK) {
      const ids = stale.slice(at, at + CHUNK);
      const filter = { ...this._model.asked(), ids: ids.join(','), limit: CHUNK };
      const page = await hub.api.prompts.list(filter);
      const fresh = new Map<string, IPrompt>(page.items.map(each => [each.id, each]));
      moved ||= ids.some(id => {
        const known = view.pages.find(id);
        return known !== null && known.prompt.name !== fresh.get(id)?.name;
      });
      view.pages.replace(fresh);
    }
    return moved;
  }

  private _stale = new Set<string>();
  private _moved = false;
  private _relabelled = false;
  private _isRefreshing = false;
  private _isDisposed = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}
