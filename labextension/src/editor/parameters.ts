/** A model setting that the form knows. */
export interface IParameter {
  readonly name: string;
  readonly kind: 'number' | 'integer' | 'texts';
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
}

/** In the order of the form. Others are shown below them, as JSON. */
export const PARAMETERS: readonly IParameter[] = [
  { name: 'temperature', kind: 'number', min: 0, max: 2, step: 0.1 },
  { name: 'max_tokens', kind: 'integer', min: 1 },
  { name: 'top_p', kind: 'number', min: 0, max: 1, step: 0.05 },
  { name: 'stop', kind: 'texts' },
  { name: 'seed', kind: 'integer' },
  { name: 'frequency_penalty', kind: 'number', min: -2, max: 2, step: 0.1 },
  { name: 'presence_penalty', kind: 'number', min: -2, max: 2, step: 0.1 }
];

/** What a field holds: nothing, a value, or something that cannot be one. */
export type Read =
  | { readonly kind: 'none' }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'wrong'; readonly expected: 'number' | 'integer' | 'range' | 'json' };

/** The text of a field for a value of the document. */
export function write(parameter: IParameter | null, value: unknown): string {
  if (value === undefined) {
    return '';
  }
  if (parameter?.kind === 'texts') {
    if (
      Array.isArray(value) &&
      value.every(each => typeof each === 'string' && !/[\n\\]/.test(each))
    ) {
      return value.join('\n');
    }
    return typeof value === 'string' ? value : JSON.stringify(value);
  }
  return parameter && typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value that a field's text says. */
export function read(parameter: IParameter | null, text: string): Read {
  if (text.trim() === '') {
    return { kind: 'none' };
  }
  if (!parameter) {
    try {
      return { kind: 'value', value: JSON.parse(text) as unknown };
    } catch {
      return { kind: 'wrong', expected: 'json' };
    }
  }
  if (parameter.kind === 'texts') {
    return { kind: 'value', value: text.split('\n').filter(line => line !== '') };
  }
  const value = Number(text);
  if (!Number.isFinite(value)) {
    return { kind: 'wrong', expected: 'number' };
  }
  if (parameter.kind === 'integer' && !Number.isInteger(value)) {
    return { kind: 'wrong', expected: 'integer' };
  }
  const { min = -Infinity, max = Infinity } = parameter;
  return value < min || value > max
    ? { kind: 'wrong', expected: 'range' }
    : { kind: 'value', value };
}
