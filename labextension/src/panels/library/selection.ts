import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** The prompts that are selected: by id, so that they stay selected when the list moves under them. */
export class Selection {
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get size(): number {
    return this._ids.size;
  }

  get ids(): readonly string[] {
    return [...this._ids];
  }

  has(promptId: string): boolean {
    return this._ids.has(promptId);
  }

  /**
   * Begin to ask what is to be selected; says whether the answer is still wanted, which it is not once somebody selects
   * something else, or asks again.
   */
  ask(): () => boolean {
    const turn = ++this._turn;
    return () => turn === this._turn;
  }

  /** Exactly these. */
  set(ids: Iterable<string>): void {
    this._turn += 1;
    this._ids = new Set(ids);
    this._base = new Set();
    this._changed.emit();
  }

  /** In or out. What is selected stays when a range is drawn from here. */
  toggle(promptId: string): void {
    this._turn += 1;
    if (!this._ids.delete(promptId)) {
      this._ids.add(promptId);
    }
    this._base = new Set(this._ids);
    this._changed.emit();
  }

  /** These beside what was selected before the range began; a range that shrinks gives back. */
  range(ids: Iterable<string>): void {
    this._ids = new Set([...this._base, ...ids]);
    this._changed.emit();
  }

  clear(): void {
    this._turn += 1;
    if (this._ids.size > 0) {
      this.set([]);
    }
  }

  private _turn = 0;
  private _ids = new Set<string>();
  private _base = new Set<string>();
  private readonly _changed = new Signal<this, void>(this);
}
