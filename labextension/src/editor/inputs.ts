import type { IVariable } from '../api';

/** How a variable is typed in. */
export type Control = 'text' | 'number' | 'integer' | 'boolean' | 'select' | 'json';

/** What is in the form: text as typed, by variable; absent = not given. */
export interface IFormValues {
  readonly [name: string]: string;
}

/** What the form gives: values to send, and what is wrong, by variable. */
export interface IInputs {
  readonly values: { readonly [name: string]: unknown };
  readonly errors: { readonly [name: string]: InputError };
}

/** `missing`: required and not given; the others: given, but not that. */
export type InputError = 'missing' | 'number' | 'integer' | 'json' | 'array' | 'object' | 'choice';

export function controlOf(variable: IVariable): Control {
  if (choicesOf(variable).length > 0) {
    return 'select';
  }
  switch (variable.type) {
    case 'number':
      return 'number';
    case 'integer':
      return 'integer';
    case 'boolean':
      return 'boolean';
    case 'array':
    case 'object':
    case 'any':
      return 'json';
    default:
      return 'text';
  }
}

/** The values that an enumeration allows; empty for anything else. */
export function choicesOf(variable: IVariable): readonly unknown[] {
  const values = variable.schema['enum'];
  return Array.isArray(values) ? (values as unknown[]).filter(value => value !== null) : [];
}

/** What the form shows for a value (a default, an earlier input). */
export function asTyped(value: unknown, control: Control): string {
  if (value === undefined || value === null) {
    return '';
  }
  return typeof value === 'string' && control !== 'json' ? value : JSON.stringify(value, null, 2);
}

/**
 * The inputs that the form gives.
 *
 * An empty field counts as not given, except a text field that was typed in and emptied on purpose for a
 * required variable: then the empty text is the value.
 */
export function readInputs(variables: readonly IVariable[], typed: IFormValues): IInputs {
  const values: { [name: string]: unknown } = {};
  const errors: { [name: string]: InputError } = {};
  for (const variable of variables) {
    const text = typed[variable.name];
    const control = controlOf(variable);
    const empty = text === undefined || (control !== 'text' && text.trim() === '');
    if (empty || (text === '' && !variable.required)) {
      if (variable.required && !variable.has_default) {
        errors[variable.name] = 'missing';
      }
      continue;
    }
    const read = readOne(variable, control, text);
    if (read.error) {
      errors[variable.name] = read.error;
    } else {
      values[variable.name] = read.value;
    }
  }
  return { values, errors };
}

function readOne(
  variable: IVariable,
  control: Control,
  text: string
): { value?: unknown; error?: InputError } {
  switch (control) {
    case 'text':
      return { value: text };
    case 'boolean':
      return { value: text === 'true' };
    case 'select': {
      const value = choicesOf(variable).find(choice => asTyped(choice, 'text') === text);
      return value === undefined ? { error: 'choice' } : { value };
    }
    case 'number':
    case 'integer': {
      const value = Number(text);
      if (!Number.isFinite(value)) {
        return { error: 'number' };
      }
      return control === 'integer' && !Number.isInteger(value) ? { error: 'integer' } : { value };
    }
    case 'json':
      return readJson(variable, text);
  }
}

function readJson(variable: IVariable, text: string): { value?: unknown; error?: InputError } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // anything goes: what is not JSON is text
    return variable.type === 'any' ? { value: text } : { error: 'json' };
  }
  if (variable.type === 'array' && !Array.isArray(value)) {
    return { error: 'array' };
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return variable.type === 'object' && !isObject ? { error: 'object' } : { value };
}
