import * as React from 'react';
import { Badge } from '../components/basics';
import type { PromptModel } from '../editor/model';
import { Adder, Line, RemoveButton } from './fields';

interface IMapping {
  readonly [key: string]: unknown;
}

/** The tools that the model may call: by name, or with what they are for. */
export function Tools(props: { model: PromptModel; disabled: boolean }): JSX.Element {
  const { model, disabled } = props;
  const { trans } = model.hub;
  const tools = model.content?.tools ?? [];
  return (
    <section aria-label={trans.__('Tools')}>
      <h3 className="jp-PromptHub-heading">{trans.__('Tools')}</h3>
      <ul className="jp-PromptHub-cards">
        {tools.map(tool => (
          <li key={toolName(tool)}>
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
        taken={tools.map(toolName)}
        change={tool => ({ change: 'put_tool', tool })}
      />
    </section>
  );
}

function Tool(props: { model: PromptModel; tool: unknown; disabled: boolean }): JSX.Element {
  const { model, tool, disabled } = props;
  const { trans } = model.hub;
  const name = toolName(tool);
  const mapping = isMapping(tool) ? tool : null;
  const inner = isMapping(mapping?.['function']) ? mapping['function'] : mapping;
  const description = inner?.['description'];
  const taken = parametersOf(inner);
  return (
    <div className="jp-PromptHub-fieldCard" data-tool={name}>
      <div className="jp-PromptHub-fieldCard-row">
        <code title={name}>{name}</code>
        {!mapping && (
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
          place={`tool/${name}`}
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
        value={typeof description === 'string' ? description : ''}
        disabled={disabled}
        change={text => ({ change: 'describe_tool', name, description: text })}
      />
      {taken.length > 0 && (
        <span className="jp-PromptHub-quiet">{trans.__('takes %1', taken.join(', '))}</span>
      )}
    </div>
  );
}

/** What a tool is called. */
export function toolName(tool: unknown): string {
  return String(isMapping(tool) ? tool['name'] : tool);
}

/** The names of what a tool takes, in any of the spellings that models are sent. */
function parametersOf(tool: IMapping | null): string[] {
  const schema = tool?.['parameters'] ?? tool?.['inputSchema'] ?? tool?.['input_schema'];
  return isMapping(schema) ? Object.keys(schema['properties'] ?? {}) : [];
}

function isMapping(value: unknown): value is IMapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
