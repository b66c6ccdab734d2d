import * as React from 'react';
import { useSize } from '../../components/hooks';

/** Rows rendered above and below what is seen. */
const OVERSCAN = 8;

export interface IVirtualRowsProps {
  count: number;
  /** The same for all rows, in px. */
  rowHeight: number;
  /** This row is kept in the document, so that it can be spoken of. */
  active: number;
  keyOf: (index: number) => string;
  render: (index: number, style: React.CSSProperties) => JSX.Element | null;
  /** What is in sight, without the rows around it. */
  onRange: (first: number, last: number) => void;
  /** The first row in sight at first. */
  initial: number;
  /** Gets a function that brings a row into sight. */
  reveal: React.MutableRefObject<((index: number) => void) | null>;
  /** Attributes of the scrolling element (role, label, handlers). */
  attributes: React.HTMLAttributes<HTMLDivElement>;
}

/** A long list of which only the visible rows exist. */
export const VirtualRows = React.forwardRef<HTMLDivElement, IVirtualRowsProps>(
  function VirtualRows(props, outer): JSX.Element {
    const { count, rowHeight, active, onRange } = props;
    const ref = React.useRef<HTMLDivElement>(null);
    React.useImperativeHandle(outer, () => ref.current!);
    const { height } = useSize(ref);
    const [top, setTop] = React.useState(0);

    const begin = Math.floor(top / rowHeight);
    const end = Math.ceil((top + height) / rowHeight);
    const first = Math.min(Math.max(0, begin - OVERSCAN), count);
    const last = Math.min(count, end + OVERSCAN);
    const indices = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
    if (active < count && (active < first || active >= last)) {
      indices.push(active);
    }

    // another height keeps the first row at the top; so does the first layout of a restored list
    const row = React.useRef({ at: props.initial, height: 0 });
    React.useLayoutEffect(() => {
      const node = ref.current;
      if (node && height > 0 && row.current.height !== rowHeight) {
        node.scrollTop = row.current.at * rowHeight;
        row.current.height = rowHeight;
      }
    }, [rowHeight, height]);

    React.useEffect(() => {
      if (height > 0) {
        onRange(begin, end);
      }
    }, [begin, end, count, height, onRange]);

    props.reveal.current = index => {
      const node = ref.current;
      const start = index * rowHeight;
      if (node && start < node.scrollTop) {
        node.scrollTop = start;
      } else if (node && start + rowHeight > node.scrollTop + node.clientHeight) {
        node.scrollTop = start + rowHeight - node.clientHeight;
      }
    };

    return (
      <div
        {...props.attributes}
        ref={ref}
        className="jp-PromptHub-list"
        onScroll={event => {
          const { scrollTop } = event.currentTarget;
          row.current.at = scrollTop / rowHeight;
          setTop(scrollTop);
        }}
      >
        <div
          className="jp-PromptHub-list-inner"
          role="presentation"
          style={{ height: count * rowHeight }}
        >
          {indices.map(index => (
            <React.Fragment key={props.keyOf(index)}>
              {props.render(index, { top: index * rowHeight, height: rowHeight })}
            </React.Fragment>
          ))}
        </div>
      </div>
    );
  }
);
