import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { ChangeOp, IUnitChange } from '../api';
import type { BadgeKind } from '../components/basics';
import { Badge, classes } from '../components/basics';
import { movedIcon } from '../icons';
import type { IMark } from './Inline';
import { Inline } from './Inline';
import { Merge } from './Merge';
import type { DiffLayout } from './model';
import { rangesOf, side, spansOf } from './spans';

/** How a kind of change is called and coloured. */
export function opLook(op: ChangeOp, trans: TranslationBundle): { label: string; kind: BadgeKind } {
  switch (op) {
    case 'added':
      return { label: trans.__('added'), kind: 'success' };
    case 'removed':
      return { label: trans.__('removed'), kind: 'error' };
    case 'moved':
      return { label: trans.__('moved'), kind: 'brand' };
    case 'renamed':
      return { label: trans.__('renamed'), kind: 'accent' };
    default:
      return { label: trans.__('changed'), kind: 'warn' };
  }
}

/** One change of one unit. */
export function ChangeCard(props: {
  change: IUnitChange;
  layout: DiffLayout;
  isActive: boolean;
  onFocus: () => void;
  trans: TranslationBundle;
  /** At the end of its header. */
  actions?: React.ReactNode;
  /** Words that are pointed at; given, words of the newer text can be selected (`selectedIn`) in either layout. */
  marks?: readonly IMark[];
  /** Below the texts. */
  children?: React.ReactNode;
}): JSX.Element {
  const { change, layout, isActive, marks, trans } = props;
  const card = React.useRef<HTMLElement>(null);
  React.useEffect(() => {
    const node = card.current;
    if (isActive && node && !node.contains(document.activeElement)) {
      node.focus({ preventScroll: true });
      node.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
    }
  }, [isActive]);
  const look = opLook(change.op, trans);
  return (
    <section
      ref={card}
      className={classes('jp-PromptHub-change', `jp-mod-${change.op}`, isActive && 'jp-mod-active')}
      tabIndex={-1}
      aria-label={trans.__('%1: %2', look.label, change.label)}
      data-op={change.op}
      data-unit={change.unit}
      onFocus={props.onFocus}
    >
      <header className="jp-PromptHub-change-head">
        <Badge kind={look.kind} icon={change.op === 'moved' ? movedIcon : undefined}>
          {look.label}
        </Badge>
        <span
          className="jp-PromptHub-change-label"
          role="heading"
          aria-level={3}
          title={change.label}
        >
          {change.label}
        </span>
        <span className="jp-PromptHub-spacer" />
        {change.op === 'moved' && change.position_before !== null && (
          <span className="jp-PromptHub-muted jp-PromptHub-nowrap">
            {trans.__(
              'place %1 → %2',
              change.position_before + 1,
              (change.position_after ?? 0) + 1
            )}
          </span>
        )}
        <code className="jp-PromptHub-change-path jp-PromptHub-ellipsis" title={change.path}>
          {change.path}
        </code>
        {props.actions}
      </header>
      <Texts change={change} layout={layout} marks={marks} trans={trans} />
      {props.children}
    </section>
  );
}

function Texts(props: {
  change: IUnitChange;
  layout: DiffLayout;
  marks: readonly IMark[] | undefined;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { change, layout, marks, trans } = props;
  const { before, after } = change;
  const spans = spansOf(change);
  const ranges = React.useMemo(() => rangesOf(change.spans), [change]);
  if (spans.length === 0) {
    return null;
  }
  const bothSides = before !== null && after !== null && before !== after;
  if (layout === 'inline' || !bothSides) {
    return <Inline spans={spans} marks={marks} trans={trans} />;
  }
  if (change.unit === 'segment' && ranges.length > 0 && !marks) {
    return (
      <Merge
        before={before}
        after={after}
        layout="split"
        ranges={ranges}
        whole={false}
        trans={trans}
      />
    );
  }
  return (
    <div className="jp-PromptHub-sides">
      <Inline spans={side(spans, 'before')} trans={trans} label={trans.__('Before')} />
      <Inline spans={side(spans, 'after')} marks={marks} trans={trans} label={trans.__('After')} />
    </div>
  );
}
