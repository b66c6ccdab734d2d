import * as React from 'react';
import type { IVariable } from '../api';
import { rename } from '../assist/rename';
import { Badge, Button } from '../components/basics';
import type { Change, IDeclaration } from '../editor/formedits';
import type { PromptModel } from '../editor/model';
import { useRefusal } from '../editor/refusals';
import { Examples } from './Examples';
import { Adder, Choices, RemoveButton, RequiredField, TypeField } from './fields';
import { Line, NameLine, notAName, useRenamed } from './Line';
import type { ISchema } from './types';
import { readDefault, showDefault, typeLabel, typeOf } from './types';

/** The variables: declared ones as a form, those that are only used with a way to declare them. */
export function Variables(props: { model: PromptModel; disabled: boolean }): JSX.Element {
  const { model, disabled } = props;
  const { trans } = model.hub;
  const { variables } = model;
  const renamed = useRenamed();
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
              <Declared model={model} variable={variable} renamed={renamed} disabled={disabled} />
            ) : (
              <Inferred model={model} variable={variable} disabled={disabled} />
            )}
          </li>
        ))}
      </ul>
      <Adder
        model={model}
        place="variable/+"
        label={trans.__('Name of a new variable')}
        placeholder={trans.__('new variable')}
        disabled={disabled}
        taken={variables.map(({ name }) => name)}
        wrong={text => notAName(text, trans)}
        change={name => put(name, {})}
      />
    </section>
  );
}

/** Change what is named; the rest of the declaration stays as it is written. */
function put(name: string, part: IDeclaration): Change {
  return { change: 'put_variable', name, ...part };
}

function Inferred(props: {
  model: PromptModel;
  variable: IVariable;
  disabled: boolean;
}): JSX.Element {
  const { model, variable, disabled } = props;
  const { trans } = model.hub;
  const place = `variable/${variable.name}`;
  const refusal = useRefusal(model.edits, place, trans);
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
          onClick={() =>
            void model.edits.make(place, put(variable.name, { schema: variable.schema }))
          }
        >
          {trans.__('Declare')}
        </Button>
      </div>
      {refusal.note}
    </div>
  );
}

function Declared(props: {
  model: PromptModel;
  variable: IVariable;
  renamed: React.MutableRefObject<string | null>;
  disabled: boolean;
}): JSX.Element {
  const { model, variable, renamed, disabled } = props;
  const { trans } = model.hub;
  const { name } = variable;
  const type = typeOf(variable.schema);
  const place = `variable/${name}`;
  const change = (part: IDeclaration): Change => put(name, part);
  const choose = (schema: ISchema): Change => change({ schema, fitting: true });
  const common = { model, disabled };
  return (
    <div className="jp-PromptHub-fieldCard" data-variable={name}>
      <div className="jp-PromptHub-fieldCard-row">
        <NameLine
          {...common}
          place={`${place}/name`}
          label={trans.__('Name of %1; another name renames it everywhere', name)}
          name={name}
          renamed={renamed}
          refuse={notAName}
          onRename={to =>
            void model.edits.attempt(`${place}/name`, () => rename(model, { name }, to), to)
          }
        />
        <TypeField
          {...common}
          place={`${place}/type`}
          label={trans.__('Type of %1', name)}
          schema={variable.schema}
          change={choose}
        />
        <RemoveButton
          {...common}
          place={place}
          label={trans.__('Remove the declaration of %1', name)}
          change={{ change: 'remove_variable', name }}
        />
      </div>
      {type === 'enum' && (
        <Choices
          {...common}
          place={`${place}/values`}
          label={trans.__('Values of %1', name)}
          schema={variable.schema}
          change={choose}
        />
      )}
      <Line
        {...common}
        place={`${place}/description`}
        label={trans.__('Description of %1', name)}
        placeholder={trans.__('what it is')}
        value={variable.description}
        change={description => change({ description: description.trim() })}
      />
      <div className="jp-PromptHub-fieldCard-row">
        <RequiredField
          {...common}
          place={`${place}/required`}
          label={trans.__('%1 is required', name)}
          title={variable.has_default ? trans.__('It has a default') : undefined}
          disabled={disabled || variable.has_default}
          checked={variable.required}
          change={required => change({ required })}
        />
        <span className="jp-PromptHub-quiet" aria-hidden>
          {trans.__('default')}
        </span>
        <Line
          {...common}
          place={`${place}/default`}
          label={trans.__('Default of %1', name)}
          placeholder={trans.__('none')}
          value={variable.has_default ? showDefault(type, variable.default) : ''}
          wrong={text =>
            !text || readDefault(variable.schema, text)
              ? null
              : trans.__('Expected %1.', typeLabel(type, variable.schema, trans))
          }
          change={text => {
            const read = text ? readDefault(variable.schema, text) : null;
            return change(
              read ? { has_default: true, default: read.value } : { has_default: false }
            );
          }}
        />
      </div>
      <Examples {...common} variable={variable} />
    </div>
  );
}
