import * as React from 'react';
import type { IReview, IReviewDecision, Standing } from '../api';
import { Avatar } from '../components/avatar';
import type { BadgeKind } from '../components/basics';
import { Badge, Button } from '../components/basics';
import { askForm } from '../components/form';
import { reportError } from '../components/notify';
import { useReviewPage } from './context';
import { reviewerField } from './open';

/** Who was asked, what they said, and whether that counts. */
export function People(props: { review: IReview }): JSX.Element {
  const { review } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const title = React.useId();
  const said = review.decisions.filter(each => each.decision !== 'comment');
  const silent = review.reviewers.filter(each => !said.some(one => one.by.id === each.id));
  const standings = standingWords(trans);
  return (
    <section className="jp-PromptHub-review-card" aria-labelledby={title} data-part="people">
      <header className="jp-PromptHub-review-cardHead">
        <h3 id={title}>{trans.__('Reviewers')}</h3>
        <span className="jp-PromptHub-spacer" />
        {model.isLive && model.mayWrite && (
          <Button disabled={model.isBusy} onClick={() => void ask()}>
            {trans.__('Ask…')}
          </Button>
        )}
      </header>
      {said.length + silent.length === 0 && (
        <p className="jp-PromptHub-quiet">{trans.__('Nobody was asked yet.')}</p>
      )}
      <ul className="jp-PromptHub-review-list jp-PromptHub-reviewers">
        {said.map(each => {
          const { label, kind, why } = look(each, standings, trans);
          return (
            <li key={each.by.id} data-standing={each.standing ?? each.decision}>
              <Avatar actor={each.by} />
              <span className="jp-PromptHub-ellipsis">{each.by.display_name || each.by.id}</span>
              <Badge kind={kind}>{label}</Badge>
              {why && <span className="jp-PromptHub-reviewers-why">{why}</span>}
            </li>
          );
        })}
        {silent.map(each => (
          <li key={each.id} data-standing="asked">
            <Avatar actor={each} />
            <span className="jp-PromptHub-ellipsis">{each.display_name || each.id}</span>
            <Badge>{trans.__('asked')}</Badge>
          </li>
        ))}
      </ul>
      {model.isLive &&
        review.changes_requested_by.length > 0 &&
        model.hub.can('protection:write') && (
          <Button disabled={model.isBusy} onClick={() => void dismiss()}>
            {trans.__('Dismiss the requests for changes…')}
          </Button>
        )}
    </section>
  );

  async function ask(): Promise<void> {
    try {
      const { items } = await model.hub.api.reviews.reviewers();
      await askForm({
        title: trans.__('Ask reviewers'),
        text: trans.__('They find it among the reviews that wait for them.'),
        fields: [
          reviewerField(
            items,
            review.reviewers.map(each => each.id),
            model.hub,
            review.author.id
          )
        ],
        accept: trans.__('Ask'),
        submit: ({ reviewers }) =>
          model.hub.api.reviews.patch(model.key, {
            reviewers: reviewers ? reviewers.split('\n') : []
          }),
        trans
      });
    } catch (error) {
      reportError(trans, trans.__('Who may be asked could not be read'), error);
    }
    await model.reload();
  }

  async function dismiss(): Promise<void> {
    await askForm({
      title: trans.__('Dismiss the requests for changes'),
      text: trans.__('Say of somebody who is away. What they wrote stays.'),
      fields: [{ name: 'reason', label: trans.__('Why?'), kind: 'message', required: true }],
      accept: trans.__('Dismiss'),
      warn: true,
      submit: ({ reason }) =>
        model.hub.api.reviews.dismiss(model.key, { reason: reason?.trim() ?? '' }),
      trans
    });
    await model.reload();
  }
}

type Trans = { __: (text: string) => string };

function standingWords(trans: Trans): { readonly [key in Standing]: string } {
  return {
    counts: '',
    dismissed: trans.__('Not counted: what would be merged is not what was approved.'),
    author: trans.__('Not counted: wrote a part of it.'),
    last_pusher: trans.__('Not counted: moved the branch last.'),
    shared: trans.__(
      'Not counted: it is the identity that everybody shares here, which cannot show that somebody else looked.'
    ),
    no_right: trans.__('Not counted: has no right to approve.')
  };
}

function look(
  { decision, standing }: IReviewDecision,
  standings: { readonly [key in Standing]: string },
  trans: Trans
): { label: string; kind: BadgeKind; why: string } {
  if (decision === 'request_changes') {
    return { label: trans.__('changes requested'), kind: 'error', why: '' };
  }
  const counts = standing === null || standing === 'counts';
  return {
    label: trans.__('approved'),
    kind: counts ? 'success' : 'neutral',
    why: standing === null ? '' : standings[standing]
  };
}
