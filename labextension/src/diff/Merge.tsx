import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import * as React from 'react';
import { Spinner } from '../components/states';
import type { IMergeOptions } from './merge';

/** Two texts in CodeMirror; it is loaded when first needed. */
export function Merge(
  props: Omit<IMergeOptions, 'parent' | 'labels'> & { trans: TranslationBundle }
): JSX.Element {
  const { before, after, layout, ranges, whole, trans } = props;
  const parent = React.useRef<HTMLDivElement>(null);
  const [ready, setReady] = React.useState(false);
  React.useEffect(() => {
    let view: IDisposable | null = null;
    let gone = false;
    void import('./merge').then(({ showMerge }) => {
      if (!gone && parent.current) {
        const labels = { before: trans.__('Before'), after: trans.__('After') };
        view = showMerge({ parent: parent.current, before, after, layout, ranges, whole, labels });
        setReady(true);
      }
    });
    return () => {
      gone = true;
      view?.dispose();
    };
  }, [before, after, layout, ranges, whole, trans]);
  return (
    <div className="jp-PromptHub-merge" ref={parent} data-layout={layout}>
      {!ready && <Spinner label={trans.__('Loading')} />}
    </div>
  );
}
