import * as React from 'react';
import type { Change, IDeclaration } from '../editor/formedits';
import type { PromptModel } from '../editor/model';
import { Adder, Choices, RemoveButton, RequiredField, TypeField } from './fields';
import { Line, NameLine, noName, useRenamed } from './Line';
import type { ISchema } from './types';
import { propertiesOf, typeOf } from './types';

/** What a property says, of those that a schema declares. */
export type IPart = Pick<IDeclaration, 'schema' | 'required' | 'description'>;

/** What one calls a property, and how it is changed. */
export interface IPropertyWords {
  /** Where in the form they are; `PLACE/NAME` is one of them. */
  place: string;
  /** The label of one's name field. */
  name: (name: string) => string;
  /** What the labels of one's other fields speak of. */
  one: (name: string) => string;
  remove: (name: string) => string;
  added: string;
  placeholder: string;
  put: (name: string, part: IPart) => Change;
  rename: (name: string, to: string) => Change;
  takeOut: (name: string) => Change;
}

/** The properties of an object's schema, each to be changed, and one more to be added. */
export function Properties(props: {
  model: PromptModel;
  schema: ISchema | null;
  words: IPropertyWords;
  disabled: boolean;
}): JSX.Element {
  const { model, schema, words, disabled } = props;
  const properties = propertiesOf(schema);
  const names = Object.keys(properties);
  const required = new Set((schema?.['required'] ?? []) as string[]);
  const renamed = useRenamed();
  return (
    <>
      {names.length > 0 && (
        <ul className="jp-PromptHub-cards">
          {Object.entries(properties).map(([name, property]) => (
            <li key={name}>
              <Property
                model={model}
                name={name}
                schema={property}
                required={required.has(name)}
                words={words}
                renamed={renamed}
                disabled={disabled}
              />
            </li>
          ))}
        </ul>
      )}
      <Adder
        model={model}
        place={`${words.place}/+`}
        label={words.added}
        placeholder={words.placeholder}
        disabled={disabled}
        taken={names}
        change={name => words.put(name, {})}
      />
    </>
  );
}

function Property(props: {
  model: PromptModel;
  name: string;
  schema: ISchema;
  required: boolean;
  words: IPropertyWords;
  renamed: React.MutableRefObject<string | null>;
  disabled: boolean;
}): JSX.Element {
  const { model, name, schema, required, words, renamed, disabled } = props;
  const { trans } = model.hub;
  const description = typeof schema['description'] === 'string' ? schema['description'] : '';
  const place = `${words.place}/${name}`;
  const called = words.one(name);
  const common = { model, disabled };
  return (
    <div className="jp-PromptHub-fieldCard" data-property={name}>
      <div className="jp-PromptHub-fieldCard-row">
        <NameLine
          {...common}
          place={`${place}/name`}
          label={words.name(name)}
          name={name}
          renamed={renamed}
          refuse={noName}
          change={to => words.rename(name, to)}
        />
        <TypeField
          {...common}
          place={`${place}/type`}
          label={trans.__('Type of %1', called)}
          schema={schema}
          change={chosen => words.put(name, { schema: chosen })}
        />
        <RemoveButton
          {...common}
          place={place}
          label={words.remove(name)}
          change={words.takeOut(name)}
        />
      </div>
      {typeOf(schema) === 'enum' && (
        <Choices
          {...common}
          place={`${place}/values`}
          label={trans.__('Values of %1', called)}
          schema={schema}
          change={chosen => words.put(name, { schema: chosen })}
        />
      )}
      <div className="jp-PromptHub-fieldCard-row">
        <RequiredField
          {...common}
          place={`${place}/required`}
          label={trans.__('%1 is required', called)}
          checked={required}
          change={wanted => words.put(name, { required: wanted })}
        />
        <Line
          {...common}
          place={`${place}/description`}
          label={trans.__('Description of %1', called)}
          placeholder={trans.__('what it is')}
          value={description}
          change={text => words.put(name, { description: text.trim() })}
        />
      </div>
    </div>
  );
}
