import * as React from 'react';
import type { IReview } from '../api';
import { CommandIDs } from '../commands/ids';
import { Button } from '../components/basics';
import { useSignal } from '../components/hooks';
import { nextStep } from '../components/nextstep';
import { EmptyState, ErrorState, Loading } from '../components/states';
import { reviewIcon } from '../icons';
import type { ReviewModel } from '../review/model';
import { Brings } from './Brings';
import { conflictsOf } from './model';
import { ReviewConflicts } from './ReviewConflicts';

/** The conflicts of a review alone, and what their decisions come to. */
export function ConflictsPage(props: { model: ReviewModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  useSignal(model.changed);
  const { review, error } = model;
  if (!review) {
    return error ? (
      <ErrorState
        error={error}
        trans={trans}
        title={trans.__('The review could not be read')}
        onRetry={() => void model.reload()}
      />
    ) : (
      <Loading label={trans.__('Reading the conflicts')} rows={6} />
    );
  }
  const open = () =>
    model.run(CommandIDs.openReview, { prompt: review.prompt_id, number: review.number });
  return (
    <div className="jp-PromptHub-merge-body">
      <header className="jp-PromptHub-merge-sides">
        <h2>
          {trans.__('#%1 %2', review.number, review.title)}{' '}
          <span className="jp-PromptHub-muted">
            {trans.__('%1 into %2', review.source, review.target)}
          </span>
        </h2>
        <span className="jp-PromptHub-spacer" />
        <Button icon={reviewIcon} onClick={open}>
          {trans.__('Review')}
        </Button>
      </header>
      {error && (
        <div className="jp-PromptHub-merge-state jp-mod-error" role="status">
          {trans.__('What is shown may be old: %1', error.message)} {nextStep(error, trans)}
        </div>
      )}
      <div
        className="jp-PromptHub-diff-scroll"
        // the keyboard scrolls it
        tabIndex={0}
        role="region"
        aria-label={trans.__('Conflicts and changes')}
      >
        <ReviewConflicts model={model} review={review} />
        <Rest model={model} review={review} />
      </div>
    </div>
  );
}

/** What it comes to, or why there is nothing to decide. */
function Rest(props: { model: ReviewModel; review: IReview }): JSX.Element | null {
  const { model, review } = props;
  const { trans } = model.hub;
  const conflicts = conflictsOf(model);
  useSignal(conflicts.changed);
  const { diff, target, state } = review;
  if (!model.isLive) {
    return (
      <EmptyState icon={reviewIcon} title={trans.__('There is nothing to decide')}>
        {state === 'merged'
          ? trans.__('This review is merged.')
          : trans.__('This review is closed.')}
      </EmptyState>
    );
  }
  if (review.source_sha === null || review.target_sha === null) {
    return (
      <EmptyState icon={reviewIcon} title={trans.__('There is nothing to decide')}>
        {trans.__('A branch of this review is gone.')}
      </EmptyState>
    );
  }
  if (diff) {
    return (
      <>
        {conflicts.decider.items.length === 0 && (
          <p className="jp-PromptHub-quiet">{trans.__('The branches have no conflicts.')}</p>
        )}
        <Brings
          title={trans.__('What %1 gets', target)}
          diff={diff}
          sha={review.digest ?? ''}
          trans={trans}
        />
      </>
    );
  }
  return review.merge === 'up_to_date' ? (
    <p className="jp-PromptHub-quiet">
      {trans.__('%1 has everything that %2 has.', target, review.source)}
    </p>
  ) : null;
}
