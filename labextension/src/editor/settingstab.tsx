import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { classes, IconButton } from '../components/basics';
import { EmptyState } from '../components/states';
import type { Change } from './formedits';
import type { PromptModel } from './model';
import type { IParameter, Read } from './parameters';
import { PARAMETERS, read, write } from './parameters';
import { FieldError, useRefusal } from './refusals';

const MODEL = 'setting/model';

/** Model and parameters: a form over the front matter. */
export function SettingsTab(props: { model: PromptModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const { content } = model;
  if (!content) {
    return (
      <EmptyState title={trans.__('Not known yet')}>
        {trans.__('The settings can be edited here as soon as the text parses.')}
      </EmptyState>
    );
  }
  const disabled = !model.canWrite || model.firstError !== null;
  const known = new Set(PARAMETERS.map(({ name }) => name));
  const others = Object.keys(content.parameters).filter(name => !known.has(name));
  return (
    <div className="jp-PromptHub-settings">
      {model.firstError && (
        <p className="jp-PromptHub-note">
          {trans.__('The text does not parse now. Correct it, then edit the settings here.')}
        </p>
      )}
      <ModelField model={model} disabled={disabled} />
      {PARAMETERS.map(parameter => (
        <ParameterField
          key={parameter.name}
          name={parameter.name}
          parameter={parameter}
          value={content.parameters[parameter.name]}
          disabled={disabled}
          model={model}
        />
      ))}
      {others.length > 0 && (
        <div className="jp-PromptHub-heading">{trans.__('Further settings')}</div>
      )}
      {others.map(name => (
        <ParameterField
          key={name}
          name={name}
          parameter={null}
          value={content.parameters[name]}
          disabled={disabled}
          model={model}
        />
      ))}
      <p className="jp-PromptHub-quiet">
        {trans.__(
          'What you change here is written into the front matter; the rest stays as typed.'
        )}
      </p>
    </div>
  );
}

/** Text that is taken over on Enter and when the field is left, and reset when the document changes. */
function useField(value: string): {
  text: string;
  setText: (text: string) => void;
  reset: () => void;
} {
  const [text, setText] = React.useState(value);
  React.useEffect(() => setText(value), [value]);
  return { text, setText, reset: () => setText(value) };
}

function ModelField(props: { model: PromptModel; disabled: boolean }): JSX.Element {
  const { model, disabled } = props;
  const { trans } = model.hub;
  const id = React.useId();
  const refusal = useRefusal(model.edits, MODEL, trans);
  const own = model.content?.model ?? '';
  const { text, setText, reset } = useField(own);
  const commit = () => {
    if (text.trim() !== own) {
      void model.edits.make(MODEL, { change: 'set_model', model: text.trim() || null });
    }
  };
  return (
    <div className="jp-PromptHub-input">
      <label htmlFor={id} className="jp-PromptHub-input-label">
        <code>model</code>
      </label>
      <input
        id={id}
        className="jp-PromptHub-text"
        {...refusal.aria}
        list={`${id}-list`}
        disabled={disabled}
        autoComplete="off"
        spellCheck={false}
        placeholder={
          model.models.default
            ? trans.__('default: %1', model.models.default)
            : trans.__('the default')
        }
        value={text}
        onChange={event => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={event => onKey(event, commit, reset)}
      />
      <datalist id={`${id}-list`}>
        {model.models.items.map(item => (
          <option key={item.ref} value={item.ref}>
            {item.label}
          </option>
        ))}
      </datalist>
      {refusal.note}
    </div>
  );
}

function ParameterField(props: {
  name: string;
  parameter: IParameter | null;
  value: unknown;
  disabled: boolean;
  model: PromptModel;
}): JSX.Element {
  const { name, parameter, value, disabled, model } = props;
  const { trans } = model.hub;
  const place = `setting/parameter/${name}`;
  const refusal = useRefusal(model.edits, place, trans);
  const make = (change: Change) => void model.edits.make(place, change);
  const id = React.useId();
  const written = write(parameter, value);
  const { text, setText, reset } = useField(written);
  const said = read(parameter, text);
  const wrong = said.kind === 'wrong' ? sayExpected(said, parameter, trans) : null;
  const commit = () => {
    if (text === written || said.kind === 'wrong') {
      return;
    }
    make(
      said.kind === 'none'
        ? { change: 'remove_parameter', name }
        : { change: 'set_parameter', name, value: said.value }
    );
  };
  const common = {
    id,
    name,
    disabled,
    className: 'jp-PromptHub-text',
    ...(wrong ? { 'aria-invalid': true, 'aria-describedby': `${id}-error` } : refusal.aria),
    placeholder: trans.__('not set'),
    value: text,
    onBlur: commit
  };
  return (
    <div className={classes('jp-PromptHub-input', (wrong || refusal.message) && 'jp-mod-invalid')}>
      <label htmlFor={id} className="jp-PromptHub-input-label">
        <code>{name}</code>
        {parameter?.kind === 'texts' && (
          <span className="jp-PromptHub-input-hint">{trans.__('one per line')}</span>
        )}
      </label>
      <div className="jp-PromptHub-setting">
        {parameter?.kind === 'texts' ? (
          <div className="jp-PromptHub-grow" data-value={text}>
            <textarea {...common} rows={1} onChange={event => setText(event.target.value)} />
          </div>
        ) : (
          <input
            {...common}
            inputMode={parameter ? 'decimal' : 'text'}
            autoComplete="off"
            onChange={event => setText(event.target.value)}
            onKeyDown={event => onKey(event, commit, reset)}
          />
        )}
        {parameter?.max !== undefined && (
          <Slider
            parameter={parameter}
            value={typeof value === 'number' ? value : null}
            disabled={disabled}
            onText={setText}
            onCommit={chosen => make({ change: 'set_parameter', name, value: chosen })}
            trans={trans}
          />
        )}
        {value !== undefined && !disabled && (
          <IconButton
            icon={closeIcon}
            label={trans.__('Remove %1', name)}
            onClick={() => make({ change: 'remove_parameter', name })}
          />
        )}
      </div>
      {wrong ? <FieldError id={`${id}-error`}>{wrong}</FieldError> : refusal.note}
    </div>
  );
}

/** Moving shows the number; letting go writes it. */
function Slider(props: {
  parameter: IParameter;
  value: number | null;
  disabled: boolean;
  onText: (text: string) => void;
  onCommit: (value: number) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { parameter, value, disabled, onText, onCommit, trans } = props;
  const [moving, setMoving] = React.useState<number | null>(null);
  const commit = () => {
    if (moving !== null && moving !== value) {
      onCommit(moving);
    }
    setMoving(null);
  };
  return (
    <input
      type="range"
      className="jp-PromptHub-slider"
      aria-label={trans.__('%1, as a slider', parameter.name)}
      min={parameter.min}
      max={parameter.max}
      step={parameter.step}
      disabled={disabled}
      value={moving ?? value ?? parameter.min}
      onChange={event => {
        setMoving(event.target.valueAsNumber);
        onText(event.target.value);
      }}
      onPointerUp={commit}
      onKeyUp={commit}
      onBlur={commit}
    />
  );
}

function onKey(event: React.KeyboardEvent, commit: () => void, reset: () => void): void {
  if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    commit();
  } else if (event.key === 'Escape') {
    reset();
  }
}

function sayExpected(
  said: Read & { kind: 'wrong' },
  parameter: IParameter | null,
  trans: TranslationBundle
): string {
  switch (said.expected) {
    case 'number':
      return trans.__('Expected a number.');
    case 'integer':
      return trans.__('Expected a whole number.');
    case 'json':
      return trans.__('Expected JSON; text stands in quotes.');
    case 'range':
      return parameter?.max === undefined
        ? trans.__('Expected at least %1.', parameter?.min ?? '')
        : trans.__('Expected %1 to %2.', parameter.min ?? '', parameter.max);
  }
}
