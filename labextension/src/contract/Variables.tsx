import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IVariable } from '../api';
import { rename } from '../assist/rename';
import { asPromptHubError } from '../api';
import { Badge, Button, IconButton } from '../components/basics';
import type { IDeclaration } from '../editor/formedits';
import type { PromptModel } from '../editor/model';
import { Examples } from './Examples';
import { Adder, Choices, Line, notAName, TypeField } from './fields';
import type { ISchema } from './types';
import { readDefault, showDefault, typeLabel, typeOf } from './types';

/** The variables: declared ones as a form, those that are only used with a way to declare them. */
export function Variables(props: { model: PromptModel; disabled: boolean }): JSX.Element {
  const { model, disabled } = props;
  const { trans } = model.hub;
  const { variables } = model;
  return (
    <section aria-label={trans.__('Variables')}>
      <h3 className="jp-PromptHub-heading">{trans.__('Variables')}</h3>
      {variables.length === 0 && (
        <p className="jp-PromptHub-quiet">
          {trans.__('No variables yet: write {{name}} in the template, or add one here.')}
        </p>
      )}
      <ul className="jp-PromptHub-cards">
        {variables.map(variable => (
          <li key={variable.name}>
            {variable.declared ? (
              <Declared model={model} variable={variable} disabled={disabled} />
            ) : (
              <Inferred model={model} variable={variable} disabled={disabled} />
            )}
          </li>
        ))}
      </ul>
      <Adder
        label={trans.__('Name of a new variable')}
        placeholder={trans.__('new variable')}
        disabled={disabled}
        taken={variables.map(({ name }) => name)}
        wrong={text => notAName(text, trans)}
        onAdd={name => put(model, name, {})}
        trans={trans}
      />
    </section>
  );
}

/** Change what is named; the rest of the declaration stays as it is written. */
function put(model: PromptModel, name: string, part: IDeclaration): void {
  void model.edits.make({ change: 'put_variable', name, ...part });
}

function Inferred(props: {
  model: PromptModel;
  variable: IVariable;
  disabled: boolean;
}): JSX.Element {
  const { model, variable, disabled } = props;
  const { trans } = model.hub;
  return (
    <div className="jp-PromptHub-fieldCard jp-mod-inferred">
      <div className="jp-PromptHub-fieldCard-row">
        <code title={variable.name}>{variable.name}</code>
        <Badge
          kind="warn"
          title={trans.__('Used in the template, and not declared in the front matter')}
        >
          {trans.__('not declared')}
        </Badge>
        <Button
          disabled={disabled}
          onClick={() => put(model, variable.name, { schema: variable.schema })}
        >
          {trans.__('Declare')}
        </Button>
      </div>
    </div>
  );
}

function Declared(props: {
  model: PromptModel;
  variable: IVariable;
  disabled: boolean;
}): JSX.Element {
  const { model, variable, disabled } = props;
  const { trans } = model.hub;
  const { name } = variable;
  const type = typeOf(variable.schema);
  const [refused, setRefused] = React.useState<string | null>(null);
  const change = (part: IDeclaration) => put(model, name, part);
  const choose = (schema: ISchema) => change({ schema, fitting: true });
  return (
    <div className="jp-PromptHub-fieldCard" data-variable={name}>
      <div className="jp-PromptHub-fieldCard-row">
        <Line
          label={trans.__('Name of %1; another name renames it everywhere', name)}
          value={name}
          code
          disabled={disabled}
          wrong={text => notAName(text.trim(), trans)}
          onCommit={text => {
            setRefused(null);
            rename(model, { name }, text.trim()).catch(error =>
              setRefused(asPromptHubError(error).message)
            );
          }}
        />
        <TypeField
          label={trans.__('Type of %1', name)}
          schema={variable.schema}
          disabled={disabled}
          onChoose={choose}
          trans={trans}
        />
        <IconButton
          icon={closeIcon}
          label={trans.__('Remove the declaration of %1', name)}
          disabled={disabled}
          onClick={() => void model.edits.make({ change: 'remove_variable', name })}
        />
      </div>
      {refused && (
        <div className="jp-PromptHub-input-error" role="alert">
          {refused}
        </div>
      )}
      {type === 'enum' && (
        <Choices
          label={trans.__('Values of %1', name)}
          schema={variable.schema}
          disabled={disabled}
          onCommit={choose}
          trans={trans}
        />
      )}
      <Line
        label={trans.__('Description of %1', name)}
        placeholder={trans.__('what it is')}
        value={variable.description}
        disabled={disabled}
        onCommit={description => change({ description: description.trim() })}
      />
      <div className="jp-PromptHub-fieldCard-row">
        <label
          className="jp-PromptHub-check"
          title={variable.has_default ? trans.__('It has a default') : undefined}
        >
          <input
            type="checkbox"
            disabled={disabled || variable.has_default}
            checked={variable.required}
            onChange={event => change({ required: event.target.checked })}
          />
          {trans.__('required')}
        </label>
        <span className="jp-PromptHub-quiet" aria-hidden>
          {trans.__('default')}
        </span>
        <Line
          label={trans.__('Default of %1', name)}
          placeholder={trans.__('none')}
          value={variable.has_default ? showDefault(type, variable.default) : ''}
          disabled={disabled}
          wrong={text =>
            !text || readDefault(variable.schema, text)
              ? null
              : trans.__('Expected %1.', typeLabel(type, variable.schema, trans))
          }
          onCommit={text => {
            const read = text ? readDefault(variable.schema, text) : null;
            change(read ? { has_default: true, default: read.value } : { has_default: false });
          }}
        />
      </div>
      <Examples model={model} variable={variable} disabled={disabled} />
    </div>
  );
}
