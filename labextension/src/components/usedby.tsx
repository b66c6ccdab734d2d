import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IDependent, IDependentList } from '../api';
import { Badge } from './basics';

/** The prompts that include a snippet, and (in a preview) what a change does to them; nothing where there are none. */
export function UsedBy(props: {
  list: IDependentList;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { list, trans } = props;
  if (list.prompts === 0) {
    return null;
  }
  const broken = list.items.filter(each => each.effect === 'breaks').length;
  return (
    <details className="jp-PromptHub-usedBy" open={broken > 0}>
      <summary>
        {trans._n('Used by %1 prompt', 'Used by %1 prompts', list.prompts)}
        {broken > 0 && <Badge kind="error">{trans._n('%1 breaks', '%1 break', broken)}</Badge>}
      </summary>
      <ul>
        {list.items.map(each => (
          <li key={`${each.prompt_id} ${each.version_sha}`}>
            <Place dependent={each} trans={trans} />
            {each.reasons.map(reason => (
              <div key={reason} className="jp-PromptHub-muted">
                {reason}
              </div>
            ))}
          </li>
        ))}
        {list.next_cursor !== null && <li>…</li>}
      </ul>
    </details>
  );
}

/** Where it is, and what becomes of it. */
export function Place(props: { dependent: IDependent; trans: TranslationBundle }): JSX.Element {
  const { trans } = props;
  const { name, branches, environments, direct, effect } = props.dependent;
  const effects = {
    unchanged: trans.__('stays the same'),
    changed: trans.__('changes when it is saved again'),
    breaks: trans.__('breaks when it is saved again')
  };
  return (
    <>
      <strong>{name}</strong>{' '}
      <span className="jp-PromptHub-muted">
        {[
          ...branches,
          ...environments,
          ...(direct ? [] : [trans.__('through other snippets')]),
          ...(effect ? [effects[effect]] : [])
        ].join(' · ')}
      </span>
    </>
  );
}
