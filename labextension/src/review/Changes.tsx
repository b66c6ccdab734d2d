import * as React from 'react';
import type { IUnitChange } from '../api';
import { IconButton } from '../components/basics';
import { useFocusBack } from '../components/hooks';
import { EmptyState } from '../components/states';
import { ChangeCard } from '../diff/ChangeCard';
import type { DiffLayout } from '../diff';
import { selectedIn } from '../diff/Inline';
import { commentIcon, compareIcon } from '../icons';
import { Composer } from './Composer';
import { useReviewPage } from './context';
import type { IComposing } from './writing';
import type { IPlaced, IRange } from './places';
import { findWords, toPoints } from './places';
import { PickWords } from './PickWords';
import { ThreadView } from './ThreadView';

/** What the target gets, unit by unit, with the conversations at their places. */
export function Changes(props: { layout: DiffLayout }): JSX.Element | null {
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const { review, places } = model;
  const { composing } = model.writing;
  const [active, setActive] = React.useState(-1);
  const changes = review?.diff?.changes ?? [];
  const lost = [...composing.values()].filter(
    each => !changes.some(change => change.path === each.path)
  );
  return (
    <div className="jp-PromptHub-review-changes">
      {review?.diff && changes.length === 0 && (
        <EmptyState icon={compareIcon} title={trans.__('Only layout or comments differ')}>
          {trans.__('What is sent to a model is the same.')}
        </EmptyState>
      )}
      {changes.map((change, index) => (
        <OneChange
          key={`${change.op} ${change.path}`}
          change={change}
          placed={places.at[index] ?? []}
          layout={props.layout}
          isActive={index === active}
          onFocus={() => setActive(index)}
        />
      ))}
      {lost.map(each => (
        <section key={each.path} className="jp-PromptHub-thread">
          <p className="jp-PromptHub-muted">
            {trans.__(
              '“%1” is not changed any more. What you have written can be said about the whole review.',
              each.label
            )}
          </p>
          <Composer
            id={`new/${each.path}`}
            label={trans.__('Comment')}
            placeholder=""
            accept={trans.__('Comment')}
            onSend={async body => {
              const done = await model.begin({ body });
              if (done) {
                model.writing.stopComposing(each.path);
              }
              return done;
            }}
            onCancel={() => model.writing.stopComposing(each.path)}
          />
        </section>
      ))}
      {places.elsewhere.length > 0 && (
        <>
          <h4 className="jp-PromptHub-heading">{trans.__('About what is not changed')}</h4>
          {places.elsewhere.map(thread => (
            <ThreadView key={thread.id} thread={thread} quotes />
          ))}
        </>
      )}
      {places.outdated.length > 0 && (
        <>
          <h4 className="jp-PromptHub-heading">{trans.__('About what is gone')}</h4>
          {places.outdated.map(thread => (
            <ThreadView key={thread.id} thread={thread} quotes />
          ))}
        </>
      )}
    </div>
  );
}

function OneChange(props: {
  change: IUnitChange;
  placed: readonly IPlaced[];
  layout: DiffLayout;
  isActive: boolean;
  onFocus: () => void;
}): JSX.Element {
  const { change, placed } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const node = React.useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = React.useState<string | null>(null);
  const composing = model.writing.composing.get(change.path);
  const text = textOf(change);
  useFocusBack(composing !== undefined, node, '.jp-PromptHub-change');
  const mayPick = model.mayWrite && change.unit === 'segment';
  const selected = useSelected(node, mayPick);

  const marks = React.useMemo(() => {
    const made = placed.flatMap(({ thread, range }) =>
      range && (!thread.resolved_at || thread.id === pointed)
        ? [{ ...range, isActive: thread.id === pointed }]
        : []
    );
    const range = composing?.words ? findWords(text, composing.words, composing.range!) : null;
    return range ? [...made, { ...range, isActive: true }] : made;
  }, [placed, pointed, composing, text]);

  const compose = (range: IRange | null) =>
    model.writing.compose({
      path: change.path,
      label: change.label,
      range,
      words: range && text.slice(range.from, range.to)
    });

  return (
    <div ref={node} className="jp-PromptHub-review-change">
      <ChangeCard
        change={change}
        layout={props.layout}
        isActive={props.isActive}
        onFocus={props.onFocus}
        marks={marks}
        trans={trans}
        actions={
          model.mayWrite && (
            <IconButton
              icon={commentIcon}
              label={trans.__('Comment on %1', change.label)}
              onClick={() => compose(selected?.range ?? null)}
            />
          )
        }
      >
        {(placed.length > 0 || composing) && (
          <div className="jp-PromptHub-threads">
            {placed.map(({ thread }) => (
              <ThreadView
                key={thread.id}
                thread={thread}
                isActive={thread.id === pointed}
                onActive={isActive => setPointed(isActive ? thread.id : null)}
              />
            ))}
            {composing && (
              <NewThread change={change} composing={composing} text={text} onPick={compose} />
            )}
          </div>
        )}
      </ChangeCard>
      {selected && !composing && (
        <button
          type="button"
          className="jp-PromptHub-button jp-mod-primary jp-PromptHub-review-atSelection"
          style={{ top: selected.top, left: selected.left }}
          // it would take the selection away
          onMouseDown={event => event.preventDefault()}
          onClick={() => {
            compose(selected.range);
            document.getSelection()?.removeAllRanges();
          }}
        >
          <commentIcon.react tag="span" className="jp-PromptHub-icon" />
          {trans.__('Comment on these words')}
        </button>
      )}
    </div>
  );
}

function NewThread(props: {
  change: IUnitChange;
  composing: IComposing;
  text: string;
  onPick: (range: IRange | null) => void;
}): JSX.Element {
  const { change, composing, text } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const { words, path } = composing;
  const isMessage = change.unit === 'segment';
  // a suggestion can only replace what the source has
  const suggestable = isMessage && change.op !== 'removed' && model.isLive;

  const send = async (body: string, suggestion: string | null): Promise<boolean> => {
    const range = words === null ? null : findWords(text, words, composing.range!);
    if (words !== null && range === null) {
      model.writing.say({
        kind: 'warn',
        text: trans.__(
          'The words that you chose are not there any more. Choose others; what you have typed is still here.'
        )
      });
      return false;
    }
    const { review } = model;
    const done = await model.begin({
      body,
      suggestion,
      path,
      ...(range && { start: toPoints(text, range.from), end: toPoints(text, range.to) }),
      ...(change.op === 'removed'
        ? { version: review?.target_sha ?? null }
        : { digest: review?.digest ?? null })
    });
    if (done) {
      model.writing.stopComposing(path);
    }
    return done;
  };
  return (
    <section className="jp-PromptHub-thread jp-mod-new" aria-label={trans.__('New conversation')}>
      <Composer
        id={`new/${path}`}
        label={trans.__('Comment on %1', change.label)}
        placeholder={trans.__('Comment; @ and a name tells somebody')}
        accept={trans.__('Comment')}
        words={suggestable ? (words ?? text) : null}
        autoFocus
        key={words ?? ''}
        onSend={send}
        onCancel={() => model.writing.stopComposing(path)}
      >
        {isMessage && <PickWords text={text} words={words} onPick={props.onPick} />}
      </Composer>
    </section>
  );
}

function textOf({ op, before, after }: IUnitChange): string {
  return (op === 'removed' ? before : after) ?? '';
}

/** The words that are selected in a change, and where to offer to comment on them. */
function useSelected(
  node: React.RefObject<HTMLDivElement>,
  isWanted: boolean
): { range: IRange; top: number; left: number } | null {
  const [selected, setSelected] = React.useState<{
    range: IRange;
    top: number;
    left: number;
  } | null>(null);
  React.useEffect(() => {
    if (!isWanted) {
      return;
    }
    const look = () => {
      const root = node.current;
      const text = root?.querySelector<HTMLElement>('[data-pointable]');
      const selection = document.getSelection();
      const range = text ? selectedIn(text, selection) : null;
      if (!root || !range) {
        setSelected(null);
        return;
      }
      const outer = root.getBoundingClientRect();
      const inner = selection!.getRangeAt(0).getBoundingClientRect();
      setSelected({
        range,
        top: inner.bottom - outer.top + 4,
        left: Math.max(0, Math.min(inner.left - outer.left, outer.width - 190))
      });
    };
    // what was selected before is offered too
    look();
    document.addEventListener('selectionchange', look);
    return () => document.removeEventListener('selectionchange', look);
  }, [node, isWanted]);
  return selected;
}
