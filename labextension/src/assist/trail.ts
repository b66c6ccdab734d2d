/** A place that somebody went away from. */
export interface IPlace {
  /** of the document */
  readonly path: string;
  /** in UTF-16 units */
  readonly at: number;
}

const MOST = 50;

/** The places that were left, to go back to. */
export class Trail {
  /** Remember a place that is left now. */
  leave(place: IPlace): void {
    this._places.push(place);
    this._places.splice(0, this._places.length - MOST);
  }

  /** The place to go back to; it is forgotten. */
  back(): IPlace | null {
    return this._places.pop() ?? null;
  }

  private readonly _places: IPlace[] = [];
}
