import * as React from 'react';
import type { ITool } from '../api';
import { Badge } from '../components/basics';
import type { PromptModel } from '../editor/model';
import { Adder, RemoveButton } from './fields';
import { Line } from './Line';
import type { IPropertyWords } from './Property';
import { Properties } from './Property';

/** The tools that the model may call: by name, or with what they are for and what they take. */
export function Tools(props: { model: PromptModel; disabled: boolean }): JSX.Element {
  const { model, disabled } = props;
  const { trans } = model.hub;
  const { tools } = model;
  return (
    <section aria-label={trans.__('Tools')}>
      <h3 className="jp-PromptHub-heading">{trans.__('Tools')}</h3>
      {tools.length === 0 && (
        <p className="jp-PromptHub-quiet">
          {trans.__('None. A tool is something that the model may ask your code to do.')}
        </p>
      )}
      <ul className="jp-PromptHub-cards">
        {tools.map(tool => (
          <li key={tool.name}>
            <Tool model={model} tool={tool} disabled={disabled} />
          </li>
        ))}
      </ul>
      <Adder
        model={model}
        place="tool/+"
        label={trans.__('Name of a tool')}
        placeholder={trans.__('new tool')}
        disabled={disabled}
        taken={tools.map(({ name }) => name)}
        change={tool => ({ change: 'put_tool', tool })}
      />
    </section>
  );
}

function Tool(props: { model: PromptModel; tool: ITool; disabled: boolean }): JSX.Element {
  const { model, tool, disabled } = props;
  const { trans } = model.hub;
  const { name } = tool;
  return (
    <div className="jp-PromptHub-fieldCard" data-tool={name}>
      <div className="jp-PromptHub-fieldCard-row">
        <code title={name}>{name}</code>
        {!tool.is_defined && (
          <Badge
            kind="warn"
            title={trans.__(
              'The model is not told of it until it is described here or in the text'
            )}
          >
            {trans.__('only named')}
          </Badge>
        )}
        <RemoveButton
          model={model}
          place={`tool/${name}/=remove`}
          label={trans.__('Remove the tool %1', name)}
          disabled={disabled}
          change={{ change: 'remove_tool', name }}
        />
      </div>
      <Line
        model={model}
        place={`tool/${name}/description`}
        label={trans.__('Description of the tool %1', name)}
        placeholder={trans.__('what it does')}
        value={tool.description}
        disabled={disabled}
        change={text => ({ change: 'describe_tool', name, description: text })}
      />
      <Parameters model={model} tool={tool} disabled={disabled} />
    </div>
  );
}

/** What a tool takes. */
function Parameters(props: { model: PromptModel; tool: ITool; disabled: boolean }): JSX.Element {
  const { model, tool, disabled } = props;
  const { trans } = model.hub;
  const { schema, problem } = tool;
  const isForm = problem === null && (schema === null || schema['type'] === 'object');
  const words: IPropertyWords = {
    place: `tool/${tool.name}/parameter`,
    name: name => trans.__('Name of the parameter %1 of %2', name, tool.name),
    one: name => trans.__('%1 of %2', name, tool.name),
    remove: name => trans.__('Remove the parameter %1 of %2', name, tool.name),
    added: trans.__('Name of a new parameter of %1', tool.name),
    placeholder: trans.__('new parameter'),
    put: (name, part) => ({ change: 'put_tool_parameter', tool: tool.name, name, ...part }),
    rename: (name, to) => ({ change: 'rename_tool_parameter', tool: tool.name, name, to }),
    takeOut: name => ({ change: 'remove_tool_parameter', tool: tool.name, name })
  };
  return (
    <div
      role="group"
      aria-label={trans.__('Parameters of %1', tool.name)}
      className="jp-PromptHub-nested"
    >
      <span className="jp-PromptHub-quiet" aria-hidden>
        {trans.__('parameters')}
      </span>
      {isForm ? (
        <Properties model={model} schema={schema} words={words} disabled={disabled} />
      ) : (
        <p className="jp-PromptHub-quiet">
          {trans.__('They cannot be shown as a form; edit them in the text.')}{' '}
          {problem ?? trans.__('Expected a schema of type object.')}
        </p>
      )}
    </div>
  );
}
