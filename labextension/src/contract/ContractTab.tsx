import * as React from 'react';
import { Button } from '../components/basics';
import { EmptyState } from '../components/states';
import type { PromptModel } from '../editor/model';
import { StrayRefusals } from '../editor/refusals';
import { Answer } from './Answer';
import { Line } from './Line';
import { isShown } from './shown';
import { Tools } from './Tools';
import { Variables } from './Variables';

/** What callers may rely on, as a form over the front matter: variables, snippets, the answer, tools. */
export function ContractTab(props: {
  model: PromptModel;
  onOpenSnippet: (name: string) => void;
}): JSX.Element {
  const { model, onOpenSnippet } = props;
  const { trans } = model.hub;
  const { content } = model;
  if (!content) {
    return (
      <EmptyState title={trans.__('Not known yet')}>
        {trans.__('The contract can be edited here as soon as the text parses.')}
      </EmptyState>
    );
  }
  const disabled = !model.canWrite || model.firstError !== null;
  return (
    <div className="jp-PromptHub-contract">
      {model.firstError && (
        <p className="jp-PromptHub-note">
          {trans.__('The text does not parse now. Correct it, then edit the contract here.')}
        </p>
      )}
      <StrayRefusals edits={model.edits} isShown={place => isShown(model, place)} trans={trans} />
      <Variables model={model} disabled={disabled} />
      <Snippets model={model} disabled={disabled} onOpen={onOpenSnippet} />
      <Answer model={model} disabled={disabled} />
      <Tools model={model} disabled={disabled} />
      <p className="jp-PromptHub-quiet">
        {trans.__('What you change here is written into the text; the rest stays as typed.')}
      </p>
    </div>
  );
}

function Snippets(props: {
  model: PromptModel;
  disabled: boolean;
  onOpen: (name: string) => void;
}): JSX.Element {
  const { model, disabled, onOpen } = props;
  const { trans } = model.hub;
  const snippets = Object.entries(model.content?.snippets ?? {});
  return (
    <section aria-label={trans.__('Snippets')}>
      <h3 className="jp-PromptHub-heading">{trans.__('Snippets')}</h3>
      {snippets.length === 0 && (
        <p className="jp-PromptHub-quiet">
          {trans.__('None. {{> name}} includes another prompt.')}
        </p>
      )}
      <ul className="jp-PromptHub-cards">
        {snippets.map(([name, ref]) => (
          <li key={name} className="jp-PromptHub-fieldCard" data-snippet={name}>
            <div className="jp-PromptHub-fieldCard-row">
              <code title={name}>{name}</code>
              <Line
                model={model}
                place={`snippet/${name}`}
                label={trans.__('The ref at which %1 is included', name)}
                value={ref.replace(/^@/, '')}
                code
                suggestions={['latest', 'production', 'staging', 'development', 'main']}
                disabled={disabled}
                change={text => ({
                  change: 'set_snippet_ref',
                  name,
                  ref: text.trim().replace(/^@/, '') || null
                })}
              />
              <Button onClick={() => onOpen(name)}>{trans.__('Open')}</Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
