import * as React from 'react';
import type { IKeptResolution } from '../api';
import { Button } from '../components/basics';
import { nextStep } from '../components/nextstep';
import { TimeAgo } from '../components/time';
import { Inline } from '../diff/Inline';
import type { IConflictCardProps } from './ConflictCard';
import { modeOf } from './decider';
import { modeWords } from './words';

/** A decision about what the conflict said before, and what it says instead. */
export function Lapsed(props: IConflictCardProps & { lapsed: IKeptResolution }): JSX.Element {
  const { item, lapsed, names, decider, isOpen, trans } = props;
  const who = lapsed.by.display_name || lapsed.by.id;
  const words = modeWords(
    modeOf(lapsed.resolution),
    lapsed.conflict ?? item.conflict,
    names,
    trans
  );
  return (
    <div className="jp-PromptHub-conflict-note jp-mod-warn" data-note="lapsed">
      <div>
        {item.isGone
          ? trans.__('%1 decided “%2”. Since a branch moved, nothing asks for it.', who, words)
          : trans.__(
              '%1 decided “%2”. It does not hold any more: a branch moved.',
              who,
              words
            )}{' '}
        <TimeAgo time={lapsed.at} />
        {typeof lapsed.resolution.text === 'string' && (
          <details>
            <summary>{trans.__('The words of that decision')}</summary>
            <pre>{lapsed.resolution.text}</pre>
          </details>
        )}
        {lapsed.changes.map(({ side, spans }) => (
          <div key={side} className="jp-PromptHub-conflict-was">
            {side === 'base'
              ? trans.__('What it was before is another text now:')
              : trans.__('%1 says something else now:', names[side])}
            <Inline spans={spans} trans={trans} />
          </div>
        ))}
      </div>
      {isOpen && item.isGone && (
        <Button onClick={() => void decider.choose(item, 'open')}>{trans.__('Forget it')}</Button>
      )}
    </div>
  );
}

/** Somebody decided, or a branch moved, while a decision was being made here. */
export function Meanwhile(props: IConflictCardProps): JSX.Element {
  const { item, decider, names, trans } = props;
  const meanwhile = item.isGone ? null : decider.meanwhile(item);
  const draft = decider.draftOf(item.id);
  let said = '';
  let keep = trans.__('Cancel mine');
  if (meanwhile?.decided && item.decision) {
    const { by, choice } = item.decision;
    const who = by ? by.display_name || by.id : trans.__('Somebody');
    const words = modeWords(modeOf(choice), item.conflict, names, trans);
    said = trans.__('%1 decided meanwhile: %2.', who, words);
    keep = trans.__('Take the decision of %1', who);
  } else if (meanwhile?.changed) {
    said = trans.__('A branch moved meanwhile: this conflict says something else now.');
  } else if (meanwhile) {
    said = trans.__('The decision was taken back meanwhile.');
  }
  return (
    <div role="alert">
      {meanwhile && draft && (
        <div className="jp-PromptHub-conflict-note jp-mod-warn" data-note="meanwhile">
          <div>
            {said} {trans.__('Yours: %1.', modeWords(draft.mode, item.conflict, names, trans))}
          </div>
          <div className="jp-PromptHub-conflict-actions">
            <Button onClick={() => decider.leave(item)}>{keep}</Button>
            <Button
              primary
              onClick={() => void decider.send(item, true)}
              disabled={!decider.canSend(item)}
            >
              {trans.__('Put mine')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

/** Why the server did not keep a decision. */
export function Refusal(props: IConflictCardProps): JSX.Element {
  const { item, decider, trans } = props;
  const draft = decider.draftOf(item.id);
  const refusal = draft?.refusal;
  return (
    <div role="alert">
      {refusal && (
        <div className="jp-PromptHub-conflict-note jp-mod-error" data-note="refused">
          <div>
            {trans.__('This was not kept: %1', refusal.message)} {nextStep(refusal, trans)}
          </div>
          {draft.mode !== 'text' && draft.mode !== 'runs' && (
            <div className="jp-PromptHub-conflict-actions">
              <Button onClick={() => decider.leave(item)}>{trans.__('Cancel')}</Button>
              <Button primary onClick={() => void decider.send(item)}>
                {trans.__('Try again')}
              </Button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}
