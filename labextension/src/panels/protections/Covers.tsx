import * as React from 'react';
import type { ProtectionsModel } from './model';

/** Rows that are seen without scrolling. */
const SEEN = 6;

/** Which prompts and branches the patterns hold for, as they are called now. */
export function Covers(props: { model: ProtectionsModel }): JSX.Element {
  const { covered, coveredProblem, hub } = props.model;
  const { trans } = hub;
  if (!covered) {
    return (
      <div className="jp-PromptHub-covers" role="status">
        {coveredProblem ?? trans.__('Looking which branches these are…')}
      </div>
    );
  }
  const more = covered.prompts - covered.items.length;
  return (
    <div className="jp-PromptHub-covers">
      <div role="status">
        {covered.branches === 0
          ? trans.__('No branch is called so now. The rules hold once there is one.')
          : trans.__(
              'Holds now for %1 in %2:',
              trans._n('%1 branch', '%1 branches', covered.branches),
              trans._n('%1 prompt', '%1 prompts', covered.prompts)
            )}
      </div>
      {/* it scrolls: reached and scrolled with the keyboard too */}
      <ul tabIndex={covered.items.length > SEEN ? 0 : undefined} aria-label={trans.__('Prompts')}>
        {covered.items.map(({ id, name, branches }) => (
          <li key={id}>
            <code>{name}</code>
            <span className="jp-PromptHub-muted jp-PromptHub-ellipsis">{branches.join(', ')}</span>
          </li>
        ))}
        {more > 0 && (
          <li className="jp-PromptHub-muted">{trans._n('and %1 more', 'and %1 more', more)}</li>
        )}
      </ul>
    </div>
  );
}
