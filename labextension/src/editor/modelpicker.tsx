import * as React from 'react';
import type { PromptModel } from './model';

/** The choices of a model for a run: the prompt's own, then all that are known. */
export function ModelOptions(props: { model: PromptModel; picked: string }): JSX.Element {
  const { model, picked } = props;
  const { trans } = model.hub;
  const { items } = model.models;
  const own = model.content?.model ?? null;
  return (
    <>
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
      {picked && !items.some(item => item.ref === picked) && (
        <option value={picked}>{picked}</option>
      )}
    </>
  );
}

/** Which model the Run tab asks. */
export function ModelPicker(props: { model: PromptModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const id = React.useId();
  const used = model.picked || model.content?.model || model.models.default;
  const info = model.models.items.find(item => item.ref === used);
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
          <ModelOptions model={model} picked={model.picked} />
        </select>
      </div>
      {hint && <div className="jp-PromptHub-note">{hint}</div>}
    </div>
  );
}
