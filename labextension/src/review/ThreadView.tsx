import { checkIcon, editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IComment, IThread } from '../api';
import { Avatar } from '../components/avatar';
import { Badge, Button, classes, IconButton } from '../components/basics';
import { useFocusBack } from '../components/hooks';
import { SHOWN_DIGITS } from '../components/sha';
import { TimeAgo } from '../components/time';
import { Composer } from './Composer';
import { useReviewPage } from './context';
import { Markdown } from './Markdown';
import { WordsChanged } from './Words';

/** One conversation. A resolved one is one line until it is opened. */
export function ThreadView(props: {
  thread: IThread;
  /** Say what words it is about: they are not beside it. */
  quotes?: boolean;
  isActive?: boolean;
  onActive?: (isActive: boolean) => void;
}): JSX.Element {
  const { thread } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const isResolved = thread.resolved_at !== null;
  const [isOpen, setOpen] = React.useState(!isResolved);
  const root = React.useRef<HTMLElement>(null);
  useFocusBack(isOpen, root);
  const wasResolved = React.useRef(isResolved);
  React.useEffect(() => {
    if (isResolved !== wasResolved.current) {
      wasResolved.current = isResolved;
      setOpen(!isResolved);
    }
  }, [isResolved]);
  const [first] = thread.comments;
  const by = first ? name(first) : '';
  // suggestions replace words of a message, where these still are
  const canSuggest = thread.anchor?.path.startsWith('segment/') === true && model.isLive;
  const body = React.useId();
  return (
    <section
      ref={root}
      className={classes(
        'jp-PromptHub-thread',
        isResolved && 'jp-mod-resolved',
        props.isActive && 'jp-mod-active'
      )}
      aria-label={
        thread.quote && thread.original?.start !== null
          ? trans.__('Conversation of %1 about “%2”', by, short(thread.quote))
          : trans.__('Conversation of %1', by)
      }
      data-thread={thread.id}
      onMouseEnter={() => props.onActive?.(true)}
      onMouseLeave={() => props.onActive?.(false)}
      onFocus={() => props.onActive?.(true)}
      onBlur={() => props.onActive?.(false)}
    >
      {(isResolved || (props.quotes && thread.outdated)) && (
        <div className="jp-PromptHub-thread-state">
          {isResolved && (
            <Badge kind="success" icon={checkIcon}>
              {trans.__('resolved')}
            </Badge>
          )}
          {props.quotes && thread.outdated && (
            <Badge kind="warn" title={trans.__('The words are not there any more')}>
              {trans.__('outdated')}
            </Badge>
          )}
          {isResolved && (
            <>
              <span className="jp-PromptHub-muted jp-PromptHub-ellipsis">
                {trans.__(
                  'by %1: %2',
                  thread.resolved_by?.display_name || thread.resolved_by?.id || '',
                  first ? short(first.body) : ''
                )}
              </span>
              <button
                type="button"
                className="jp-PromptHub-link"
                aria-expanded={isOpen}
                aria-controls={body}
                onClick={() => setOpen(!isOpen)}
              >
                {isOpen ? trans.__('Hide') : trans.__('Show')}
              </button>
            </>
          )}
        </div>
      )}
      <div id={body} hidden={!isOpen}>
        {isOpen && (
          <>
            {props.quotes && <Quote thread={thread} />}
            {thread.comments.map(comment => (
              <CommentView key={comment.id} thread={thread} comment={comment} />
            ))}
            {model.mayWrite && (
              <Reply thread={thread} canSuggest={canSuggest} isResolved={isResolved} />
            )}
          </>
        )}
      </div>
    </section>
  );
}

function Quote(props: { thread: IThread }): JSX.Element | null {
  const { thread } = props;
  const { trans } = useReviewPage().model.hub;
  if (!thread.original) {
    return null;
  }
  return (
    <figure className="jp-PromptHub-quote">
      <figcaption>
        <code>{thread.anchor?.path ?? thread.original.path}</code>{' '}
        {thread.outdated && (
          <span className="jp-PromptHub-muted">
            {trans.__('in version %1', thread.version_sha.slice(0, SHOWN_DIGITS))}
          </span>
        )}
      </figcaption>
      {thread.quote && <blockquote>{thread.quote}</blockquote>}
    </figure>
  );
}

function Reply(props: { thread: IThread; canSuggest: boolean; isResolved: boolean }): JSX.Element {
  const { thread, isResolved } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const id = `reply/${thread.id}`;
  const [isOpen, setOpen] = React.useState(model.writing.typed.has(id));
  const box = React.useRef<HTMLDivElement>(null);
  useFocusBack(isOpen, box);
  const resolve = (
    <Button
      icon={isResolved ? undefined : checkIcon}
      disabled={model.isBusy}
      onClick={() => void model.resolve(thread, !isResolved)}
    >
      {isResolved ? trans.__('Open again') : trans.__('Resolve')}
    </Button>
  );
  if (!isOpen) {
    return (
      <div ref={box} className="jp-PromptHub-composer-actions">
        <Button onClick={() => setOpen(true)}>{trans.__('Reply…')}</Button>
        {resolve}
      </div>
    );
  }
  return (
    <Composer
      id={id}
      label={trans.__('Reply')}
      placeholder={trans.__('Reply; @ and a name tells somebody')}
      accept={trans.__('Reply')}
      words={props.canSuggest ? thread.quote : null}
      autoFocus
      onSend={async (body, suggestion) => {
        const done = await model.reply(thread, { body, suggestion });
        setOpen(!done);
        return done;
      }}
      onCancel={() => setOpen(false)}
    />
  );
}

function CommentView(props: { thread: IThread; comment: IComment }): JSX.Element {
  const { thread, comment } = props;
  const { model } = useReviewPage();
  const { trans, me } = model.hub;
  const id = `edit/${comment.id}`;
  const [isEditing, setEditing] = React.useState(model.writing.typed.has(id));
  const article = React.useRef<HTMLElement>(null);
  useFocusBack(isEditing, article);
  const isMine = me?.actor.id === comment.by.id;
  return (
    <article
      ref={article}
      className="jp-PromptHub-comment"
      aria-label={trans.__('Comment of %1', name(comment))}
    >
      <header className="jp-PromptHub-comment-head">
        <Avatar actor={comment.by} />
        <strong className="jp-PromptHub-ellipsis">{name(comment)}</strong>
        <span className="jp-PromptHub-muted">
          <TimeAgo time={comment.at} />
          {comment.edited_at && ` · ${trans.__('edited')}`}
        </span>
        <span className="jp-PromptHub-spacer" />
        {isMine && model.mayWrite && !isEditing && (
          <IconButton
            icon={editIcon}
            label={trans.__('Edit this comment')}
            onClick={() => setEditing(true)}
          />
        )}
      </header>
      {isEditing ? (
        <Composer
          id={id}
          label={trans.__('Comment')}
          placeholder=""
          accept={trans.__('Save')}
          initial={comment.body}
          autoFocus
          onSend={async body => {
            const done = await model.edit(thread, comment, body);
            setEditing(!done);
            return done;
          }}
          onCancel={() => setEditing(false)}
        />
      ) : (
        <Markdown source={comment.body} />
      )}
      {comment.suggestion !== null && <Suggestion thread={thread} comment={comment} />}
    </article>
  );
}

function Suggestion(props: { thread: IThread; comment: IComment }): JSX.Element {
  const { thread, comment } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const title = React.useId();
  return (
    <div className="jp-PromptHub-suggestion" role="group" aria-labelledby={title}>
      <div className="jp-PromptHub-suggestion-head">
        <span id={title}>{trans.__('Suggested change')}</span>
        <span className="jp-PromptHub-spacer" />
        {comment.applied_sha ? (
          <Badge kind="success" icon={checkIcon}>
            {trans.__('applied as %1', comment.applied_sha.slice(0, SHOWN_DIGITS))}
          </Badge>
        ) : (
          model.isLive &&
          model.mayChange && (
            <Button
              disabled={model.isBusy || thread.anchor === null}
              title={
                thread.anchor === null
                  ? trans.__('The words that it would replace are not there any more')
                  : trans.__('Save it as a version on %1', model.review?.source ?? '')
              }
              onClick={() => void model.apply(thread, comment)}
            >
              {trans.__('Apply as version')}
            </Button>
          )
        )}
      </div>
      <WordsChanged
        before={thread.quote}
        after={comment.suggestion ?? ''}
        label={trans.__('Suggested change')}
        trans={trans}
      />
    </div>
  );
}

function name({ by }: IComment): string {
  return by.display_name || by.id;
}

function short(words: string): string {
  const line = words.trim().split('\n', 1)[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
