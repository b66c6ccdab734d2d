import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { IconButton } from '../components/basics';
import type { IDeclaration } from '../editor/formedits';
import type { PromptModel } from '../editor/model';
import { Adder, Choices, Line, notAName, TypeField } from './fields';
import type { ISchema } from './types';
import { typeOf } from './types';

/** What an answer must look like: its format, and the properties of its schema. */
export function Answer(props: { model: PromptModel; disabled: boolean }): JSX.Element {
  const { model, disabled } = props;
  const { trans } = model.hub;
  const output = model.content?.output ?? null;
  const schema = output?.schema ?? null;
  const properties = (schema?.['properties'] ?? {}) as { readonly [name: string]: ISchema };
  const required = new Set((schema?.['required'] ?? []) as string[]);
  const isForm = schema === null || 'properties' in schema;
  return (
    <section aria-label={trans.__('Answer')}>
      <h3 className="jp-PromptHub-heading">{trans.__('Answer')}</h3>
      <span className="jp-PromptHub-select">
        <select
          aria-label={trans.__('Format of the answer')}
          disabled={disabled}
          value={output?.format ?? ''}
          onChange={event =>
            void model.edits.make({
              change: 'set_output_format',
              format: event.target.value || null
            })
          }
        >
          {[...new Set(['', 'text', 'json', output?.format ?? ''])].map(each => (
            <option key={each} value={each}>
              {each || trans.__('no format asked for')}
            </option>
          ))}
        </select>
      </span>
      {!isForm && (
        <pre className="jp-PromptHub-schema" tabIndex={0}>
          {JSON.stringify(schema, null, 2)}
        </pre>
      )}
      {isForm && (
        <>
          <ul className="jp-PromptHub-cards">
            {Object.entries(properties).map(([name, property]) => (
              <li key={name}>
                <Property
                  model={model}
                  name={name}
                  schema={property}
                  required={required.has(name)}
                  disabled={disabled}
                />
              </li>
            ))}
          </ul>
          <Adder
            label={trans.__('Name of a new property of the answer')}
            placeholder={trans.__('new property')}
            disabled={disabled}
            taken={Object.keys(properties)}
            wrong={text => notAName(text, trans)}
            onAdd={name => put(model, name, {})}
            trans={trans}
          />
        </>
      )}
    </section>
  );
}

/** Change what is named; the rest of the property stays as it is written. */
function put(model: PromptModel, name: string, part: IDeclaration): void {
  void model.edits.make({ change: 'put_output_property', name, ...part });
}

function Property(props: {
  model: PromptModel;
  name: string;
  schema: ISchema;
  required: boolean;
  disabled: boolean;
}): JSX.Element {
  const { model, name, schema, required, disabled } = props;
  const { trans } = model.hub;
  const description = typeof schema['description'] === 'string' ? schema['description'] : '';
  return (
    <div className="jp-PromptHub-fieldCard" data-property={name}>
      <div className="jp-PromptHub-fieldCard-row">
        <code title={name}>{name}</code>
        <TypeField
          label={trans.__('Type of %1', name)}
          schema={schema}
          disabled={disabled}
          onChoose={chosen => put(model, name, { schema: chosen })}
          trans={trans}
        />
        <IconButton
          icon={closeIcon}
          label={trans.__('Remove the property %1', name)}
          disabled={disabled}
          onClick={() => void model.edits.make({ change: 'remove_output_property', name })}
        />
      </div>
      {typeOf(schema) === 'enum' && (
        <Choices
          label={trans.__('Values of %1', name)}
          schema={schema}
          disabled={disabled}
          onCommit={chosen => put(model, name, { schema: chosen })}
          trans={trans}
        />
      )}
      <div className="jp-PromptHub-fieldCard-row">
        <label className="jp-PromptHub-check">
          <input
            type="checkbox"
            disabled={disabled}
            checked={required}
            onChange={event => put(model, name, { required: event.target.checked })}
          />
          {trans.__('required')}
        </label>
        <Line
          label={trans.__('Description of %1', name)}
          placeholder={trans.__('what it is')}
          value={description}
          disabled={disabled}
          onCommit={text => put(model, name, { description: text.trim() })}
        />
      </div>
    </div>
  );
}
