import * as React from 'react';
import type { IReview } from '../api';
import { classes } from '../components/basics';
import { useSignal } from '../components/hooks';
import type { ReviewModel } from '../review/model';
import { ConflictCard } from './ConflictCard';
import { conflictsOf } from './model';
import { modeOf } from './decider';
import { SoFar } from './SoFar';
import { modeWords } from './words';

/** The conflicts of a review, decided in place by several people; nothing where there never were any. */
export function ReviewConflicts(props: {
  model: ReviewModel;
  review: IReview;
}): JSX.Element | null {
  const { model, review } = props;
  const { trans } = model.hub;
  const conflicts = conflictsOf(model);
  useSignal(conflicts.changed);
  const { decider } = conflicts;
  const { items } = decider;
  const names = { ours: review.target, theirs: review.source };
  const title = React.useId();
  if (!model.isLive || (items.length === 0 && !review.problem)) {
    return null;
  }
  const decided = items.filter(each => each.decision).length;
  const { openCount } = decider;
  return (
    <section
      className="jp-PromptHub-review-part jp-PromptHub-conflicts"
      aria-labelledby={title}
      data-part="conflicts"
    >
      <h3 id={title}>
        {trans.__('Conflicts')}{' '}
        <span className="jp-PromptHub-muted">
          {trans.__('%1 of %2 decided', decided, decided + openCount)}
        </span>
      </h3>
      <div
        className={classes('jp-PromptHub-conflicts-state', review.problem && 'jp-mod-error')}
        role="status"
        data-open={openCount}
      >
        {review.problem ? (
          <span>
            {trans.__(
              'What is decided gives no valid prompt: %1. Decide one of them in another way.',
              review.problem
            )}
          </span>
        ) : openCount > 0 ? (
          <span>
            {trans._n(
              '%1 conflict is to be decided before it can be merged.',
              '%1 conflicts are to be decided before it can be merged.',
              openCount
            )}
          </span>
        ) : (
          <span>{trans.__('Nothing is in the way: every conflict is decided.')}</span>
        )}
        <Newest {...props} />
      </div>
      {!model.mayChange && (
        <p className="jp-PromptHub-quiet">{trans.__('You may read them, and not decide.')}</p>
      )}
      {items.map(item => (
        <ConflictCard
          key={item.id}
          item={item}
          decider={decider}
          names={names}
          isOpen={model.mayChange}
          trans={trans}
        />
      ))}
      <SoFar parts={review.so_far} text={review.text} items={items} trans={trans} />
    </section>
  );
}

/** What somebody else decided while this was open. */
function Newest(props: { model: ReviewModel; review: IReview }): JSX.Element | null {
  const { model, review } = props;
  const { trans } = model.hub;
  const { newest } = conflictsOf(model);
  const isThere = review.resolutions.some(each => each.decision === newest?.decision);
  if (!newest || !isThere) {
    return null;
  }
  const { by, conflict, resolution } = newest;
  const names = { ours: review.target, theirs: review.source };
  const words = conflict ? modeWords(modeOf(resolution), conflict, names, trans) : '';
  return (
    <span className="jp-PromptHub-muted">
      {trans.__(
        '%1 decided %2: %3.',
        by.display_name || by.id,
        conflict?.path ?? resolution.id,
        words
      )}
    </span>
  );
}
