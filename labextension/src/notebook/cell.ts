/** A `%%prompthub` cell: what follows the magic, and where the template begins. */
export interface IPromptCell {
  /** The rest of the magic's line. */
  line: string;
  /** UTF-16 offset of the template. */
  body: number;
}

/** Empty lines may stand before the magic. */
const MAGIC = /^(?:[ \t]*\r?\n)*%%prompthub(?:[ \t]+([^\r\n]*))?(?:\r?\n|$)/;

/** A cell's source as a prompt cell; null when it is none. */
export function promptCell(source: string): IPromptCell | null {
  const found = MAGIC.exec(source);
  return found && { line: found[1] ?? '', body: found[0].length };
}
