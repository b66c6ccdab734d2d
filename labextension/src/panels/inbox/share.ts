/** Where windows of one browser leave word for each other. */
export interface IShared {
  locks: Pick<LockManager, 'request'>;
  storage: Pick<Storage, 'getItem' | 'setItem'>;
}

/**
 * Of several windows of one person one takes each event: the first that asks. Where a browser has no locks (pages that do not
 * come over HTTPS), every window takes all.
 */
export class Share {
  constructor(
    private readonly _key: string,
    private readonly _shared: IShared | null = shared()
  ) {}

  /** Whether this window is the one for the event of that number. */
  async take(seq: number): Promise<boolean> {
    if (!this._shared) {
      return true;
    }
    const { locks, storage } = this._shared;
    return locks.request(this._key, () => {
      const taken = Number(storage.getItem(this._key) ?? 0);
      if (seq <= taken) {
        return false;
      }
      storage.setItem(this._key, String(seq));
      return true;
    });
  }

  /** The numbers begin anew after this one: the store was restored. */
  async restart(seq: number): Promise<void> {
    await this._shared?.locks.request(this._key, () =>
      this._shared?.storage.setItem(this._key, String(seq))
    );
  }
}

function shared(): IShared | null {
  try {
    // both may be missing, whatever their types say
    const locks = navigator.locks as LockManager | undefined;
    return locks ? { locks, storage: window.localStorage } : null;
  } catch {
    return null;
  }
}
