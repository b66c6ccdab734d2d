import * as React from 'react';
import type { PromptModel } from '../editor/model';
import { useRefusal } from '../editor/refusals';
import type { IPropertyWords } from './Property';
import { Properties } from './Property';

/** No property is called so. */
const FORMAT = 'answer/=format';

/** What an answer must look like: its format, and the properties of its schema. */
export function Answer(props: { model: PromptModel; disabled: boolean }): JSX.Element {
  const { model, disabled } = props;
  const { trans } = model.hub;
  const output = model.content?.output ?? null;
  const schema = output?.schema ?? null;
  const refusal = useRefusal(model.edits, FORMAT, trans);
  const isForm = schema === null || 'properties' in schema;
  const words: IPropertyWords = {
    place: 'answer',
    name: name => trans.__('Name of the property %1 of the answer', name),
    one: name => name,
    remove: name => trans.__('Remove the property %1', name),
    added: trans.__('Name of a new property of the answer'),
    placeholder: trans.__('new property'),
    put: (name, part) => ({ change: 'put_output_property', name, ...part }),
    rename: (name, to) => ({ change: 'rename_output_property', name, to }),
    takeOut: name => ({ change: 'remove_output_property', name })
  };
  return (
    <section aria-label={trans.__('Answer')}>
      <h3 className="jp-PromptHub-heading">{trans.__('Answer')}</h3>
      <span className="jp-PromptHub-select">
        <select
          aria-label={trans.__('Format of the answer')}
          disabled={disabled}
          value={output?.format ?? ''}
          {...refusal.aria}
          onChange={event =>
            void model.edits.make(FORMAT, {
              change: 'set_output_format',
              format: event.target.value || null
            })
          }
        >
          {[...new Set(['', 'text', 'json', output?.format ?? ''])].map(each => (
            <option key={each} value={each}>
              {each || trans.__('no format asked for')}
            </option>
          ))}
        </select>
      </span>
      {refusal.note}
      {isForm ? (
        <Properties model={model} schema={schema} words={words} disabled={disabled} />
      ) : (
        <pre className="jp-PromptHub-schema" tabIndex={0}>
          {JSON.stringify(schema, null, 2)}
        </pre>
      )}
    </section>
  );
}
