import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { Button, IconButton } from '../components/basics';
import { nextStep } from '../components/nextstep';
import { EmptyState } from '../components/states';
import type { PromptModel } from '../editor/model';
import { Answer } from './Answer';
import { Adder, Line, Refused } from './fields';
import { Variables } from './Variables';

/** What callers may rely on, as a form over the front matter: variables, snippets, the answer, tools. */
export function ContractTab(props: {
  model: PromptModel;
  onOpenSnippet: (name: string) => void;
}): JSX.Element {
  const { model, onOpenSnippet } = props;
  const { trans } = model.hub;
  const { content, edits } = model;
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
      {edits.error && (
        <p className="jp-PromptHub-note" role="alert">
          {[edits.error.message, nextStep(edits.error, trans)].filter(Boolean).join(' ')}
        </p>
      )}
      <Refused.Provider value={edits.error}>
        <Variables model={model} disabled={disabled} />
        <Snippets model={model} disabled={disabled} onOpen={onOpenSnippet} />
        <Answer model={model} disabled={disabled} />
        <Tools model={model} disabled={disabled} />
      </Refused.Provider>
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
                label={trans.__('The ref at which %1 is included', name)}
                value={ref.replace(/^@/, '')}
                code
                suggestions={['latest', 'production', 'staging', 'development', 'main']}
                disabled={disabled}
                onCommit={text =>
                  void model.edits.make({
                    change: 'set_snippet_ref',
                    name,
                    ref: text.trim().replace(/^@/, '') || null
                  })
                }
              />
              <Button onClick={() => onOpen(name)}>{trans.__('Open')}</Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tools(props: { model: PromptModel; disabled: boolean }): JSX.Element {
  const { model, disabled } = props;
  const { trans } = model.hub;
  const names = (model.content?.tools ?? []).map(toolName);
  return (
    <section aria-label={trans.__('Tools')}>
      <h3 className="jp-PromptHub-heading">{trans.__('Tools')}</h3>
      {names.length > 0 && (
        <ul className="jp-PromptHub-chips">
          {names.map(name => (
            <li key={name}>
              <code title={name}>{name}</code>
              <IconButton
                icon={closeIcon}
                label={trans.__('Remove the tool %1', name)}
                disabled={disabled}
                onClick={() => void model.edits.make({ change: 'remove_tool', name })}
              />
            </li>
          ))}
        </ul>
      )}
      <Adder
        label={trans.__('Name of a tool')}
        placeholder={trans.__('tool that the model may call')}
        disabled={disabled}
        taken={names}
        onAdd={tool => void model.edits.make({ change: 'put_tool', tool })}
        trans={trans}
      />
    </section>
  );
}

function toolName(tool: unknown): string {
  return typeof tool === 'object' && tool !== null && 'name' in tool
    ? String(tool.name)
    : String(tool);
}
