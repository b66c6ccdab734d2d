import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { keep, recall } from '../components/kept';
import type { DiffLayout } from '../diff';

const STATE_ID = 'review-view';

/** How reviews are looked at: one choice for all of them, kept in the browser's workspace. */
export class ReviewView {
  constructor(private readonly _state: IStateDB | null) {}

  /** Take what was kept, where nothing has been chosen meanwhile. */
  async restore(trans: TranslationBundle): Promise<void> {
    const lost = trans.__(
      'How you looked at reviews could not be read; their changes are shown inline.'
    );
    const kept = (await recall(this._state, STATE_ID, lost)) as { layout?: unknown } | undefined;
    if (this._layout === null && (kept?.layout === 'split' || kept?.layout === 'inline')) {
      this._layout = kept.layout;
      this._changed.emit();
    }
  }

  get layout(): DiffLayout {
    return this._layout ?? 'inline';
  }

  set layout(layout: DiffLayout) {
    this._layout = layout;
    void keep(this._state, STATE_ID, { layout });
    this._changed.emit();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  private _layout: DiffLayout | null = null;
  private readonly _changed = new Signal<this, void>(this);
}
