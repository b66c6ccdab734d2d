import type { IApi } from '../api';
import { isAbort } from '../api';
import type { Column } from './columns';

/** Mark in every column how its answer differs from the baseline's. A newer round takes the place of an older one. */
export class Marking {
  constructor(private readonly _api: IApi) {}

  /** Whether the marks are those of the columns as they were given (no newer round has begun). */
  async mark(columns: readonly Column[], baseline: Column | null): Promise<boolean> {
    this.stop();
    const round = (this._round = new AbortController());
    const base = baseline?.answer ?? null;
    const others = columns.filter(each => each !== baseline && each.answer !== null);
    columns.filter(each => !others.includes(each)).forEach(each => (each.marks = null));
    if (base === null || others.length === 0) {
      others.forEach(each => (each.marks = null));
      return true;
    }
    const answers = others.map(({ answer }) => answer ?? '');
    try {
      const { items } = await this._api.execution.compare(base, answers, round.signal);
      if (this._round === round) {
        others.forEach((each, index) => (each.marks = items[index]?.spans ?? null));
      }
    } catch (error) {
      if (isAbort(error)) {
        return false;
      }
      // unmarked answers are still answers
      others.forEach(each => (each.marks = null));
    }
    return this._round === round;
  }

  stop(): void {
    this._round?.abort();
    this._round = null;
  }

  private _round: AbortController | null = null;
}
