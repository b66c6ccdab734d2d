import { checkIcon, closeIcon } from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IActorRef, IReview, IReviewDecision } from '../api';
import { CommandIDs } from '../commands/ids';
import { Avatar } from '../components/avatar';
import { ShaChip } from '../components/sha';
import { TimeAgo } from '../components/time';
import { branchIcon, commentIcon, reviewIcon, versionIcon, warningIcon } from '../icons';
import { useReviewPage } from './context';
import { Markdown } from './Markdown';
import type { Entry } from './places';
import { timelineOf } from './places';
import { ThreadView } from './ThreadView';

/** What happened, and what was said about the whole. */
export function Timeline(props: { review: IReview }): JSX.Element {
  const { review } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const { talk } = model.places;
  const entries = React.useMemo(() => timelineOf(review, talk), [review, talk]);
  const title = React.useId();
  const more = review.version_count - review.versions.length;
  return (
    <section aria-labelledby={title} className="jp-PromptHub-review-part">
      <h3 id={title}>{trans.__('Conversation')}</h3>
      <ol className="jp-PromptHub-timeline">
        {entries.map((entry, index) => (
          <OneEntry key={index} entry={entry} review={review} />
        ))}
      </ol>
      {more > 0 && (
        <p className="jp-PromptHub-quiet">
          {trans._n(
            '%1 older version is in the history.',
            '%1 older versions are in the history.',
            more
          )}{' '}
          <button
            type="button"
            className="jp-PromptHub-link"
            onClick={() => model.run(CommandIDs.openHistory, { promptId: review.prompt_id })}
          >
            {trans.__('History')}
          </button>
        </p>
      )}
    </section>
  );
}

function OneEntry(props: { entry: Entry; review: IReview }): JSX.Element {
  const { entry, review } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  switch (entry.kind) {
    case 'talk':
      return (
        <li className="jp-mod-talk" data-entry="talk">
          <ThreadView thread={entry.thread} />
        </li>
      );
    case 'version': {
      const { version } = entry;
      const message = version.commit_message.split('\n', 1)[0] || trans.__('(no message)');
      return (
        <Happened
          kind="version"
          icon={version.parents.length > 1 ? branchIcon : versionIcon}
          by={version.author}
          at={entry.at}
          said={trans.__('saved a version')}
          more={
            <>
              <span className="jp-PromptHub-ellipsis" title={version.commit_message}>
                {message}
              </span>
              <ShaChip sha={version.sha} trans={trans} />
            </>
          }
        />
      );
    }
    case 'decision':
      return <Decided decision={entry.decision} at={entry.at} />;
    case 'opened':
      return (
        <Happened
          kind="opened"
          icon={reviewIcon}
          by={entry.by}
          at={entry.at}
          said={
            review.reverts === null
              ? trans.__('opened the review')
              : trans.__('opened the review, to take back #%1', review.reverts)
          }
        />
      );
    default:
      return (
        <Happened
          kind="ended"
          icon={review.state === 'merged' ? branchIcon : closeIcon}
          by={entry.by}
          at={entry.at}
          said={
            review.state === 'merged'
              ? trans.__('merged it into %1', review.target)
              : trans.__('closed the review')
          }
          more={review.merged_sha && <ShaChip sha={review.merged_sha} trans={trans} />}
        />
      );
  }
}

function Decided(props: { decision: IReviewDecision; at: string }): JSX.Element {
  const { decision } = props;
  const { trans } = useReviewPage().model.hub;
  const [icon, said] =
    decision.decision === 'approve'
      ? [checkIcon, trans.__('approved')]
      : decision.decision === 'request_changes'
        ? [warningIcon, trans.__('asked for changes')]
        : [commentIcon, trans.__('commented')];
  return (
    <Happened kind={decision.decision} icon={icon} by={decision.by} at={props.at} said={said}>
      {decision.body && <Markdown source={decision.body} />}
    </Happened>
  );
}

function Happened(props: {
  kind: string;
  icon: LabIcon;
  by: IActorRef;
  at: string;
  said: string;
  more?: React.ReactNode;
  children?: React.ReactNode;
}): JSX.Element {
  return (
    <li data-entry={props.kind}>
      <props.icon.react tag="span" className="jp-PromptHub-icon jp-PromptHub-timeline-icon" />
      <div className="jp-PromptHub-timeline-body">
        <div className="jp-PromptHub-timeline-line">
          <Avatar actor={props.by} />
          <strong className="jp-PromptHub-nowrap">{props.by.display_name || props.by.id}</strong>
          <span className="jp-PromptHub-nowrap">{props.said}</span>
          {props.more}
          <span className="jp-PromptHub-muted">
            <TimeAgo time={props.at} />
          </span>
        </div>
        {props.children}
      </div>
    </li>
  );
}
