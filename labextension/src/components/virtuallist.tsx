import * as React from 'react';
import { useSize } from './hooks';

/** Rows rendered above and below what is seen. */
const OVERSCAN = 8;

export interface IVirtualListProps<T> {
  items: readonly T[];
  /** The same for all rows, in px. */
  rowHeight: number;
  /** This row is kept in the document (it may hold the focus) and in sight. */
  active: number;
  keyOf: (item: T) => string;
  render: (item: T, index: number, style: React.CSSProperties) => JSX.Element;
  /** The end came near: load more. */
  onNearEnd?: () => void;
  /** Attributes of the scrolling element (role, label, key handler). */
  attributes?: React.HTMLAttributes<HTMLDivElement>;
}

/** A long list of which only the visible rows exist. */
export function VirtualList<T>(props: IVirtualListProps<T>): JSX.Element {
  const { items, rowHeight, active, onNearEnd } = props;
  const ref = React.useRef<HTMLDivElement>(null);
  const { height } = useSize(ref);
  const [top, setTop] = React.useState(0);

  const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN);
  const last = Math.min(items.length, Math.ceil((top + height) / rowHeight) + OVERSCAN);
  const indices = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
  if (active >= 0 && active < items.length && (active < first || active >= last)) {
    indices.push(active);
  }

  React.useEffect(() => {
    const node = ref.current;
    if (node && active >= 0) {
      const start = active * rowHeight;
      if (start < node.scrollTop) {
        node.scrollTop = start;
      } else if (start + rowHeight > node.scrollTop + node.clientHeight) {
        node.scrollTop = start + rowHeight - node.clientHeight;
      }
    }
  }, [active, rowHeight]);

  const nearEnd = height > 0 && last + OVERSCAN >= items.length;
  React.useEffect(() => {
    if (nearEnd) {
      onNearEnd?.();
    }
  }, [nearEnd, items.length, onNearEnd]);

  return (
    <div
      {...props.attributes}
      ref={ref}
      className="jp-PromptHub-list"
      onScroll={event => setTop(event.currentTarget.scrollTop)}
    >
      <div
        className="jp-PromptHub-list-inner"
        role="presentation"
        style={{ height: items.length * rowHeight }}
      >
        {indices.map(index => {
          const item = items[index]!;
          return (
            <React.Fragment key={props.keyOf(item)}>
              {props.render(item, index, { top: index * rowHeight, height: rowHeight })}
            </React.Fragment>
          );
        })}
      </div>
    </div>
  );
}
