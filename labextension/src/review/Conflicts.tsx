import * as React from 'react';
import type { IReview } from '../api';
import { CommandIDs } from '../commands/ids';
import { Badge, Button } from '../components/basics';
import { useReviewPage } from './context';

/** The conflicts that are open, and the way to decide them. */
export function Conflicts(props: { review: IReview }): JSX.Element | null {
  const { review } = props;
  const { model, hasCommand } = useReviewPage();
  const { trans } = model.hub;
  const title = React.useId();
  if (!model.isLive || review.conflicts.length === 0) {
    return null;
  }
  return (
    <section className="jp-PromptHub-review-part" aria-labelledby={title} data-part="conflicts">
      <h3 id={title}>{trans._n('%1 conflict', '%1 conflicts', review.conflicts.length)}</h3>
      <ul className="jp-PromptHub-review-conflicts">
        {review.conflicts.map(conflict => (
          <li key={conflict.id}>
            <Badge kind="warn">{trans.__('conflict')}</Badge>
            <span>{conflict.label}</span>
          </li>
        ))}
      </ul>
      {model.mayChange && hasCommand(CommandIDs.resolveReview) && (
        <Button
          primary
          onClick={() =>
            model.run(CommandIDs.resolveReview, {
              prompt: review.prompt_id,
              number: review.number
            })
          }
        >
          {trans.__('Decide the conflicts…')}
        </Button>
      )}
    </section>
  );
}
