/** Somebody who has the document open. */
export interface IPerson {
  readonly id: string;
  readonly name: string;
  readonly initials: string;
  /** a CSS colour; empty for the default */
  readonly color: string;
  /** It is whoever looks, in another window. */
  readonly isMe: boolean;
  /** Their cursor, as a relative position of Yjs, in the window that spoke last; null where there is none. */
  readonly head: unknown;
}

interface IState {
  user?: { [key: string]: unknown };
  cursors?: readonly { head?: unknown; primary?: boolean }[];
}

/**
 * The others in a document, each once however many windows they have open, by name.
 *
 * @param states - of awareness, by client.
 * @param self - the client of this window.
 * @param spoke - when clients last said something new; the newest window of a person counts.
 */
export function people(
  states: ReadonlyMap<number, unknown>,
  self: number,
  spoke: ReadonlyMap<number, number> = new Map()
): IPerson[] {
  const textOf = (user: { [key: string]: unknown }, key: string) =>
    typeof user[key] === 'string' ? user[key] : '';
  const nameOf = (user: { [key: string]: unknown }) =>
    textOf(user, 'display_name') || textOf(user, 'name') || textOf(user, 'username');
  const me = (states.get(self) as IState | null | undefined)?.user;
  const found = new Map<string, IPerson & { at: number }>();
  for (const [client, each] of states) {
    const { user, cursors } = (each as IState | null) ?? {};
    const name = user && nameOf(user);
    if (client === self || !user || !name) {
      continue;
    }
    const id = textOf(user, 'username') || name;
    const cursor = cursors?.find(({ primary }) => primary !== false) ?? cursors?.[0];
    const at = cursor ? (spoke.get(client) ?? 0) : -1;
    const known = found.get(id);
    if (!known || at > known.at) {
      found.set(id, {
        id,
        name,
        initials: textOf(user, 'initials') || initialsOf(name),
        color: textOf(user, 'color'),
        isMe: me !== undefined && id === (textOf(me, 'username') || nameOf(me)),
        head: cursor?.head ?? null,
        at
      });
    }
  }
  return [...found.values()]
    .map(({ at: _, ...person }) => person)
    .sort((a, b) => a.name.localeCompare(b.name));
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map(word => [...word][0]!.toUpperCase())
    .join('');
}
