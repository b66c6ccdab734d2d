import * as React from 'react';
import type { IActorRef } from '../api';

/** Themes have seven colours for people. */
const COLOURS = 7;

/** A person as a round with initials; the same person always has the same colour. */
export function Avatar(props: { actor: IActorRef }): JSX.Element {
  const name = props.actor.display_name || props.actor.id;
  let sum = 0;
  for (const character of props.actor.id) {
    sum = (sum * 31 + character.codePointAt(0)!) % 9973;
  }
  return (
    <span
      className="jp-PromptHub-avatar"
      style={{ background: `var(--jp-collaborator-color${(sum % COLOURS) + 1})` }}
      title={name}
      aria-hidden
    >
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s._@-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0]!, words[words.length - 1]!] : words;
  return letters.map(word => [...word][0]!.toUpperCase()).join('');
}
