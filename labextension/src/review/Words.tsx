import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IDiffSpan } from '../api';
import { Inline } from '../diff/Inline';

/** Two short texts as one, with what is taken away and what is put in its place. */
export function WordsChanged(props: {
  before: string;
  after: string;
  label: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { before, after } = props;
  const whole = React.useMemo<IDiffSpan[]>(
    () => [
      { op: 'delete', text: before },
      { op: 'insert', text: after }
    ],
    [before, after]
  );
  const [spans, setSpans] = React.useState(whole);
  React.useEffect(() => {
    let isGone = false;
    setSpans(whole);
    // CodeMirror's own, loaded when first needed
    void import('./wordspans').then(({ wordSpans }) => {
      if (!isGone) {
        setSpans(wordSpans(before, after));
      }
    });
    return () => {
      isGone = true;
    };
  }, [before, after, whole]);
  return <Inline spans={spans} trans={props.trans} label={props.label} />;
}
