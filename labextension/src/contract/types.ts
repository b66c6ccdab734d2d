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
export function schemaOf(type: FieldType, choices: readonly string[] = []): ISchema {
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

/** The values of an enumeration as one line. */
export function choicesText(schema: ISchema): string {
  const values = schema['enum'];
  return Array.isArray(values) ? values.filter(value => value !== null).join(', ') : '';
}

/** Words between commas, each once. */
export function readChoices(text: string): string[] {
  return [...new Set(text.split(',').map(each => each.trim()))].filter(Boolean);
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
export function readDefault(type: FieldType, text: string): { value: unknown } | null {
  if (type === 'string' || type === 'enum') {
    return { value: text };
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}
