import { closeIcon, refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { ICallerList, IReview } from '../api';
import { CommandIDs } from '../commands/ids';
import { Button, classes, IconButton } from '../components/basics';
import { useSignal, useSize } from '../components/hooks';
import { nextStep } from '../components/nextstep';
import { EmptyState, ErrorState, Loading } from '../components/states';
import { callersOf } from '../diff/callers';
import { Compatibility } from '../diff/Compatibility';
import { LayoutChoice, SPLIT_MIN_PX } from '../diff/LayoutChoice';
import { reviewIcon } from '../icons';
import { Changes } from './Changes';
import { Checks } from './Checks';
import { Conflicts } from './Conflicts';
import { useReviewPage } from './context';
import { Decide } from './Decide';
import { Dependents } from './Dependents';
import { Description } from './Description';
import { Header } from './Header';
import { MergeBox } from './MergeBox';
import { People } from './People';
import { Timeline } from './Timeline';

/** A review: what it would bring, what people say, and whether it may be merged. */
export function Page(): JSX.Element {
  const { model } = useReviewPage();
  useSignal(model.changed);
  return (
    <div className="jp-PromptHub-review-body" tabIndex={-1}>
      {model.review ? <Whole key={model.restored} review={model.review} /> : <Nothing />}
    </div>
  );
}

/** It is not there, or not yet. */
function Nothing(): JSX.Element {
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const { error } = model;
  if (!error) {
    return <Loading label={trans.__('Reading the review')} rows={8} />;
  }
  return error.code === 'not_found' ? (
    <EmptyState
      icon={reviewIcon}
      title={trans.__('There is no such review')}
      actions={
        <Button onClick={() => model.run(CommandIDs.openLibrary, {})}>{trans.__('Library')}</Button>
      }
    >
      {error.message}
    </EmptyState>
  ) : (
    <ErrorState
      error={error}
      trans={trans}
      title={trans.__('The review could not be read')}
      onRetry={() => void model.reload()}
    />
  );
}

function Whole(props: { review: IReview }): JSX.Element {
  const { review } = props;
  const { trans } = useReviewPage().model.hub;
  return (
    <div className="jp-PromptHub-review-scroll">
      <Told />
      <Header review={review} />
      <div className="jp-PromptHub-review-columns">
        <div className="jp-PromptHub-review-main">
          <Description review={review} />
          <Conflicts review={review} />
          <Brings review={review} />
          <Dependents review={review} />
          <Timeline review={review} />
          <Decide review={review} />
        </div>
        <aside className="jp-PromptHub-review-side" aria-label={trans.__('Merging')}>
          <MergeBox review={review} />
          <People review={review} />
          <Checks review={review} />
        </aside>
      </div>
    </div>
  );
}

/** What went wrong, or was done; it stays in sight. */
function Told(): JSX.Element {
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const { error } = model;
  const { notice } = model.writing;
  return (
    <div className="jp-PromptHub-review-told">
      <div role="alert">
        {notice && (
          <div
            className={classes(
              'jp-PromptHub-banner',
              notice.kind !== 'success' && `jp-mod-${notice.kind}`
            )}
          >
            <span>{notice.text}</span>
            <span className="jp-PromptHub-spacer" />
            <IconButton
              icon={closeIcon}
              label={trans.__('Close the notice')}
              onClick={() => model.writing.say(null)}
            />
          </div>
        )}
      </div>
      {error && (
        <div className="jp-PromptHub-banner jp-mod-warn" role="status">
          <span>
            {trans.__('What is shown may be old: %1', error.message)} {nextStep(error, trans)}
          </span>
          <span className="jp-PromptHub-spacer" />
          <IconButton
            icon={refreshIcon}
            label={trans.__('Read it again')}
            onClick={() => void model.reload()}
          />
        </div>
      )}
    </div>
  );
}

function Brings(props: { review: IReview }): JSX.Element {
  const { review } = props;
  const { model, view } = useReviewPage();
  const { trans } = model.hub;
  useSignal(view.changed);
  const title = React.useId();
  const part = React.useRef<HTMLElement>(null);
  const { width } = useSize(part);
  const isWide = width === 0 || width >= SPLIT_MIN_PX;
  const { compatibility, diff } = review;
  const callers = useCallers(review);
  const isGone = review.source_sha === null || review.target_sha === null;
  return (
    <section
      ref={part}
      className="jp-PromptHub-review-part"
      aria-labelledby={title}
      data-part="changes"
      data-layout={isWide ? view.layout : 'inline'}
    >
      <header className="jp-PromptHub-review-partHead">
        <h3 id={title}>
          {review.state === 'merged'
            ? trans.__('What %1 got', review.target)
            : trans.__('What %1 gets', review.target)}
          {diff && diff.changes.length > 0 && (
            <span className="jp-PromptHub-muted">
              {' '}
              {trans._n('%1 change', '%1 changes', diff.changes.length)}
            </span>
          )}
        </h3>
        {isWide && diff && diff.changes.length > 0 && (
          <span role="group" aria-label={trans.__('How the changes are shown')}>
            <LayoutChoice
              layout={view.layout}
              onChange={layout => (view.layout = layout)}
              trans={trans}
            />
          </span>
        )}
      </header>
      {compatibility && (diff?.changes.length || !compatibility.compatible) ? (
        <Compatibility compatibility={compatibility} callers={callers} trans={trans} />
      ) : null}
      {!diff && (
        <p className="jp-PromptHub-quiet">
          {isGone
            ? trans.__('A branch of this review is gone: what it would have brought is not known.')
            : review.merge === 'up_to_date'
              ? trans.__('%1 has everything that %2 has.', review.target, review.source)
              : trans.__('It is known when the conflicts are decided.')}
        </p>
      )}
      <Changes layout={isWide ? view.layout : 'inline'} />
    </section>
  );
}

function useCallers(review: IReview): ReadonlyMap<string, ICallerList> {
  const { model } = useReviewPage();
  const { compatibility, digest, prompt_id } = review;
  const [callers, setCallers] = React.useState<ReadonlyMap<string, ICallerList>>(new Map());
  const wanted = React.useRef(compatibility);
  wanted.current = compatibility;
  React.useEffect(() => {
    const asked = wanted.current;
    if (!asked || asked.compatible) {
      return;
    }
    const asking = new AbortController();
    void callersOf(model.hub.api.versions, prompt_id, asked, asking.signal).then(found => {
      if (!asking.signal.aborted) {
        setCallers(found);
      }
    });
    return () => asking.abort();
  }, [model, prompt_id, digest]);
  return callers;
}
