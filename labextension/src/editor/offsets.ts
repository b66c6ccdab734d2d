/** One replacement; offsets count code points, as everything of the server does. */
export interface ITextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The places of code points in a JavaScript string, which counts UTF-16 units.
 *
 * The offsets are to be asked for in ascending order: the whole then takes one walk. Asking for an
 * earlier one starts anew.
 */
export class CodePoints {
  constructor(private readonly _text: string) {
    this._plain = !/[\ud800-\udfff]/.test(_text);
  }

  /** The UTF-16 offset of code point `offset`; an offset past the end gives the end. */
  utf16(offset: number): number {
    if (this._plain || offset <= 0) {
      return Math.min(Math.max(offset, 0), this._text.length);
    }
    if (offset < this._points) {
      this._points = this._units = 0;
    }
    while (this._points < offset && this._units < this._text.length) {
      this._units += this._text.codePointAt(this._units)! > 0xffff ? 2 : 1;
      this._points += 1;
    }
    return this._units;
  }

  private readonly _plain: boolean;
  private _points = 0;
  private _units = 0;
}

/** The code point of the UTF-16 offset `unit` in `text`. */
export function codePointAt(text: string, unit: number): number {
  let points = 0;
  for (let at = 0; at < unit && at < text.length; points++) {
    at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  }
  return points;
}

/** The edits with UTF-16 offsets, in ascending order. */
export function toUtf16(text: string, edits: readonly ITextEdit[]): ITextEdit[] {
  const places = new CodePoints(text);
  return [...edits]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map(edit => ({
      start: places.utf16(edit.start),
      end: places.utf16(edit.end),
      text: edit.text
    }));
}

/** `text` with edits (UTF-16 offsets, ascending, not overlapping) applied. */
export function applyEdits(text: string, edits: readonly ITextEdit[]): string {
  return [...edits]
    .reverse()
    .reduce(
      (result, { start, end, text }) => result.slice(0, start) + text + result.slice(end),
      text
    );
}
