import * as React from 'react';
import { classes, Marked } from '../../components/basics';
import { TimeAgo } from '../../components/time';
import { reviewIcon } from '../../icons';
import { VirtualRows } from '../library/VirtualRows';
import type { InboxModel } from './model';
import { keyOf } from './model';
import { label, missing } from './words';

/** Of a row, in px. */
const ROW_PX = 66;

/** The reviews of a list, driven by mouse or keyboard. The focus is on the list itself. */
export function Rows(props: { model: InboxModel; id: string }): JSX.Element {
  const { model, id } = props;
  const { trans } = model.hub;
  const reviews = model.reviews ?? [];
  const list = React.useRef<HTMLDivElement>(null);
  const reveal = React.useRef<((index: number) => void) | null>(null);
  const onRange = React.useCallback((_: number, last: number) => model.show(last), [model]);
  // the end is scrolled to when it has been rendered
  const [jumps, setJumps] = React.useState(0);
  React.useLayoutEffect(() => {
    if (jumps > 0) {
      reveal.current?.(model.active);
    }
  }, [jumps, model]);
  const rowId = (index: number) => `${id}-row-${index}`;

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((list.current?.clientHeight ?? 0) / ROW_PX) - 1);
    const { active } = model;
    const moves: { [key: string]: number } = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0
    };
    const to = moves[event.key];
    if (to !== undefined) {
      model.active = Math.max(0, Math.min(to, reviews.length - 1));
      reveal.current?.(model.active);
    } else if (event.key === 'End') {
      void model.toEnd().then(() => setJumps(count => count + 1));
    } else if (event.key === 'Enter' || event.key === ' ') {
      model.open(active);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <VirtualRows
      ref={list}
      count={reviews.length}
      rowHeight={ROW_PX}
      active={model.active}
      keyOf={index => (reviews[index] ? keyOf(reviews[index]) : String(index))}
      onRange={onRange}
      initial={0}
      reveal={reveal}
      attributes={{
        role: 'listbox',
        tabIndex: 0,
        'aria-label': label(model.tab, trans),
        'aria-busy': model.isLoading,
        'aria-activedescendant': rowId(model.active),
        onKeyDown
      }}
      render={(index, style) => (
        <Row
          model={model}
          index={index}
          id={rowId(index)}
          style={style}
          onClick={() => {
            list.current?.focus({ preventScroll: true });
            model.active = index;
            model.open(index);
          }}
        />
      )}
    />
  );
}

function Row(props: {
  model: InboxModel;
  index: number;
  id: string;
  style: React.CSSProperties;
  onClick: () => void;
}): JSX.Element | null {
  const { model, index } = props;
  const { trans, me } = model.hub;
  const review = model.reviews?.[index];
  if (!review) {
    return null;
  }
  const { tone, text } = missing(review, me?.actor.id ?? null, trans);
  const search = model.search.trim();
  const name = `${review.prompt_name}#${review.number}`;
  const branches = `${review.source} → ${review.target}`;
  return (
    <div
      id={props.id}
      role="option"
      className={classes('jp-PromptHub-inboxRow', index === model.active && 'jp-mod-active')}
      style={props.style}
      title={`${review.title}\n${name}\n${branches}\n${text}`}
      aria-selected={index === model.active}
      aria-setsize={model.total}
      aria-posinset={index + 1}
      data-review={name}
      onClick={props.onClick}
    >
      <reviewIcon.react
        tag="span"
        className={classes('jp-PromptHub-icon', `jp-mod-${review.state}`)}
      />
      <div className="jp-PromptHub-inboxRow-main">
        <div className="jp-PromptHub-inboxRow-line">
          <span className="jp-PromptHub-inboxRow-title jp-PromptHub-ellipsis">
            <Marked text={review.title} search={search} />
          </span>
        </div>
        <div className="jp-PromptHub-inboxRow-line jp-PromptHub-muted">
          <span className="jp-PromptHub-ellipsis">
            <Marked text={name} search={search} />
          </span>
          <span className="jp-PromptHub-inboxRow-branches jp-PromptHub-ellipsis">
            <Marked text={branches} search={search} />
          </span>
        </div>
        <div className={classes('jp-PromptHub-inboxRow-missing', `jp-mod-${tone}`)}>
          <span className="jp-PromptHub-ellipsis">{text}</span>
          <TimeAgo time={review.updated_at} />
        </div>
      </div>
    </div>
  );
}
