import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { classes, IconButton } from '../components/basics';
import type { Change } from '../editor/formedits';
import type { PromptModel } from '../editor/model';
import { FieldError, useRefusal } from '../editor/refusals';
import { Line } from './Line';
import type { FieldType, ISchema } from './types';
import { choicesText, readChoices, schemaOf, typeLabel, typeOf, TYPES } from './types';

/** Choose a type; what the form cannot make stays as it is written. */
export function TypeField(props: {
  model: PromptModel;
  place: string;
  label: string;
  schema: ISchema;
  disabled: boolean;
  change: (schema: ISchema) => Change;
}): JSX.Element {
  const { model, place, label, schema, disabled, change } = props;
  const { trans } = model.hub;
  const refusal = useRefusal(model.edits, place, trans);
  const type = typeOf(schema);
  const offered = TYPES.includes(type) ? TYPES : [...TYPES, type];
  return (
    <>
      <span
        className={classes('jp-PromptHub-select', refusal.message !== null && 'jp-mod-invalid')}
      >
        <select
          aria-label={label}
          {...refusal.aria}
          disabled={disabled}
          value={type}
          onChange={event =>
            void model.edits.make(place, change(schemaOf(event.target.value as FieldType)))
          }
        >
          {offered.map(each => (
            <option key={each} value={each}>
              {typeLabel(each, each === type ? schema : {}, trans)}
            </option>
          ))}
        </select>
      </span>
      {refusal.note}
    </>
  );
}

/** The values of an enumeration. */
export function Choices(props: {
  model: PromptModel;
  place: string;
  label: string;
  schema: ISchema;
  disabled: boolean;
  change: (schema: ISchema) => Change;
}): JSX.Element {
  const { model, place, label, schema, disabled, change } = props;
  return (
    <Line
      model={model}
      place={place}
      label={label}
      value={choicesText(schema)}
      disabled={disabled}
      wrong={text =>
        readChoices(schema, text) ? null : model.hub.trans.__('Expected words with commas between.')
      }
      change={text => change(schemaOf('enum', readChoices(schema, text) ?? []))}
    />
  );
}

/** Whether it is required. */
export function RequiredField(props: {
  model: PromptModel;
  place: string;
  /** What a screen reader says; without one, only that it is required. */
  label?: string;
  checked: boolean;
  disabled: boolean;
  title?: string;
  change: (required: boolean) => Change;
}): JSX.Element {
  const { model, place, label, checked, disabled, title, change } = props;
  const { trans } = model.hub;
  const refusal = useRefusal(model.edits, place, trans);
  return (
    <>
      <label className="jp-PromptHub-check" title={title}>
        <input
          type="checkbox"
          aria-label={label}
          disabled={disabled}
          checked={checked}
          {...refusal.aria}
          onChange={event => void model.edits.make(place, change(event.target.checked))}
        />
        {trans.__('required')}
      </label>
      {refusal.note}
    </>
  );
}

/** A button that makes a change at once, with the reason beside it where that is refused. */
export function RemoveButton(props: {
  model: PromptModel;
  place: string;
  label: string;
  disabled: boolean;
  change: Change;
}): JSX.Element {
  const { model, place, label, disabled, change } = props;
  const refusal = useRefusal(model.edits, place, model.hub.trans);
  return (
    <>
      <IconButton
        icon={closeIcon}
        label={label}
        describedBy={refusal.aria['aria-describedby']}
        disabled={disabled}
        onClick={() => void model.edits.make(place, change)}
      />
      {refusal.note}
    </>
  );
}

/** A name or a value, and a button that adds it. What the server refuses stands in it again. */
export function Adder(props: {
  model: PromptModel;
  place: string;
  label: string;
  placeholder: string;
  disabled: boolean;
  taken: readonly string[];
  /** No button until something is typed, for what is added now and then. */
  quiet?: boolean;
  /** Why this text cannot be added; null when it can. */
  wrong?: (text: string) => string | null;
  change: (text: string) => Change;
}): JSX.Element {
  const { model, place, label, placeholder, disabled, taken, quiet, change } = props;
  const { edits } = model;
  const { trans } = model.hub;
  const id = React.useId();
  const refusal = useRefusal(edits, place, trans);
  const [typed, setTyped] = React.useState('');
  const text = typed || (refusal.typed ?? '');
  const name = text.trim();
  const wrong = !name
    ? null
    : taken.includes(name)
      ? trans.__('%1 is there already.', name)
      : (props.wrong?.(name) ?? null);
  const add = () => {
    if (name && !wrong) {
      void edits.make(place, change(name), name);
      setTyped('');
    }
  };
  return (
    <div
      className={classes(
        'jp-PromptHub-adder',
        quiet && 'jp-mod-quiet',
        (wrong !== null || refusal.message !== null) && 'jp-mod-invalid'
      )}
    >
      <input
        className={classes('jp-PromptHub-text', !quiet && 'jp-mod-code')}
        aria-label={label}
        {...(wrong ? { 'aria-invalid': true, 'aria-describedby': `${id}-error` } : refusal.aria)}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        disabled={disabled}
        value={text}
        onChange={event => {
          refusal.dismiss();
          setTyped(event.target.value);
        }}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            event.preventDefault();
            add();
          } else if (event.key === 'Escape') {
            refusal.dismiss();
            setTyped('');
          }
        }}
      />
      {(!quiet || name) && (
        <button
          type="button"
          className="jp-PromptHub-button"
          disabled={disabled || !name || wrong !== null}
          onClick={add}
        >
          {trans.__('Add')}
        </button>
      )}
      {wrong ? <FieldError id={`${id}-error`}>{wrong}</FieldError> : refusal.note}
    </div>
  );
}
