/** What the graph needs to know of a version. */
export interface IGraphNode {
  readonly sha: string;
  readonly parents: readonly string[];
}

/** A line from one lane to another, in half a row. */
export interface IGraphLine {
  readonly from: number;
  readonly to: number;
  /** The lane that gives the line its colour. */
  readonly lane: number;
}

/** One row of the graph: a node, and lines in the half above and the half below it. */
export interface IGraphRow {
  readonly lane: number;
  readonly above: readonly IGraphLine[];
  readonly below: readonly IGraphLine[];
}

export interface IGraph {
  readonly rows: readonly IGraphRow[];
  /** How many lanes are in use at most. */
  readonly lanes: number;
}

/**
 * Lay out versions, newest first, in lanes.
 *
 * Every lane waits for one version. A version sits in the first lane that waits for it (all others that
 * wait for it join it there), and hands its lane on to its first parent; further parents get lanes of
 * their own. Parents that are not in the list leave their lanes open to the end.
 */
export function layoutGraph(versions: readonly IGraphNode[]): IGraph {
  let waiting: (string | null)[] = [];
  let lanes = 1;
  const rows = versions.map(({ sha, parents }): IGraphRow => {
    const above: IGraphLine[] = [];
    const below: IGraphLine[] = [];
    const first = waiting.indexOf(sha);
    const lane = first >= 0 ? first : free(waiting);
    const next = [...waiting];

    waiting.forEach((expected, index) => {
      if (expected === sha) {
        above.push({ from: index, to: lane, lane: index });
        next[index] = null;
      } else if (expected !== null) {
        above.push({ from: index, to: index, lane: index });
        below.push({ from: index, to: index, lane: index });
      }
    });
    next[lane] = null;
    parents.forEach((parent, index) => {
      const known = next.indexOf(parent);
      const to = index === 0 ? lane : known >= 0 ? known : free(next);
      next[to] = parent;
      below.push({ from: lane, to, lane: to });
    });

    while (next.length > 0 && next[next.length - 1] === null) {
      next.pop();
    }
    lanes = Math.max(lanes, lane + 1, next.length);
    waiting = next;
    return { lane, above, below };
  });
  return { rows, lanes };
}

/** The first lane that waits for nothing. */
function free(waiting: readonly (string | null)[]): number {
  const index = waiting.indexOf(null);
  return index >= 0 ? index : waiting.length;
}
