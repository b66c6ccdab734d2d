import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IMarks } from '../api';
import { Inline } from '../diff/Inline';
import type { Side } from './decider';
import { sideSpans } from './marks';

/** A text of one side, with the words marked that make the difference. */
export function SideText(props: {
  /** Null: it is not there. */
  text: string | null;
  marks: IMarks;
  side: Side;
  trans: TranslationBundle;
}): JSX.Element {
  const { text, marks, side, trans } = props;
  return text === null ? (
    <p className="jp-PromptHub-quiet">{trans.__('not there')}</p>
  ) : (
    <Inline spans={sideSpans(text, marks, side)} trans={trans} />
  );
}
