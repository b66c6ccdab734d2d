import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IDiff } from '../api';
import { ChangeCard } from '../diff/ChangeCard';

/** What the target gets, or got. */
export function Brings(props: {
  title: string;
  diff: IDiff;
  /** Another one makes other cards. */
  sha: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { title, diff, sha, trans } = props;
  const [active, setActive] = React.useState(-1);
  return (
    <>
      <h3 className="jp-PromptHub-heading">{title}</h3>
      {diff.changes.length === 0 && (
        <p className="jp-PromptHub-quiet">
          {trans.__('Nothing that a model would see: layout and comments at most.')}
        </p>
      )}
      {diff.changes.map((change, index) => (
        <ChangeCard
          key={`${sha} ${index} ${change.path}`}
          change={change}
          layout="inline"
          isActive={index === active}
          onFocus={() => setActive(index)}
          trans={trans}
        />
      ))}
    </>
  );
}
