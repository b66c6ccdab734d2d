import * as React from 'react';
import { InputField } from './inputfield';
import type { PromptModel } from './model';

/** A field for every variable of a prompt. */
export function InputFields(props: { model: PromptModel }): JSX.Element {
  const { model } = props;
  const { errors } = model.inputs;
  return (
    <>
      {model.variables.map(variable => (
        <InputField
          key={variable.name}
          variable={variable}
          value={model.typed[variable.name]}
          error={errors[variable.name]}
          strict={model.showErrors}
          onChange={value => model.setInput(variable.name, value)}
          trans={model.hub.trans}
        />
      ))}
    </>
  );
}
