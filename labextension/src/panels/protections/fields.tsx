import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { IconButton } from '../../components/basics';

interface IFieldProps {
  label: string;
  hint: string;
  /** What the server says is wrong with it. */
  problem?: string | undefined;
  disabled: boolean;
}

/** The ids of a field, and what describes it. */
function useField(props: IFieldProps): {
  id: string;
  described: { id: string; 'aria-describedby': string; 'aria-invalid': boolean; disabled: boolean };
  below: JSX.Element;
} {
  const id = React.useId();
  const { problem, hint, disabled } = props;
  return {
    id,
    described: {
      id,
      'aria-describedby': `${id}-hint ${id}-problem`,
      'aria-invalid': !!problem,
      disabled
    },
    below: (
      <>
        <div id={`${id}-hint`} className="jp-PromptHub-field-hint">
          {hint}
        </div>
        <div id={`${id}-problem`} className="jp-PromptHub-field-problem" role="alert">
          {problem}
        </div>
      </>
    )
  };
}

export function TextField(
  props: IFieldProps & { name: string; value: string; onChange: (value: string) => void }
): JSX.Element {
  const { id, described, below } = useField(props);
  return (
    <div className="jp-PromptHub-field">
      <label htmlFor={id}>{props.label}</label>
      <input
        {...described}
        type="text"
        name={props.name}
        value={props.value}
        spellCheck={false}
        autoComplete="off"
        onChange={event => props.onChange(event.target.value)}
      />
      {below}
    </div>
  );
}

export function NumberField(
  props: IFieldProps & {
    name: string;
    value: number;
    least: number;
    onChange: (value: number) => void;
  }
): JSX.Element {
  const { id, described, below } = useField(props);
  return (
    <div className="jp-PromptHub-field jp-mod-number">
      <label htmlFor={id}>{props.label}</label>
      <input
        {...described}
        type="number"
        name={props.name}
        min={props.least}
        max={10}
        value={Number.isNaN(props.value) ? '' : props.value}
        onChange={event => props.onChange(event.target.valueAsNumber)}
      />
      {below}
    </div>
  );
}

export function CheckField(
  props: IFieldProps & { name: string; value: boolean; onChange: (value: boolean) => void }
): JSX.Element {
  const { id, described, below } = useField(props);
  return (
    <div className="jp-PromptHub-ruleCheck">
      <div className="jp-PromptHub-field jp-mod-checkbox">
        <input
          {...described}
          type="checkbox"
          name={props.name}
          checked={props.value}
          onChange={event => props.onChange(event.target.checked)}
        />
        <label htmlFor={id}>{props.label}</label>
      </div>
      {below}
    </div>
  );
}

/** Any of what is offered, each with a button that takes it out again. */
export function PickField(
  props: IFieldProps & {
    name: string;
    value: readonly string[];
    offered: readonly { value: string; label: string }[];
    nobody: string;
    say: (value: string) => string;
    onChange: (value: string[]) => void;
    trans: TranslationBundle;
  }
): JSX.Element {
  const { value, trans } = props;
  const { id, described, below } = useField(props);
  const left = props.offered.filter(each => !value.includes(each.value));
  const select = React.useRef<HTMLSelectElement>(null);
  return (
    <div className="jp-PromptHub-field">
      <label htmlFor={id}>{props.label}</label>
      <div className="jp-PromptHub-picked">
        {value.length === 0 && <span className="jp-PromptHub-muted">{props.nobody}</span>}
        {value.map(each => (
          <span key={each} className="jp-PromptHub-chip">
            <span className="jp-PromptHub-ellipsis">{props.say(each)}</span>
            {!props.disabled && (
              <IconButton
                icon={closeIcon}
                label={trans.__('Take out %1', props.say(each))}
                onClick={() => {
                  props.onChange(value.filter(one => one !== each));
                  select.current?.focus();
                }}
              />
            )}
          </span>
        ))}
        {!props.disabled && (
          <div className="jp-PromptHub-select">
            <select
              {...described}
              ref={select}
              name={props.name}
              value=""
              onChange={event => {
                if (event.target.value) {
                  props.onChange([...value, event.target.value]);
                }
              }}
            >
              <option value="">{trans.__('Add…')}</option>
              {left.map(each => (
                <option key={each.value} value={each.value}>
                  {each.label}
                </option>
              ))}
            </select>
          </div>
        )}
      </div>
      {below}
    </div>
  );
}
