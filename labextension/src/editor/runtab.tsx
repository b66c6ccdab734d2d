import { runIcon, stopIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { Button } from '../components/basics';
import { compareIcon } from '../icons';
import { Answer } from './answer';
import { EstimateLine } from './estimate';
import { InputFields } from './inputfields';
import type { PromptModel } from './model';
import { ModelPicker } from './modelpicker';
import { Recent } from './recent';
import { SampleBar } from './samplebar';
import { isRunning } from './runstate';

/** Inputs, model, Run, and what came back. */
export function RunTab(props: {
  model: PromptModel;
  /** The keys of the Run command, as text. */
  keys: string;
  /** Add a plain file to the library; null for a draft. */
  onAdd: (() => void) | null;
  /** Open several runs beside each other; null where there is no such thing. */
  onSideBySide: (() => void) | null;
}): JSX.Element {
  const { model, keys, onAdd, onSideBySide } = props;
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
      {model.samples && <SampleBar model={model} samples={model.samples} />}
      <div className="jp-PromptHub-inputs">
        <InputFields model={model} />
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
        {onSideBySide && (
          <Button
            icon={compareIcon}
            title={trans.__('Run on several models or versions beside each other')}
            onClick={onSideBySide}
          >
            {trans.__('Side by side')}
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
      <Answer state={model.runner.state} hub={model.hub} />
      <Recent model={model} />
    </form>
  );
}
