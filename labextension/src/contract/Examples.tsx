import * as React from 'react';
import type { IVariable } from '../api';
import type { PromptModel } from '../editor/model';
import { Adder, RemoveButton } from './fields';
import { Line } from './Line';
import { readDefault, showDefault, typeLabel, typeOf } from './types';

/** The values to try a variable with; each is changed, and removed, by itself. */
export function Examples(props: {
  model: PromptModel;
  variable: IVariable;
  disabled: boolean;
}): JSX.Element {
  const { model, variable, disabled } = props;
  const { trans } = model.hub;
  const { name, schema, examples } = variable;
  const type = typeOf(schema);
  const place = `variable/${name}/example`;
  const wrong = (text: string): string | null =>
    readDefault(schema, text) ? null : trans.__('Expected %1.', typeLabel(type, schema, trans));
  return (
    <div
      role="group"
      aria-label={trans.__('Examples of %1', name)}
      className="jp-PromptHub-examples"
    >
      <span className="jp-PromptHub-quiet" aria-hidden>
        {trans.__('examples')}
      </span>
      <div className="jp-PromptHub-examples-list">
        {examples.map((value, index) => {
          const shown = showDefault(type, value);
          return (
            // by place: a value that is changed keeps its field, and the focus in it
            <div key={index} className="jp-PromptHub-fieldCard-row">
              <Line
                model={model}
                place={`${place}/${JSON.stringify(value)}`}
                label={trans.__('Example %1 of %2', index + 1, name)}
                value={shown}
                disabled={disabled}
                wrong={wrong}
                change={text => {
                  const read = readDefault(schema, text);
                  return read && { change: 'replace_example', name, value, to: read.value };
                }}
              />
              <RemoveButton
                model={model}
                place={`${place}/${JSON.stringify(value)}/=remove`}
                label={trans.__('Remove the example %1 of %2', shown, name)}
                disabled={disabled}
                change={{ change: 'remove_example', name, value }}
              />
            </div>
          );
        })}
        <Adder
          model={model}
          place={`${place}/+`}
          label={trans.__('A new example of %1', name)}
          placeholder={trans.__('new example')}
          quiet
          disabled={disabled}
          taken={examples.map(value => showDefault(type, value))}
          wrong={wrong}
          change={text => ({
            change: 'add_example',
            name,
            value: readDefault(schema, text)?.value
          })}
        />
      </div>
    </div>
  );
}
