import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IFormField } from './form';

/** From so many options on they can be narrowed by words. */
const MANY = 8;

/** Any of the options, as boxes to tick; the value is a line for each that is ticked. */
export function Many(props: {
  field: IFormField;
  initial: string;
  onChange: (value: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { field, initial, onChange, trans } = props;
  const options = field.options ?? [];
  const [picked, setPicked] = React.useState(() => new Set(initial.split('\n').filter(Boolean)));
  const [words, setWords] = React.useState('');
  const shown = options.filter(({ label }) =>
    label.toLocaleLowerCase().includes(words.trim().toLocaleLowerCase())
  );
  const toggle = (value: string, isOn: boolean) => {
    const next = new Set(picked);
    if (isOn) {
      next.add(value);
    } else {
      next.delete(value);
    }
    setPicked(next);
    onChange([...next].join('\n'));
  };
  return (
    <fieldset className="jp-PromptHub-field jp-PromptHub-many">
      <legend>
        {field.label}
        {picked.size > 0 && ` (${picked.size})`}
      </legend>
      {options.length >= MANY && (
        <input
          type="text"
          aria-label={trans.__('Search %1', field.label)}
          placeholder={trans.__('Search')}
          value={words}
          spellCheck={false}
          onChange={event => setWords(event.target.value)}
        />
      )}
      {options.length > 0 && (
        <div className="jp-PromptHub-many-options">
          {shown.map(({ value, label, disabled }) => (
            <label key={value} className="jp-PromptHub-check">
              <input
                type="checkbox"
                name={field.name}
                value={value}
                checked={picked.has(value)}
                disabled={disabled}
                onChange={event => toggle(value, event.target.checked)}
              />
              <span className="jp-PromptHub-ellipsis">{label}</span>
            </label>
          ))}
          {shown.length === 0 && (
            <span className="jp-PromptHub-muted">{trans.__('Nobody is called so.')}</span>
          )}
        </div>
      )}
      {field.hint && <div className="jp-PromptHub-field-hint">{field.hint}</div>}
    </fieldset>
  );
}
