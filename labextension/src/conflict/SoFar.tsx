import { checkIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IResultPart, UnitKind } from '../api';
import { classes } from '../components/basics';
import { warningIcon } from '../icons';
import type { IConflictItem } from './decider';

export interface ISoFarProps {
  /** What is settled, and the open conflicts in their places. */
  parts: readonly IResultPart[];
  /** The whole result, when everything is decided. */
  text: string | null;
  items: readonly IConflictItem[];
  trans: TranslationBundle;
}

/** What the merge comes to. It stands beside the cards of its conflicts, which it leads to. */
export function SoFar(props: ISoFarProps): JSX.Element | null {
  const { parts, text, items, trans } = props;
  const [isShown, setShown] = React.useState(true);
  const details = React.useRef<HTMLDetailsElement>(null);
  if (items.length === 0 || (parts.length === 0 && text === null)) {
    return null;
  }
  const places = new Set(parts.filter(each => each.open).map(each => each.conflict)).size;
  const isBegun = items.some(each => each.decision);
  const go = (id: string) => {
    const cards = details.current?.parentElement?.querySelectorAll<HTMLElement>('[data-conflict]');
    const card = [...(cards ?? [])].find(each => each.dataset['conflict'] === id);
    card?.scrollIntoView({ block: 'start' });
    card?.focus({ preventScroll: true });
  };
  return (
    <details
      ref={details}
      className="jp-PromptHub-soFar"
      open={isShown}
      onToggle={event => setShown(event.currentTarget.open)}
      data-places={places}
    >
      <summary>
        {text !== null ? trans.__('Result') : trans.__('Result so far')}{' '}
        <span className="jp-PromptHub-muted">
          {places > 0
            ? trans._n('%1 conflict is open', '%1 conflicts are open', places)
            : trans.__('everything is decided')}
        </span>
      </summary>
      {text !== null ? (
        <pre className="jp-PromptHub-soFar-text">{text}</pre>
      ) : (
        <>
          {!isBegun && (
            <p className="jp-PromptHub-quiet">
              {trans.__(
                'Nothing is decided yet: this is what comes without a decision, and where each conflict stands.'
              )}
            </p>
          )}
          <dl className="jp-PromptHub-soFar-parts">
            {grouped(parts).map(([unit, some], at) => (
              <React.Fragment key={at}>
                <dt>{kindWords(unit, trans)}</dt>
                <dd>
                  {some.map((part, index) => (
                    <Part key={index} part={part} items={items} go={go} trans={trans} />
                  ))}
                </dd>
              </React.Fragment>
            ))}
          </dl>
        </>
      )}
    </details>
  );
}

/** Text that is settled, with its conflict where somebody decided it; or the place of an open one. */
function Part(props: {
  part: IResultPart;
  items: readonly IConflictItem[];
  go: (id: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { part, items, go, trans } = props;
  const { conflict: id, open, text } = part;
  const label = items.find(each => each.id === id)?.conflict.label ?? part.path;
  const Icon = open ? warningIcon : checkIcon;
  return (
    <div
      className={classes(
        'jp-PromptHub-soFar-part',
        id !== null && (open ? 'jp-mod-open' : 'jp-mod-decided')
      )}
      data-path={part.path}
    >
      {text && <pre>{text}</pre>}
      {id !== null && (
        <button
          type="button"
          className="jp-PromptHub-soFar-link"
          title={trans.__('Go to this conflict')}
          aria-label={open ? trans.__('Open: %1', label) : trans.__('Decided: %1', label)}
          onClick={() => go(id)}
        >
          <Icon.react tag="span" className="jp-PromptHub-icon" />
          <span>{open ? label : trans.__('decided')}</span>
        </button>
      )}
    </div>
  );
}

/** Neighbours of one kind together. */
function grouped(parts: readonly IResultPart[]): [UnitKind, IResultPart[]][] {
  const made: [UnitKind, IResultPart[]][] = [];
  for (const part of parts) {
    const last = made[made.length - 1];
    if (last && last[0] === part.unit) {
      last[1].push(part);
    } else {
      made.push([part.unit, [part]]);
    }
  }
  return made;
}

function kindWords(unit: UnitKind, trans: TranslationBundle): string {
  switch (unit) {
    case 'segment':
      return trans.__('Messages');
    case 'variable':
      return trans.__('Variables');
    case 'model':
      return trans.__('Model');
    case 'parameter':
      return trans.__('Parameters');
    case 'tool':
      return trans.__('Tools');
    case 'output':
      return trans.__('Output');
    case 'snippet':
      return trans.__('Snippets');
    default:
      return trans.__('Metadata');
  }
}
