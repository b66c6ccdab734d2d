import * as React from 'react';
import type { IGraphNode } from '../../api';

const LANE_PX = 16;
const NODE_PX = 4.5;
/** Lanes repeat these, see history.css. */
const COLOURS = 6;
/** More lanes than this are drawn on top of each other. */
const MOST_LANES = 8;

/** The width that a graph of so many lanes takes. */
export function graphWidth(lanes: number): number {
  return Math.min(lanes, MOST_LANES) * LANE_PX + 8;
}

/** The piece of the graph that belongs to one row. */
export function GraphCell(props: {
  row: IGraphNode;
  lanes: number;
  height: number;
  isHead: boolean;
}): JSX.Element {
  const { row, lanes, height, isHead } = props;
  const middle = height / 2;
  const x = (lane: number) => (Math.min(lane, MOST_LANES - 1) + 0.5) * LANE_PX + 4;
  const curve = (from: number, to: number, top: number, bottom: number) => {
    const [a, b, half] = [x(from), x(to), (top + bottom) / 2];
    return a === b
      ? `M${a} ${top}V${bottom}`
      : `M${a} ${top}C${a} ${half} ${b} ${half} ${b} ${bottom}`;
  };
  return (
    <svg
      className="jp-PromptHub-graph"
      width={graphWidth(lanes)}
      height={height}
      aria-hidden
      focusable={false}
    >
      {row.above.map((line, index) => (
        <path
          key={`a${index}`}
          data-lane={line.lane % COLOURS}
          d={curve(line.top, line.bottom, 0, middle)}
        />
      ))}
      {row.below.map((line, index) => (
        <path
          key={`b${index}`}
          data-lane={line.lane % COLOURS}
          d={curve(line.top, line.bottom, middle, height)}
        />
      ))}
      <circle
        className={isHead ? 'jp-mod-head' : undefined}
        data-lane={row.lane % COLOURS}
        cx={x(row.lane)}
        cy={middle}
        r={isHead ? NODE_PX + 1 : NODE_PX}
      />
    </svg>
  );
}
