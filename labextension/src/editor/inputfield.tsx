import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IVariable } from '../api';
import { classes } from '../components/basics';
import type { Control, InputError } from './inputs';
import { asTyped, choicesOf, controlOf } from './inputs';

interface IControlProps {
  id: string;
  control: Control;
  variable: IVariable;
  value: string | undefined;
  invalid: boolean;
  describedBy: string | undefined;
  placeholder: string;
  onChange: (value: string | undefined) => void;
  trans: TranslationBundle;
}

/** What to say about a field that cannot be sent. */
export function sayError(error: InputError, trans: TranslationBundle): string {
  switch (error) {
    case 'missing':
      return trans.__('Needed.');
    case 'number':
      return trans.__('Expected a number.');
    case 'integer':
      return trans.__('Expected a whole number.');
    case 'json':
      return trans.__('Expected JSON, for example ["a", "b"] or {"name": "value"}.');
    case 'array':
      return trans.__('Expected a JSON list, for example ["a", "b"].');
    case 'object':
      return trans.__('Expected a JSON object, for example {"name": "value"}.');
    case 'choice':
      return trans.__('Expected one of the listed values.');
  }
}

/** So many examples stand below a field; the others are one click away. */
const SHOWN = 4;

/** The examples of a variable: a click takes one over. */
function Examples(props: {
  variable: IVariable;
  control: Control;
  value: string | undefined;
  onPick: (value: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { variable, control, value, onPick, trans } = props;
  const [all, setAll] = React.useState(false);
  const typed = variable.examples.map(each => asTyped(each, control));
  const shown = all || typed.length <= SHOWN + 1 ? typed : typed.slice(0, SHOWN);
  return (
    <div
      role="group"
      aria-label={trans.__('Examples of %1', variable.name)}
      className="jp-PromptHub-input-examples"
    >
      {shown.map((each, index) => (
        <button
          key={index}
          type="button"
          className="jp-PromptHub-input-example"
          title={trans.__('Take over: %1', each)}
          aria-pressed={each === value}
          onClick={() => onPick(each)}
        >
          {each || trans.__('(empty)')}
        </button>
      ))}
      {shown.length < typed.length && (
        <button
          type="button"
          className="jp-PromptHub-input-example jp-mod-more"
          aria-expanded={false}
          onClick={() => setAll(true)}
        >
          {trans.__('%1 more…', typed.length - shown.length)}
        </button>
      )}
    </div>
  );
}

/** One variable of the Run form. */
export function InputField(props: {
  variable: IVariable;
  value: string | undefined;
  error: InputError | undefined;
  /** Say also that it is missing (after an attempt to run). */
  strict: boolean;
  onChange: (value: string | undefined) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { variable, value, error, strict, onChange, trans } = props;
  const id = React.useId();
  const control = controlOf(variable);
  const shown = error && (strict || error !== 'missing') ? sayError(error, trans) : null;
  const placeholder = variable.has_default
    ? trans.__('default: %1', asTyped(variable.default, 'text'))
    : '';
  return (
    <div className={classes('jp-PromptHub-input', shown && 'jp-mod-invalid')}>
      <label htmlFor={id} className="jp-PromptHub-input-label">
        <code>{variable.name}</code>
        {variable.required && !variable.has_default && (
          <span className="jp-PromptHub-input-needed" title={trans.__('needed')} aria-hidden="true">
            *
          </span>
        )}
        <span className="jp-PromptHub-input-type">{variable.type}</span>
        {variable.description && (
          <span className="jp-PromptHub-input-hint" title={variable.description}>
            {variable.description}
          </span>
        )}
      </label>
      <ControlFor
        id={id}
        control={control}
        variable={variable}
        value={value}
        invalid={!!shown}
        describedBy={shown ? `${id}-error` : undefined}
        placeholder={placeholder}
        onChange={onChange}
        trans={trans}
      />
      {variable.examples.length > 0 && control !== 'boolean' && control !== 'select' && (
        <Examples
          variable={variable}
          control={control}
          value={value}
          onPick={onChange}
          trans={trans}
        />
      )}
      {shown && (
        <div id={`${id}-error`} className="jp-PromptHub-input-error" role="alert">
          {shown}
        </div>
      )}
    </div>
  );
}

function ControlFor(props: IControlProps): JSX.Element {
  const { id, control, variable, value, invalid, describedBy, placeholder, onChange, trans } =
    props;
  const common = {
    id,
    name: variable.name,
    'aria-required': variable.required && !variable.has_default,
    'aria-invalid': invalid,
    'aria-describedby': describedBy
  };
  if (control === 'boolean' || control === 'select') {
    const choices =
      control === 'boolean'
        ? ['true', 'false']
        : choicesOf(variable).map(choice => asTyped(choice, 'text'));
    return (
      <div className="jp-PromptHub-select">
        <select
          {...common}
          value={value ?? ''}
          onChange={event => onChange(event.target.value || undefined)}
        >
          <option value="">{placeholder || trans.__('not given')}</option>
          {choices.map(choice => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      </div>
    );
  }
  if (control === 'number' || control === 'integer') {
    return (
      <input
        {...common}
        className="jp-PromptHub-text"
        inputMode="decimal"
        autoComplete="off"
        placeholder={placeholder}
        value={value ?? ''}
        onChange={event => onChange(event.target.value || undefined)}
      />
    );
  }
  return (
    // the copy of the text in the wrapper makes it grow
    <div className="jp-PromptHub-grow" data-value={value ?? ''}>
      <textarea
        {...common}
        className={classes('jp-PromptHub-text', control === 'json' && 'jp-mod-code')}
        rows={control === 'json' ? 2 : 1}
        placeholder={placeholder || (control === 'json' ? 'JSON' : '')}
        spellCheck={control !== 'json'}
        value={value ?? ''}
        onChange={event => onChange(event.target.value || undefined)}
      />
    </div>
  );
}
