import * as React from 'react';
import { classes } from '../components/basics';
import { Inline } from '../diff/Inline';
import type { IConflictCardProps } from './ConflictCard';
import type { Side } from './decider';
import { SideText } from './SideText';
import { modeWords } from './words';

const SIDES: readonly Side[] = ['ours', 'theirs', 'base'];

/** A text run by run: what is merged, and for each place that both sides changed, what is taken. */
export function Runs(props: IConflictCardProps & { isReadOnly?: boolean }): JSX.Element {
  const { item, decider, names, isOpen, trans } = props;
  const { conflict } = item;
  const name = React.useId();
  const picked = decider.runsOf(item);
  let at = -1;
  return (
    <div className="jp-PromptHub-conflict-runs">
      {conflict.chunks.map((chunk, index) => {
        if (chunk.text !== null) {
          return <Inline key={index} spans={[{ op: 'equal', text: chunk.text }]} trans={trans} />;
        }
        at += 1;
        const run = at;
        const marks = conflict.runs[run] ?? { ours: [], theirs: [] };
        return (
          <fieldset key={index} className="jp-PromptHub-conflict-run">
            <legend>{trans.__('Place %1 of %2', run + 1, conflict.runs.length)}</legend>
            <div className="jp-PromptHub-conflict-sides">
              {SIDES.map(side => (
                <div
                  key={side}
                  className={classes(
                    'jp-PromptHub-conflict-side',
                    picked[run] === side && 'jp-mod-picked'
                  )}
                >
                  <label className="jp-PromptHub-conflict-pick">
                    <input
                      type="radio"
                      name={`${name}-${run}`}
                      checked={picked[run] === side}
                      disabled={props.isReadOnly || !isOpen}
                      onChange={() => decider.pickRun(item, run, side)}
                    />
                    {modeWords(side, { ...conflict, runs: [] }, names, trans)}
                  </label>
                  <SideText text={chunk[side] || null} marks={marks} side={side} trans={trans} />
                </div>
              ))}
            </div>
          </fieldset>
        );
      })}
    </div>
  );
}
