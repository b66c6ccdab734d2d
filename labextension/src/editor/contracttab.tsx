import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IVariable } from '../api';
import { Badge } from '../components/basics';
import { EmptyState } from '../components/states';
import { asTyped, choicesOf } from './inputs';
import type { PromptModel } from './model';

/** What callers may rely on: variables, snippets, the shape of answers. */
export function ContractTab(props: { model: PromptModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const { content, variables } = model;
  if (!content) {
    return (
      <EmptyState title={trans.__('Not known yet')}>
        {trans.__('The contract is shown as soon as the text parses.')}
      </EmptyState>
    );
  }
  const snippets = Object.entries(content.snippets);
  return (
    <div className="jp-PromptHub-contract">
      {model.firstError && (
        <p className="jp-PromptHub-note">
          {trans.__('The text does not parse now; this is what it said before.')}
        </p>
      )}
      <h3 className="jp-PromptHub-heading">{trans.__('Variables')}</h3>
      {variables.length > 0 ? (
        <table className="jp-PromptHub-table">
          <thead>
            <tr>
              <th scope="col">{trans.__('Name')}</th>
              <th scope="col">{trans.__('Type')}</th>
              <th scope="col">{trans.__('Needed')}</th>
              <th scope="col">{trans.__('Default')}</th>
            </tr>
          </thead>
          <tbody>
            {variables.map(variable => (
              <Row key={variable.name} variable={variable} trans={trans} />
            ))}
          </tbody>
        </table>
      ) : (
        <p className="jp-PromptHub-quiet">
          {trans.__('None. Write {{name}} in the template to make one.')}
        </p>
      )}
      <h3 className="jp-PromptHub-heading">{trans.__('Snippets')}</h3>
      {snippets.length > 0 ? (
        <ul className="jp-PromptHub-snippets">
          {snippets.map(([name, ref]) => (
            <li key={name}>
              <code>{name}</code> <Badge kind="brand">{ref}</Badge>
            </li>
          ))}
        </ul>
      ) : (
        <p className="jp-PromptHub-quiet">
          {trans.__('None. {{> name}} includes another prompt.')}
        </p>
      )}
      <h3 className="jp-PromptHub-heading">{trans.__('Answer')}</h3>
      {content.output ? (
        <>
          {content.output.format && <Badge>{content.output.format}</Badge>}
          {content.output.schema && (
            <pre className="jp-PromptHub-schema" tabIndex={0}>
              {JSON.stringify(content.output.schema, null, 2)}
            </pre>
          )}
        </>
      ) : (
        <p className="jp-PromptHub-quiet">{trans.__('Free text.')}</p>
      )}
    </div>
  );
}

function Row(props: { variable: IVariable; trans: TranslationBundle }): JSX.Element {
  const { variable, trans } = props;
  const choices = choicesOf(variable).map(choice => asTyped(choice, 'text'));
  return (
    <tr>
      <td>
        <code>{variable.name}</code>
        {!variable.declared && (
          <>
            {' '}
            <Badge
              kind="warn"
              title={trans.__('Used in the template, and not declared in the front matter')}
            >
              {trans.__('inferred')}
            </Badge>
          </>
        )}
        {variable.description && <div className="jp-PromptHub-quiet">{variable.description}</div>}
      </td>
      <td>{choices.length > 0 ? choices.join(' | ') : variable.type}</td>
      <td>{variable.required ? trans.__('yes') : trans.__('no')}</td>
      <td>
        {variable.has_default && (
          <code title={asTyped(variable.default, 'text')}>{asTyped(variable.default, 'json')}</code>
        )}
      </td>
    </tr>
  );
}
