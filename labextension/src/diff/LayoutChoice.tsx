import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { IconButton } from '../components/basics';
import { inlineIcon, splitIcon } from '../icons';
import type { DiffLayout } from './model';

/** Below this width two columns are too narrow to read. */
export const SPLIT_MIN_PX = 560;

/** Side by side, or inline. */
export function LayoutChoice(props: {
  layout: DiffLayout;
  onChange: (layout: DiffLayout) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { layout, onChange, trans } = props;
  return (
    <>
      <IconButton
        icon={splitIcon}
        label={trans.__('Side by side')}
        pressed={layout === 'split'}
        onClick={() => onChange('split')}
      />
      <IconButton
        icon={inlineIcon}
        label={trans.__('Inline')}
        pressed={layout === 'inline'}
        onClick={() => onChange('inline')}
      />
    </>
  );
}
