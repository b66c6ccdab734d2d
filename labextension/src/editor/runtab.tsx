import { runIcon, stopIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { Button } from '../components/basics';
import { Answer } from './answer';
import { EstimateLine } from './estimate';
import { InputField } from './inputfield';
import type { PromptModel } from './model';
import { Recent } from './recent';
import { isRunning } from './runstate';

/** Inputs, model, Run, and what came back. */
export function RunTab(props: {
  model: PromptModel;
  /** The keys of the Run command, as text. */
  keys: string;
  /** Add a plain file to the library; null for a draft. */
  onAdd: (() => void) | null;
}): JSX.Element {
  const { model, keys, onAdd } = props;
  const { trans } = model.hub;
  const { errors } = model.inputs;
  const running = isRunning(model.runner.state);
  const why = model.whyNotRun;
  const wrong = Object.keys(errors);
  return (
    <form
      className="jp-PromptHub-run"
      onSubmit={event => {
        event.preventDefault();
        void model.run();
      }}
    >
      <div className="jp-PromptHub-inputs">
        {model.variables.map(variable => (
          <InputField
            key={variable.name}
            variable={variable}
            value={model.typed[variable.name]}
            error={errors[variable.name]}
            strict={model.showErrors}
            onChange={value => model.setInput(variable.name, value)}
            trans={trans}
          />
        ))}
        {model.content && model.variables.length === 0 && (
          <p className="jp-PromptHub-quiet">
            {trans.__('This prompt has no variables. Write {{name}} in the template to make one.')}
          </p>
        )}
      </div>
      <ModelPicker model={model} />
      <div className="jp-PromptHub-runbar">
        {running ? (
          <Button icon={stopIcon} onClick={() => model.runner.cancel()}>
            {trans.__('Stop')}
          </Button>
        ) : (
          <Button
            primary
            icon={runIcon}
            disabled={why !== null}
            title={why ?? trans.__('Run (%1)', keys)}
            onClick={() => void model.run()}
          >
            {trans.__('Run')}
          </Button>
        )}
        <span className="jp-PromptHub-quiet">
          {why ??
            (model.showErrors && wrong.length > 0
              ? trans.__('Missing or wrong: %1', wrong.join(', '))
              : model.isDirty
                ? trans.__('runs the unsaved draft')
                : keys)}
        </span>
      </div>
      {model.estimate && <EstimateLine estimates={[model.estimate]} trans={trans} />}
      {onAdd && (
        <div className="jp-PromptHub-runbar">
          <Button onClick={onAdd}>{trans.__('Add to the library')}</Button>
        </div>
      )}
      <Answer state={model.runner.state} trans={trans} />
      {model.key && <Recent model={model} />}
    </form>
  );
}

function ModelPicker(props: { model: PromptModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const id = React.useId();
  const { items } = model.models;
  const own = model.content?.model ?? null;
  const used = model.picked || own || model.models.default;
  const info = items.find(item => item.ref === used);
  const hint = info && !info.ready ? info.hint : '';
  return (
    <div className="jp-PromptHub-input">
      <label htmlFor={id} className="jp-PromptHub-input-label">
        {trans.__('Model')}
      </label>
      <div className="jp-PromptHub-select">
        <select
          id={id}
          name="model"
          value={model.picked}
          onChange={event => model.pick(event.target.value)}
        >
          <option value="">
            {own
              ? trans.__('%1 (the prompt’s own)', own)
              : model.models.default
                ? trans.__('%1 (default)', model.models.default)
                : trans.__('The default')}
          </option>
          {items.map(item => (
            <option key={item.ref} value={item.ref}>
              {item.ready ? item.label : trans.__('%1 (not ready)', item.label)}
            </option>
          ))}
          {model.picked && !items.some(item => item.ref === model.picked) && (
            <option value={model.picked}>{model.picked}</option>
          )}
        </select>
      </div>
      {hint && <div className="jp-PromptHub-note">{hint}</div>}
    </div>
  );
}
