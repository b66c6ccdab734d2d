/** Longer than any window is late with an event that it did not miss. */
const HELD_MS = 600_000;

/**
 * Of several windows of one person one takes each event: the first that asks. It holds a lock of that event's name, so that the
 * others find it taken (what one writes down, others may see too late). Where a browser has no locks (pages that do not come
 * over HTTPS), every window takes all.
 */
export class Share {
  constructor(
    private readonly _key: string,
    private readonly _locks: Pick<LockManager, 'request'> | undefined = navigator.locks,
    private readonly _heldMs = HELD_MS
  ) {}

  /** Whether this window is the one for the event of that number. */
  take(seq: number): Promise<boolean> {
    const locks = this._locks;
    if (!locks) {
      return Promise.resolve(true);
    }
    return new Promise((resolve, reject) => {
      const hold = (lock: Lock | null): Promise<void> | undefined => {
        resolve(lock !== null);
        return lock ? new Promise(end => setTimeout(end, this._heldMs)) : undefined;
      };
      locks.request(`${this._key}:${seq}`, { ifAvailable: true }, hold).catch(reject);
    });
  }
}
