import { editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IReview } from '../api';
import { CommandIDs } from '../commands/ids';
import { Avatar } from '../components/avatar';
import type { BadgeKind } from '../components/basics';
import { Badge, Button, IconButton } from '../components/basics';
import { useFocusBack } from '../components/hooks';
import { TimeAgo } from '../components/time';
import { branchIcon, promptIcon, reviewIcon } from '../icons';
import { useReviewPage, useTyped } from './context';

/** What it is: title, number, state, from where to where, by whom; and what can be done with it as a whole. */
export function Header(props: { review: IReview }): JSX.Element {
  const { review } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const state = stateLook(review, trans);
  const by = review.author.display_name || review.author.id;
  return (
    <header className="jp-PromptHub-review-header">
      <Title review={review} />
      <div className="jp-PromptHub-review-line">
        <span className={`jp-PromptHub-stateChip jp-mod-${state.kind}`} data-state={review.state}>
          <reviewIcon.react tag="span" className="jp-PromptHub-icon" />
          {state.label}
        </span>
        <span className="jp-PromptHub-review-branches">
          <Avatar actor={review.author} />
          <span className="jp-PromptHub-ellipsis">
            {review.state === 'merged'
              ? trans.__('%1 asked to merge', by)
              : trans.__('%1 asks to merge', by)}
          </span>
          <Branch review={review} name={review.source} isGone={isSourceGone(review)} />
          <span aria-hidden>→</span>
          <span className="jp-PromptHub-hidden">{trans.__('into')}</span>
          <Branch review={review} name={review.target} isGone={review.target_sha === null} />
        </span>
        <span className="jp-PromptHub-muted">
          <TimeAgo time={review.created_at} />
        </span>
        {model.isLive && (
          <button
            type="button"
            className="jp-PromptHub-link jp-PromptHub-review-jump"
            onClick={event => {
              const root = event.currentTarget.closest('.jp-PromptHub-review-body');
              const box = root?.querySelector<HTMLElement>('[data-part=merge]');
              box?.scrollIntoView({ block: 'start' });
              box?.focus();
            }}
          >
            {review.blocks.length === 0
              ? trans.__('ready to merge')
              : trans._n(
                  '%1 thing is in the way',
                  '%1 things are in the way',
                  review.blocks.length
                )}
          </button>
        )}
        {model.prompt?.archived && (
          <Badge kind="warn" title={trans.__('Restore the prompt to go on with its reviews')}>
            {trans.__('archived')}
          </Badge>
        )}
        {!model.hub.can('review:write') && (
          <Badge title={trans.__('Your role may read reviews, not take part in them')}>
            {trans.__('read only')}
          </Badge>
        )}
      </div>
      <Actions review={review} />
    </header>
  );
}

export function stateLook(
  { state }: Pick<IReview, 'state'>,
  trans: { __: (text: string) => string }
): { label: string; kind: BadgeKind } {
  switch (state) {
    case 'draft':
      return { label: trans.__('Draft'), kind: 'neutral' };
    case 'merged':
      return { label: trans.__('Merged'), kind: 'accent' };
    case 'closed':
      return { label: trans.__('Closed'), kind: 'error' };
    default:
      return { label: trans.__('Open'), kind: 'success' };
  }
}

/** Its source branch is not there, or not any more. */
function isSourceGone({ source_branch, source_sha }: IReview): boolean {
  return (source_branch ? source_branch.head : source_sha) === null;
}

function Branch(props: { review: IReview; name: string; isGone: boolean }): JSX.Element {
  const { review, name, isGone } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  if (isGone) {
    return (
      <Badge kind="error" icon={branchIcon} title={trans.__('The branch %1 is gone', name)}>
        {trans.__('%1 (gone)', name)}
      </Badge>
    );
  }
  return (
    <button
      type="button"
      className="jp-PromptHub-branchChip"
      title={trans.__('Open the draft of %1', name)}
      onClick={() => model.run(CommandIDs.openPrompt, { promptId: review.prompt_id, branch: name })}
    >
      <branchIcon.react tag="span" className="jp-PromptHub-icon" />
      <span className="jp-PromptHub-ellipsis">{name}</span>
    </button>
  );
}

function Title(props: { review: IReview }): JSX.Element {
  const { review } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const [isEditing, setEditing] = React.useState(model.writing.typed.has('title'));
  const [title, setTitle] = useTyped('title', review.title);
  const pencil = React.useRef<HTMLSpanElement>(null);
  useFocusBack(isEditing, pencil);
  const done = () => {
    setTitle(null);
    setEditing(false);
  };
  if (isEditing) {
    return (
      <form
        className="jp-PromptHub-review-titleForm"
        onSubmit={event => {
          event.preventDefault();
          void model.patch({ title: title.trim() }).then(isDone => isDone && done());
        }}
        onKeyDown={event => {
          if (event.key === 'Escape' && !event.nativeEvent.isComposing) {
            event.stopPropagation();
            done();
          }
        }}
      >
        <input
          className="jp-PromptHub-text"
          aria-label={trans.__('Title')}
          value={title}
          maxLength={200}
          autoFocus
          onChange={event => setTitle(event.target.value)}
        />
        <button
          type="submit"
          className="jp-PromptHub-button jp-mod-primary"
          disabled={model.isBusy || title.trim() === ''}
        >
          {trans.__('Save')}
        </button>
        <Button onClick={done}>{trans.__('Cancel')}</Button>
      </form>
    );
  }
  return (
    <div className="jp-PromptHub-review-title">
      <h2>
        {review.title}{' '}
        <span className="jp-PromptHub-muted jp-PromptHub-review-number">#{review.number}</span>
      </h2>
      {model.mayWrite && (
        <span ref={pencil}>
          <IconButton
            icon={editIcon}
            label={trans.__('Edit the title')}
            onClick={() => {
              setTitle(review.title);
              setEditing(true);
            }}
          />
        </span>
      )}
    </div>
  );
}

function Actions(props: { review: IReview }): JSX.Element {
  const { review } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const { state } = review;
  const set = (next: 'draft' | 'open' | 'closed') => () => void model.patch({ state: next });
  return (
    <div className="jp-PromptHub-review-actions">
      <Button
        icon={promptIcon}
        onClick={() =>
          model.run(CommandIDs.openPrompt, {
            promptId: review.prompt_id,
            branch: isSourceGone(review) ? review.target : review.source
          })
        }
      >
        {trans.__('Open prompt')}
      </Button>
      {model.mayWrite && (
        <>
          {state === 'draft' && (
            <Button primary disabled={model.isBusy} onClick={set('open')}>
              {trans.__('Ready for review')}
            </Button>
          )}
          {state === 'open' && (
            <Button disabled={model.isBusy} onClick={set('draft')}>
              {trans.__('Make it a draft')}
            </Button>
          )}
          {model.isLive && (
            <Button disabled={model.isBusy} onClick={set('closed')}>
              {trans.__('Close')}
            </Button>
          )}
          {state === 'closed' && (
            <Button
              disabled={model.isBusy || !review.source_sha || !review.target_sha}
              title={
                review.source_sha && review.target_sha
                  ? undefined
                  : trans.__('A branch of it is gone')
              }
              onClick={set('open')}
            >
              {trans.__('Open again')}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
