import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { classes } from '../components/basics';
import type { FieldType, ISchema } from './types';
import { choicesText, readChoices, schemaOf, typeLabel, typeOf, TYPES } from './types';

export interface ILineProps {
  label: string;
  value: string;
  placeholder?: string;
  disabled: boolean;
  suggestions?: readonly string[];
  code?: boolean;
  /** Why this text cannot be taken; null when it can. */
  wrong?: (text: string) => string | null;
  onCommit: (text: string) => void;
}

/** Why the last change was refused; another object for another refusal. */
export const Refused = React.createContext<unknown>(null);

/** One line that is taken over on Enter and when it is left; Escape brings back what the document says. */
export function Line(props: ILineProps): JSX.Element {
  const { label, value, placeholder, disabled, suggestions, code, onCommit } = props;
  const id = React.useId();
  const refused = React.useContext(Refused);
  const [text, setText] = React.useState(value);
  const [editing, setEditing] = React.useState(false);
  // what was asked for, and what stood there then: it stays in sight until the document says something else
  const asked = React.useRef<{ text: string; instead: string } | null>(null);
  React.useEffect(() => {
    asked.current = null;
  }, [refused]);
  // what somebody else changes shows at once, but never under the fingers
  React.useEffect(() => {
    if (!editing && asked.current?.instead !== value) {
      asked.current = null;
      setText(value);
    }
  }, [value, editing, refused]);
  const wrong = (editing && props.wrong?.(text)) || null;
  const commit = () => {
    setEditing(false);
    if (text === value || text === asked.current?.text) {
      return;
    }
    if (props.wrong?.(text)) {
      setText(value);
    } else {
      asked.current = { text, instead: value };
      onCommit(text);
    }
  };
  return (
    <span className={classes('jp-PromptHub-line', wrong !== null && 'jp-mod-invalid')}>
      <input
        className={classes('jp-PromptHub-text', code && 'jp-mod-code')}
        aria-label={label}
        title={disabled ? undefined : label}
        aria-invalid={wrong !== null}
        aria-describedby={wrong ? `${id}-error` : undefined}
        list={suggestions ? `${id}-list` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        disabled={disabled}
        value={text}
        onFocus={() => setEditing(true)}
        onChange={event => {
          asked.current = null;
          setEditing(true);
          setText(event.target.value);
        }}
        onBlur={commit}
        onKeyDown={event => {
          if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            if (!wrong) {
              commit();
            }
          } else if (event.key === 'Escape') {
            setText(value);
          }
        }}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map(each => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
      {wrong && (
        <span id={`${id}-error`} className="jp-PromptHub-input-error" role="alert">
          {wrong}
        </span>
      )}
    </span>
  );
}

/** Choose a type; what the form cannot make stays as it is written. */
export function TypeField(props: {
  label: string;
  schema: ISchema;
  disabled: boolean;
  onChoose: (schema: ISchema) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { label, schema, disabled, onChoose, trans } = props;
  const type = typeOf(schema);
  const offered = TYPES.includes(type) ? TYPES : [...TYPES, type];
  return (
    <span className="jp-PromptHub-select">
      <select
        aria-label={label}
        disabled={disabled}
        value={type}
        onChange={event => onChoose(schemaOf(event.target.value as FieldType))}
      >
        {offered.map(each => (
          <option key={each} value={each}>
            {typeLabel(each, each === type ? schema : {}, trans)}
          </option>
        ))}
      </select>
    </span>
  );
}

/** The values of an enumeration. */
export function Choices(props: {
  label: string;
  schema: ISchema;
  disabled: boolean;
  onCommit: (schema: ISchema) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { label, schema, disabled, onCommit, trans } = props;
  return (
    <Line
      label={label}
      value={choicesText(schema)}
      disabled={disabled}
      wrong={text =>
        readChoices(schema, text) ? null : trans.__('Expected words with commas between.')
      }
      onCommit={text => onCommit(schemaOf('enum', readChoices(schema, text) ?? []))}
    />
  );
}

const NAME = /^[A-Za-z_]\w*$/;

/** Why a text is no name of a variable or a property; null when it is one. */
export function notAName(text: string, trans: TranslationBundle): string | null {
  return NAME.test(text)
    ? null
    : trans.__('Expected letters, digits and _, beginning with a letter.');
}

/** A name or a value, and a button that adds it. */
export function Adder(props: {
  label: string;
  placeholder: string;
  disabled: boolean;
  taken: readonly string[];
  suggestions?: readonly string[];
  /** No button until something is typed, for what is added now and then. */
  quiet?: boolean;
  /** Why this text cannot be added; null when it can. */
  wrong?: (text: string) => string | null;
  onAdd: (name: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { label, placeholder, disabled, taken, suggestions, quiet, onAdd, trans } = props;
  const id = React.useId();
  const [text, setText] = React.useState('');
  const name = text.trim();
  const wrong = !name
    ? null
    : taken.includes(name)
      ? trans.__('%1 is there already.', name)
      : (props.wrong?.(name) ?? null);
  const add = () => {
    if (name && !wrong) {
      onAdd(name);
      setText('');
    }
  };
  return (
    <div
      className={classes(
        'jp-PromptHub-adder',
        quiet && 'jp-mod-quiet',
        wrong !== null && 'jp-mod-invalid'
      )}
    >
      <input
        className={classes('jp-PromptHub-text', !quiet && 'jp-mod-code')}
        aria-label={label}
        aria-invalid={wrong !== null}
        aria-describedby={wrong ? `${id}-error` : undefined}
        list={suggestions ? `${id}-list` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        disabled={disabled}
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            event.preventDefault();
            add();
          } else if (event.key === 'Escape') {
            setText('');
          }
        }}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map(each => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
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
      {wrong && (
        <span id={`${id}-error`} className="jp-PromptHub-input-error" role="alert">
          {wrong}
        </span>
      )}
    </div>
  );
}
