import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import { flushSync } from 'react-dom';
import { asPromptHubError } from '../api';
import { Many } from './many';
import { nextStep } from './nextstep';

export interface IFormField {
  name: string;
  label: string;
  /**
   * `message`: mostly one line, so Enter accepts, and Shift+Enter makes another line. `many`: any of the options; the
   * value is a line for each.
   */
  kind?: 'text' | 'message' | 'multiline' | 'select' | 'secret' | 'checkbox' | 'many';
  value?: string;
  /** For `select` and `many`. */
  options?: readonly { value: string; label: string; disabled?: boolean }[];
  /** Values offered while typing, for `text`. */
  suggestions?: readonly string[];
  /** For `text`: the value is selected when the dialog opens, what is typed takes its place. */
  selected?: boolean;
  placeholder?: string;
  hint?: string;
  required?: boolean;
}

/** What was filled in, by field name; a checkbox is `'true'` or `''`. */
export type FormValues = { readonly [name: string]: string };

export interface IFormOptions<R> {
  title: string;
  /** Shown above the fields. */
  text?: React.ReactNode;
  fields: readonly IFormField[];
  accept: string;
  /** The accept button is a warning. */
  warn?: boolean;
  /** Do it; when it fails, the dialog stays open with what was typed, and says why. */
  submit: (values: FormValues) => Promise<R>;
  trans: TranslationBundle;
}

/** Ask with a form. The result of `submit`; null when cancelled. */
export async function askForm<R>(options: IFormOptions<R>): Promise<R | null> {
  const dialog = new FormDialog(options);
  const { button } = await dialog.launch();
  return button.accept ? dialog.result : null;
}

const ACCEPT = 1;

class FormDialog<R> extends Dialog<FormValues> {
  constructor(private readonly _options: IFormOptions<R>) {
    const { accept, warn, trans, title } = _options;
    const body = new FormBody(_options);
    super({
      title,
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        warn ? Dialog.warnButton({ label: accept }) : Dialog.okButton({ label: accept })
      ],
      defaultButton: ACCEPT,
      focusNodeSelector: 'input, textarea, select'
    });
    this._form = body;
    this.addClass('jp-PromptHub-dialog');
  }

  /** What `submit` gave; null before. */
  result: R | null = null;

  override handleEvent(event: Event): void {
    if (event.type === 'focus' && event.target instanceof HTMLElement) {
      // what is focused elsewhere meanwhile does not move the caret to another field than the one that is typed in
      if (this.node.contains(event.target)) {
        this._at = event.target;
      } else if (this._at?.isConnected) {
        event.stopPropagation();
        this._at.focus();
        return;
      }
    }
    const isEnter =
      event instanceof KeyboardEvent && event.type === 'keydown' && event.key === 'Enter';
    if (isEnter && event.target instanceof HTMLTextAreaElement) {
      const { enter } = event.target.dataset;
      // with Ctrl or Cmd: done; else a new line
      if (event.ctrlKey || event.metaKey || (enter === 'accepts' && isPlain(event))) {
        event.preventDefault();
        event.stopPropagation();
        this.resolve(ACCEPT);
      }
      return;
    }
    super.handleEvent(event);
  }

  override resolve(index?: number): void {
    if ((index ?? ACCEPT) !== ACCEPT) {
      super.resolve(index);
    } else if (!this._form.busy && this._form.validate()) {
      void this._submit();
    }
  }

  private async _submit(): Promise<void> {
    const { submit, trans } = this._options;
    this._form.setState(true, null);
    try {
      this.result = await submit(this._form.getValue());
    } catch (thrown) {
      const error = asPromptHubError(thrown);
      const step = nextStep(error, trans);
      this._form.setState(false, [error.message, step].filter(Boolean).join(' '));
      return;
    }
    super.resolve(ACCEPT);
  }

  private readonly _form: FormBody;
  /** What has the focus in the dialog. */
  private _at: HTMLElement | null = null;
}

/** Enter alone, and not the one that ends the composition of a character. */
function isPlain(event: KeyboardEvent): boolean {
  return !event.shiftKey && !event.altKey && !event.isComposing;
}

class FormBody extends ReactWidget implements Dialog.IBodyWidget<FormValues> {
  constructor(private readonly _options: IFormOptions<unknown>) {
    super();
    this.addClass('jp-PromptHub-form');
    this._values = Object.fromEntries(_options.fields.map(each => [each.name, initialValue(each)]));
  }

  busy = false;

  getValue(): FormValues {
    return { ...this._values };
  }

  /** Whether all required fields are filled; says so otherwise. */
  validate(): boolean {
    const missing = this._options.fields.find(
      each => each.required && !this._values[each.name]?.trim()
    );
    if (missing) {
      this.setState(false, this._options.trans.__('%1 is needed.', missing.label));
      this.node.querySelector<HTMLElement>(`[name="${missing.name}"]`)?.focus();
    }
    return !missing;
  }

  setState(busy: boolean, error: string | null): void {
    this.busy = busy;
    this._error = error;
    this.update();
  }

  /**
   * At once. The dialog focuses the first field when this is done, and a busy page would do it when somebody is already
   * typing into another one.
   */
  protected override onUpdateRequest(message: Message): void {
    flushSync(() => super.onUpdateRequest(message));
    this.renderPromise = Promise.resolve();
  }

  protected override render(): JSX.Element {
    const { text, fields } = this._options;
    return (
      <>
        {text && <div className="jp-PromptHub-form-text">{text}</div>}
        {fields.map(field => (
          <Field
            key={field.name}
            field={field}
            trans={this._options.trans}
            initial={this._values[field.name] ?? ''}
            onChange={value => {
              this._values[field.name] = value;
              if (this._error) {
                this.setState(false, null);
              }
            }}
          />
        ))}
        <div className="jp-PromptHub-form-error" role="alert">
          {this._error}
        </div>
      </>
    );
  }

  private readonly _values: { [name: string]: string };
  private _error: string | null = null;
}

/** A select without a value starts at the first option that can be chosen. */
function initialValue(field: IFormField): string {
  if (field.kind === 'many') {
    return field.value ?? '';
  }
  return field.value ?? field.options?.find(option => !option.disabled)?.value ?? '';
}

function Field(props: {
  field: IFormField;
  initial: string;
  trans: TranslationBundle;
  onChange: (value: string) => void;
}): JSX.Element {
  const { field, initial, onChange } = props;
  const id = React.useId();
  const isNew = React.useRef(true);
  const common = {
    id,
    name: field.name,
    defaultValue: initial,
    placeholder: field.placeholder,
    'aria-required': field.required,
    'aria-describedby': field.hint ? `${id}-hint` : undefined,
    spellCheck: false,
    onChange: (
      event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>
    ) => onChange(event.target.value)
  };
  if (field.kind === 'checkbox') {
    return (
      <div className="jp-PromptHub-field jp-mod-checkbox">
        <input
          id={id}
          name={field.name}
          type="checkbox"
          defaultChecked={initial === 'true'}
          onChange={event => onChange(event.target.checked ? 'true' : '')}
        />
        <label htmlFor={id}>{field.label}</label>
        {field.hint && <div className="jp-PromptHub-field-hint">{field.hint}</div>}
      </div>
    );
  }
  if (field.kind === 'many') {
    return <Many field={field} initial={initial} onChange={onChange} trans={props.trans} />;
  }
  return (
    <div className="jp-PromptHub-field">
      <label htmlFor={id}>{field.label}</label>
      {field.kind === 'select' ? (
        <div className="jp-PromptHub-select">
          <select {...common}>
            {field.options?.map(option => (
              <option key={option.value} value={option.value} disabled={option.disabled}>
                {option.label}
              </option>
            ))}
          </select>
        </div>
      ) : field.kind === 'multiline' || field.kind === 'message' ? (
        <textarea
          {...common}
          rows={field.kind === 'message' ? 2 : 3}
          data-enter={field.kind === 'message' ? 'accepts' : undefined}
        />
      ) : (
        <input
          {...common}
          type={field.kind === 'secret' ? 'password' : 'text'}
          autoComplete={field.kind === 'secret' ? 'new-password' : 'off'}
          list={field.suggestions ? `${id}-list` : undefined}
          onFocus={event => {
            if (field.selected && isNew.current) {
              event.target.select();
            }
            isNew.current = false;
          }}
        />
      )}
      {field.suggestions && (
        <datalist id={`${id}-list`}>
          {field.suggestions.map(value => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
      {field.hint && (
        <div id={`${id}-hint`} className="jp-PromptHub-field-hint">
          {field.hint}
        </div>
      )}
    </div>
  );
}
