import * as React from 'react';
import { Button } from '../components/basics';
import { useReviewPage } from './context';
import type { IRange } from './places';

/** What a comment on a message is about: all of it, or words that are chosen here, also with the keyboard. */
export function PickWords(props: {
  text: string;
  words: string | null;
  onPick: (range: IRange | null) => void;
}): JSX.Element {
  const { text, words } = props;
  const { trans } = useReviewPage().model.hub;
  const [isPicking, setPicking] = React.useState(false);
  const [range, setRange] = React.useState<IRange | null>(null);
  if (isPicking) {
    return (
      <div className="jp-PromptHub-pickWords">
        <label className="jp-PromptHub-composer-label">
          {trans.__('Select words (Shift and the arrow keys), then take them')}
          <textarea
            className="jp-PromptHub-text"
            // a caret, and keys that move it, are only there where something could be typed
            aria-readonly
            autoFocus
            rows={Math.min(8, text.split('\n').length + 1)}
            value={text}
            spellCheck={false}
            onChange={() => undefined}
            onSelect={event => {
              const { selectionStart: from, selectionEnd: to } = event.currentTarget;
              setRange(from < to ? { from, to } : null);
            }}
          />
        </label>
        <div className="jp-PromptHub-composer-actions">
          <Button
            disabled={range === null}
            onClick={() => {
              setPicking(false);
              props.onPick(range);
            }}
          >
            {trans.__('Take these words')}
          </Button>
          <Button onClick={() => setPicking(false)}>{trans.__('Back')}</Button>
        </div>
      </div>
    );
  }
  return (
    <div className="jp-PromptHub-pickWords">
      {words === null ? (
        <span className="jp-PromptHub-muted">{trans.__('About the whole message')}</span>
      ) : (
        <blockquote className="jp-PromptHub-ellipsis">{words}</blockquote>
      )}
      <button type="button" className="jp-PromptHub-link" onClick={() => setPicking(true)}>
        {words === null ? trans.__('Choose words…') : trans.__('Choose others…')}
      </button>
      {words !== null && (
        <button type="button" className="jp-PromptHub-link" onClick={() => props.onPick(null)}>
          {trans.__('Whole message')}
        </button>
      )}
    </div>
  );
}
