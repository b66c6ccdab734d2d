import type { TranslationBundle } from '@jupyterlab/translation';

/** A JSON Schema, or a part of one. */
export interface ISchema {
  readonly [key: string]: unknown;
}

/** What the form can make of a variable or a property; `other` is kept as it is written. */
export type FieldType =
  'string' | 'integer' | 'number' | 'boolean' | 'enum' | 'array' | 'object' | 'any' | 'other';

const SCALARS: readonly FieldType[] = ['string', 'integer', 'number', 'boolean'];

/** The types that can be chosen, in this order. */
export const TYPES: readonly FieldType[] = [...SCALARS, 'enum', 'array', 'object', 'any'];

/** The type of a schema, null beside it left aside. */
export function typeOf(schema: ISchema): FieldType {
  if (Array.isArray(schema['enum'])) {
    return 'enum';
  }
  const written = schema['type'] ?? 'any';
  const kinds = (Array.isArray(written) ? written : [written]).filter(kind => kind !== 'null');
  const kind = kinds[0] as FieldType;
  return kinds.length === 1 && TYPES.includes(kind) ? kind : 'other';
}

/** The schema of a type that was just chosen. */
export function schemaOf(type: FieldType, choices: readonly unknown[] = []): ISchema {
  switch (type) {
    case 'enum':
      return { enum: choices.length > 0 ? choices : ['first', 'second'] };
    case 'array':
      return { type: 'array', items: { type: 'string' } };
    case 'object':
      return { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
    case 'any':
      return {};
    default:
      return { type };
  }
}

/** The values of an enumeration as one line: words with commas between, or JSON where that would not be read back. */
export function choicesText(schema: ISchema): string {
  const written = schema['enum'];
  const values = Array.isArray(written) ? (written as unknown[]).filter(each => each !== null) : [];
  const isPlain = values.every(
    each => typeof each === 'number' || (typeof each === 'string' && isWord(each))
  );
  const kinds = new Set(values.map(each => typeof each));
  return isPlain && kinds.size < 2 ? values.map(String).join(', ') : JSON.stringify(values);
}

function isWord(text: string): boolean {
  return text === text.trim() && text !== '' && !text.includes(',') && !text.startsWith('[');
}

/** The values that a line says, each once; numbers stay numbers. Null when it says none. */
export function readChoices(schema: ISchema, text: string): unknown[] | null {
  if (text.trim().startsWith('[')) {
    try {
      const values = JSON.parse(text) as unknown;
      return Array.isArray(values) && values.length > 0 ? (values as unknown[]) : null;
    } catch {
      return null;
    }
  }
  const words = [...new Set(text.split(',').map(each => each.trim()))].filter(Boolean);
  const written = schema['enum'];
  const areNumbers =
    Array.isArray(written) &&
    written.length > 0 &&
    written.every(each => typeof each === 'number' || each === null);
  if (words.length === 0) {
    return null;
  }
  const numbers = words.map(Number);
  return areNumbers && numbers.every(Number.isFinite) ? numbers : words;
}

/** The properties of an object's schema, by name. */
export function propertiesOf(schema: ISchema | null): { readonly [name: string]: ISchema } {
  return (schema?.['properties'] ?? {}) as { readonly [name: string]: ISchema };
}

/** What people call a type. */
export function typeLabel(type: FieldType, schema: ISchema, trans: TranslationBundle): string {
  switch (type) {
    case 'string':
      return trans.__('text');
    case 'integer':
      return trans.__('whole number');
    case 'number':
      return trans.__('number');
    case 'boolean':
      return trans.__('yes or no');
    case 'enum':
      return trans.__('one of…');
    case 'array': {
      const items = (schema['items'] ?? {}) as ISchema;
      const inner = typeOf(items);
      return inner === 'string' || !('items' in schema)
        ? trans.__('list of texts')
        : trans.__('list of %1', inner);
    }
    case 'object': {
      const names = Object.keys(schema['properties'] ?? {});
      return names.length > 0 ? trans.__('object: %1', names.join(', ')) : trans.__('object');
    }
    case 'any':
      return trans.__('anything');
    case 'other':
      return trans.__('as in the text');
  }
}

/** A default as it is typed in: text as it is, all else as JSON. */
export function showDefault(type: FieldType, value: unknown): string {
  return (type === 'string' || type === 'enum') && typeof value === 'string'
    ? value
    : JSON.stringify(value);
}

/** What was typed in as a default; null when it is not of that type. */
export function readDefault(schema: ISchema, text: string): { value: unknown } | null {
  const type = typeOf(schema);
  if (type === 'string' || (type === 'enum' && fits(schema, text))) {
    return { value: text };
  }
  try {
    const value = JSON.parse(text) as unknown;
    return fits(schema, value) ? { value } : null;
  } catch {
    return null;
  }
}

/** Whether a value is of the type that a schema names. What is inside of it the server checks. */
export function fits(schema: ISchema, value: unknown): boolean {
  switch (typeOf(schema)) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'enum':
      return (schema['enum'] as unknown[]).includes(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return true;
  }
}
