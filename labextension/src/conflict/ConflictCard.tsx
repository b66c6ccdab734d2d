import { checkIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IShownConflict } from '../api';
import { Avatar } from '../components/avatar';
import { Badge, Button, classes } from '../components/basics';
import { TimeAgo } from '../components/time';
import type { Decider, IConflictItem, Mode } from './decider';
import { modeOf } from './decider';
import { Lapsed, Meanwhile, Refusal } from './Notes';
import { Runs } from './Runs';
import { SideText } from './SideText';
import type { ISideNames } from './words';
import { meaningOf, modesOf, modeWords } from './words';

export interface IConflictCardProps {
  item: IConflictItem;
  decider: Decider;
  names: ISideNames;
  /** It can be decided by the person here. */
  isOpen: boolean;
  trans: TranslationBundle;
}

/** One conflict: what both sides say, what was decided, and what can be. */
export function ConflictCard(props: IConflictCardProps): JSX.Element {
  const { item, decider, names, isOpen, trans } = props;
  const { conflict, decision } = item;
  const title = React.useId();
  const draft = decider.draftOf(item.id);
  return (
    <section
      className={classes('jp-PromptHub-conflict', decision && 'jp-mod-decided')}
      aria-labelledby={title}
      tabIndex={-1}
      aria-busy={draft?.isSending || undefined}
      data-conflict={item.id}
      data-state={item.isGone ? 'gone' : decision ? 'decided' : 'open'}
    >
      <header className="jp-PromptHub-change-head">
        {decision ? (
          <Badge kind="success" icon={checkIcon}>
            {trans.__('decided')}
          </Badge>
        ) : (
          <Badge kind={item.isGone ? 'neutral' : 'warn'}>
            {item.isGone ? trans.__('no conflict any more') : trans.__('conflict')}
          </Badge>
        )}
        <span id={title} className="jp-PromptHub-change-label">
          {conflict.label}
        </span>
        <span className="jp-PromptHub-spacer" />
        <code className="jp-PromptHub-change-path jp-PromptHub-ellipsis" title={conflict.path}>
          {conflict.path}
        </code>
      </header>
      <div className="jp-PromptHub-conflict-body">
        {conflict.kind === 'semantic' && (
          <p className="jp-PromptHub-conflict-means">
            {trans.__('Each side is right alone, and both together are not:')}
          </p>
        )}
        <Decided {...props} />
        {item.lapsed && <Lapsed {...props} lapsed={item.lapsed} />}
        {conflict.causes.length > 0 && <Causes conflict={conflict} names={names} />}
        {!item.isGone && <Ways {...props} title={title} />}
        {(isOpen || draft) && <Writing {...props} />}
        <Meanwhile {...props} />
        <Refusal {...props} />
      </div>
    </section>
  );
}

/** Who decided what, and the way back. */
function Decided(props: IConflictCardProps): JSX.Element | null {
  const { item, decider, names, isOpen, trans } = props;
  const { decision, conflict } = item;
  if (!decision) {
    return null;
  }
  const words = modeWords(modeOf(decision.choice), conflict, names, trans);
  return (
    <div className="jp-PromptHub-conflict-decided">
      {decision.by && <Avatar actor={decision.by} />}
      <span>
        {decision.by
          ? trans.__('%1 decided: %2', decision.by.display_name || decision.by.id, words)
          : trans.__('Decided: %1', words)}
      </span>
      {decision.at && <TimeAgo time={decision.at} />}
      <span className="jp-PromptHub-spacer" />
      {isOpen && (
        <Button
          onClick={() => void decider.choose(item, 'open')}
          disabled={decider.draftOf(item.id)?.isSending}
        >
          {trans.__('Take back')}
        </Button>
      )}
    </div>
  );
}

function Causes(props: { conflict: IShownConflict; names: ISideNames }): JSX.Element {
  return (
    <ul className="jp-PromptHub-conflict-causes">
      {props.conflict.causes.map((cause, index) => (
        <li key={index}>
          <strong>{props.names[cause.side]}</strong> {cause.label}
        </li>
      ))}
    </ul>
  );
}

/** What can be taken. */
function Ways(props: IConflictCardProps & { title: string }): JSX.Element {
  const { item, decider, names, isOpen, title, trans } = props;
  const { conflict } = item;
  const chosen = decider.modeOf(item);
  const isSending = decider.draftOf(item.id)?.isSending ?? false;
  return (
    <div className="jp-PromptHub-conflict-sides" role="radiogroup" aria-labelledby={title}>
      {modesOf(conflict).map(mode => (
        <div
          key={mode}
          className={classes(
            'jp-PromptHub-conflict-side',
            (mode === 'runs' || mode === 'text') && 'jp-mod-wide',
            chosen === mode && 'jp-mod-picked'
          )}
          data-mode={mode}
        >
          <label className="jp-PromptHub-conflict-pick">
            <input
              type="radio"
              name={`${title}-pick`}
              checked={chosen === mode}
              disabled={!isOpen}
              aria-disabled={isSending || undefined}
              onChange={() => {
                if (!isSending) {
                  void decider.choose(item, mode);
                }
              }}
            />
            {modeWords(mode, conflict, names, trans)}
          </label>
          <Said {...props} mode={mode} />
        </div>
      ))}
    </div>
  );
}

/** What a way comes to. */
function Said(props: IConflictCardProps & { mode: Mode }): JSX.Element | null {
  const { item, decider, names, mode, trans } = props;
  const { conflict, decision } = item;
  if (conflict.kind === 'semantic') {
    return <p className="jp-PromptHub-conflict-means">{meaningOf(mode, conflict, names, trans)}</p>;
  }
  if (mode === 'ours' || mode === 'theirs' || mode === 'base') {
    return <SideText text={conflict[mode]} marks={conflict.marks} side={mode} trans={trans} />;
  }
  // what others wrote, or took; what is being written here stands below
  if (decision && !decider.draftOf(item.id) && decider.modeOf(item) === mode) {
    return mode === 'text' ? <pre>{decision.choice.text}</pre> : <Runs {...props} isReadOnly />;
  }
  return null;
}

/** Places and own words, while they are being decided here. */
function Writing(props: IConflictCardProps): JSX.Element | null {
  const { item, decider, isOpen, trans } = props;
  const draft = decider.draftOf(item.id);
  if (!draft || (draft.mode !== 'text' && draft.mode !== 'runs')) {
    return null;
  }
  const text = decider.textOf(item);
  const isStopped = decider.meanwhile(item) !== null;
  return (
    <form
      className="jp-PromptHub-conflict-writing"
      onSubmit={event => {
        event.preventDefault();
        void decider.send(item);
      }}
    >
      {draft.mode === 'runs' && !item.isGone && <Runs {...props} />}
      {draft.mode === 'text' && (
        <textarea
          className="jp-PromptHub-conflict-text"
          aria-label={trans.__('Own words for %1', item.conflict.label)}
          value={text}
          rows={Math.min(20, Math.max(2, text.split('\n').length + 1))}
          spellCheck={false}
          readOnly={item.isGone || !isOpen}
          onChange={event => decider.type(item, event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isStopped) {
              event.preventDefault();
              void decider.send(item);
            }
          }}
        />
      )}
      <div className="jp-PromptHub-conflict-actions">
        {!item.isGone && !isStopped && (
          <button
            type="submit"
            className="jp-PromptHub-button jp-mod-primary"
            disabled={!decider.canSend(item)}
          >
            {trans.__('Decide')}
          </button>
        )}
        {!isStopped && (
          <Button onClick={() => decider.leave(item)}>
            {item.isGone ? trans.__('Let it go') : trans.__('Cancel')}
          </Button>
        )}
      </div>
    </form>
  );
}
