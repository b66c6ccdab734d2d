import type { IAwareness } from '@jupyter/ydoc';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

/** Somebody who has the document open. */
export interface IPerson {
  readonly id: string;
  readonly name: string;
  readonly initials: string;
  /** a CSS colour; empty for the default */
  readonly color: string;
}

/** How many are shown; the rest is a number. */
const SHOWN = 5;

/** The others in a document, each once however many windows they have open. */
export function people(states: ReadonlyMap<number, unknown>, self: number): IPerson[] {
  const found = new Map<string, IPerson>();
  for (const [client, state] of states) {
    const user = (state as { user?: { [key: string]: unknown } } | null)?.user;
    if (client === self || !user) {
      continue;
    }
    const text = (key: string) => (typeof user[key] === 'string' ? user[key] : '');
    const name = text('display_name') || text('name') || text('username');
    const id = text('username') || name || String(client);
    if (name && !found.has(id)) {
      const initials = text('initials') || initialsOf(name);
      found.set(id, { id, name, initials, color: text('color') });
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map(word => [...word][0]!.toUpperCase())
    .join('');
}

/** Who else is here. */
export class PresenceWidget extends ReactWidget {
  constructor(
    private readonly _awareness: IAwareness,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-PromptHub-presence');
    this._awareness.on('change', this._onChange);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._awareness.off('change', this._onChange);
      super.dispose();
    }
  }

  protected render(): JSX.Element {
    const others = people(this._awareness.getStates(), this._awareness.clientID);
    const trans = this._trans;
    const label =
      others.length > 0 ? trans.__('Also here: %1', others.map(({ name }) => name).join(', ')) : '';
    return (
      <div
        className="jp-PromptHub-people"
        role={label ? 'img' : undefined}
        aria-label={label || undefined}
        title={label}
      >
        {others.slice(0, SHOWN).map(({ id, initials, color }) => (
          <span
            key={id}
            className="jp-PromptHub-person"
            style={color ? { backgroundColor: color } : undefined}
          >
            {initials}
          </span>
        ))}
        {others.length > SHOWN && (
          <span className="jp-PromptHub-person">+{others.length - SHOWN}</span>
        )}
      </div>
    );
  }

  private _onChange = (): void => this.update();
}
