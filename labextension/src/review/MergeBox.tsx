import { checkIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IMergeReview, IReview, ISourceBranch } from '../api';
import { CommandIDs } from '../commands/ids';
import { Button, classes } from '../components/basics';
import { ShaChip } from '../components/sha';
import { branchIcon, rollbackIcon, warningIcon } from '../icons';
import { useReviewPage, useTyped } from './context';

type Mode = NonNullable<IMergeReview['mode']>;

/** Whether it may be merged, every reason why not, and the button. */
export function MergeBox(props: { review: IReview }): JSX.Element {
  const { review } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const title = React.useId();
  const { state, blocks } = review;
  const isReady = model.isLive && blocks.length === 0;
  const [kind, said] =
    state === 'merged'
      ? ['merged', trans.__('Merged into %1.', review.target)]
      : state === 'closed'
        ? ['closed', trans.__('Closed without merging.')]
        : isReady
          ? ['ready', trans.__('Ready to merge.')]
          : [
              'blocked',
              trans._n('%1 thing is in the way.', '%1 things are in the way.', blocks.length)
            ];
  const Icon = isReady ? checkIcon : state === 'merged' ? branchIcon : warningIcon;
  return (
    <section
      className={classes('jp-PromptHub-review-card jp-PromptHub-mergeBox', `jp-mod-${kind}`)}
      aria-labelledby={title}
      tabIndex={-1}
      data-part="merge"
      data-state={kind}
    >
      <header className="jp-PromptHub-review-cardHead">
        <Icon.react tag="span" className="jp-PromptHub-icon" />
        <h3 id={title}>
          <span role="status">{said}</span>
        </h3>
      </header>
      {model.isLive && blocks.length > 0 && (
        <ul
          className="jp-PromptHub-review-list jp-PromptHub-blocks"
          aria-label={trans.__('What is in the way')}
        >
          {blocks.map((block, index) => (
            <li key={index} data-block={block.code}>
              {block.message}
              {block.code === 'conflicts' && review.problem && <> {review.problem}</>}
            </li>
          ))}
        </ul>
      )}
      {isReady && review.changes_requested_by.length > 0 && (
        <p className="jp-PromptHub-quiet" data-part="against">
          {trans.__(
            'Changes are asked for by %1; no protection of %2 waits for that.',
            review.changes_requested_by.map(each => each.display_name || each.id).join(', '),
            review.target
          )}
        </p>
      )}
      {model.isLive && <Merging review={review} isReady={isReady} />}
      {state === 'merged' && <Merged review={review} />}
    </section>
  );
}

function Merging(props: { review: IReview; isReady: boolean }): JSX.Element {
  const { review, isReady } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const [message, setMessage] = useTyped('merge-message');
  const [mode, setMode] = useTyped('merge-mode', 'auto');
  const modes: readonly [Mode, string][] = [
    ['auto', trans.__('Automatic')],
    ['merge', trans.__('Merge with a version of two parents')],
    ['squash', trans.__('Squash into one version')],
    ['fast_forward', trans.__('Fast-forward only')]
  ];
  const note = React.useId();
  const isMove = review.moves.includes(mode as Mode);
  const isBehind =
    review.target_sha !== null &&
    review.merge !== 'up_to_date' &&
    !review.bases.includes(review.target_sha);
  const merge = () =>
    void model
      .merge({ mode: mode as Mode, commit_message: message.trim() })
      .then(done => done && setMessage(null));
  return (
    <>
      {isBehind && (
        <div className="jp-PromptHub-mergeBox-behind">
          <span>{trans.__('%1 has versions that %2 does not.', review.target, review.source)}</span>
          {model.mayChange && (
            <Button
              disabled={model.isBusy}
              title={trans.__('Merge %1 into %2', review.target, review.source)}
              onClick={() => void model.update()}
            >
              {trans.__('Update %1', review.source)}
            </Button>
          )}
        </div>
      )}
      {model.mayChange ? (
        <form
          className="jp-PromptHub-mergeBox-form"
          onSubmit={event => {
            event.preventDefault();
            merge();
          }}
        >
          <input
            className="jp-PromptHub-text"
            aria-label={trans.__('Message of the merge')}
            aria-describedby={isMove ? note : undefined}
            placeholder={
              isMove
                ? trans.__('A fast-forward has no message')
                : trans.__('Merge %1: %2', review.source, review.title)
            }
            value={message}
            onChange={event => setMessage(event.target.value)}
            onKeyDown={event => {
              // a button that is off keeps the form from being sent, and Enter from being answered
              if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
                event.preventDefault();
                merge();
              }
            }}
          />
          {/* it is there before it says something, so that it is heard */}
          <p id={note} className="jp-PromptHub-quiet" role="status" data-part="moves">
            {isMove &&
              trans.__(
                'Fast-forward: %1 moves on to %2. No merge version is made, and the message is not used.',
                review.target,
                review.source
              )}
          </p>
          <div className="jp-PromptHub-mergeBox-how">
            <span className="jp-PromptHub-select">
              <select
                aria-label={trans.__('How to merge')}
                value={mode}
                disabled={!isReady}
                onChange={event => setMode(event.target.value)}
              >
                {modes.map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            </span>
            <button
              type="submit"
              className="jp-PromptHub-button jp-mod-primary"
              disabled={!isReady || model.isBusy}
            >
              <branchIcon.react tag="span" className="jp-PromptHub-icon" />
              <span className="jp-PromptHub-button-label">{trans.__('Merge')}</span>
            </button>
          </div>
        </form>
      ) : (
        <p className="jp-PromptHub-quiet">
          {model.prompt?.archived
            ? trans.__('The prompt is archived: restore it to go on.')
            : trans.__('Your role may read this review, not merge it.')}
        </p>
      )}
    </>
  );
}

function Merged(props: { review: IReview }): JSX.Element {
  const { review } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  return (
    <>
      <div className="jp-PromptHub-mergeBox-behind">
        {review.merged_sha && (
          <span>
            {trans.__('The version:')} <ShaChip sha={review.merged_sha} trans={trans} />
          </span>
        )}
        <Button onClick={() => model.run(CommandIDs.openHistory, { promptId: review.prompt_id })}>
          {trans.__('History')}
        </Button>
        {model.mayChange && (
          <Button
            icon={rollbackIcon}
            disabled={model.isBusy}
            title={trans.__('Open a review that takes back what this one brought')}
            onClick={() => void model.revert()}
          >
            {trans.__('Revert')}
          </Button>
        )}
      </div>
      {review.source_branch && model.mayChange && (
        <Source review={review} branch={review.source_branch} />
      )}
    </>
  );
}

/** The branch that was merged: it may go, and come back. */
function Source(props: { review: IReview; branch: ISourceBranch }): JSX.Element {
  const { review, branch } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const isThere = branch.head !== null;
  const why = branch.blocks.join(' ');
  const said = isThere
    ? why
      ? trans.__('%1 cannot be deleted here.', review.source)
      : trans.__('%1 is not needed any more.', review.source)
    : trans.__('%1 was deleted; its versions stay.', review.source);
  return (
    <div className="jp-PromptHub-mergeBox-behind" data-part="source">
      <span role="status">
        {said}
        {why && <span className="jp-PromptHub-muted"> {why}</span>}
      </span>
      {!why && (
        // one button that says another thing, so that it keeps the focus; for that it is never off
        <Button
          icon={isThere ? undefined : branchIcon}
          onClick={() => {
            if (!model.isBusy) {
              void (isThere ? model.deleteSource() : model.restoreSource());
            }
          }}
        >
          {isThere ? trans.__('Delete branch') : trans.__('Restore branch')}
        </Button>
      )}
    </div>
  );
}
