import * as React from 'react';
import type { Change, IDeclaration } from '../editor/formedits';
import type { PromptModel } from '../editor/model';
import { useRefusal } from '../editor/refusals';
import { Adder, Choices, Line, notAName, RemoveButton, RequiredField, TypeField } from './fields';
import type { ISchema } from './types';
import { typeOf } from './types';

/** No property is called so. */
const FORMAT = 'answer/=format';

/** What an answer must look like: its format, and the properties of its schema. */
export function Answer(props: { model: PromptModel; disabled: boolean }): JSX.Element {
  const { model, disabled } = props;
  const { trans } = model.hub;
  const output = model.content?.output ?? null;
  const schema = output?.schema ?? null;
  const properties = (schema?.['properties'] ?? {}) as { readonly [name: string]: ISchema };
  const required = new Set((schema?.['required'] ?? []) as string[]);
  const refusal = useRefusal(model.edits, FORMAT, trans);
  const isForm = schema === null || 'properties' in schema;
  return (
    <section aria-label={trans.__('Answer')}>
      <h3 className="jp-PromptHub-heading">{trans.__('Answer')}</h3>
      <span className="jp-PromptHub-select">
        <select
          aria-label={trans.__('Format of the answer')}
          disabled={disabled}
          value={output?.format ?? ''}
          {...refusal.aria}
          onChange={event =>
            void model.edits.make(FORMAT, {
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
      {refusal.note}
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
            model={model}
            place="answer/+"
            label={trans.__('Name of a new property of the answer')}
            placeholder={trans.__('new property')}
            disabled={disabled}
            taken={Object.keys(properties)}
            wrong={text => notAName(text, trans)}
            change={name => put(name, {})}
          />
        </>
      )}
    </section>
  );
}

/** Change what is named; the rest of the property stays as it is written. */
function put(name: string, part: IDeclaration): Change {
  return { change: 'put_output_property', name, ...part };
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
  const place = `answer/${name}`;
  const common = { model, disabled };
  return (
    <div className="jp-PromptHub-fieldCard" data-property={name}>
      <div className="jp-PromptHub-fieldCard-row">
        <code title={name}>{name}</code>
        <TypeField
          {...common}
          place={`${place}/type`}
          label={trans.__('Type of %1', name)}
          schema={schema}
          change={chosen => put(name, { schema: chosen })}
        />
        <RemoveButton
          {...common}
          place={place}
          label={trans.__('Remove the property %1', name)}
          change={{ change: 'remove_output_property', name }}
        />
      </div>
      {typeOf(schema) === 'enum' && (
        <Choices
          {...common}
          place={`${place}/values`}
          label={trans.__('Values of %1', name)}
          schema={schema}
          change={chosen => put(name, { schema: chosen })}
        />
      )}
      <div className="jp-PromptHub-fieldCard-row">
        <RequiredField
          {...common}
          place={`${place}/required`}
          checked={required}
          change={wanted => put(name, { required: wanted })}
        />
        <Line
          {...common}
          place={`${place}/description`}
          label={trans.__('Description of %1', name)}
          placeholder={trans.__('what it is')}
          value={description}
          change={text => put(name, { description: text.trim() })}
        />
      </div>
    </div>
  );
}
