import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IExecution } from '../api';
import { classes } from '../components/basics';
import { TimeAgo } from '../components/time';
import { CopyAs } from './copyas';
import { duration } from './format';
import type { PromptModel } from './model';
import { keepSample } from './samplebar';

/** The last runs of the prompt; one opens to its output. */
export function Recent(props: { model: PromptModel }): JSX.Element | null {
  const { model } = props;
  const { trans } = model.hub;
  const [open, setOpen] = React.useState<string | null>(null);
  const { recent } = model.runner;
  if (recent.length === 0) {
    return null;
  }
  return (
    <section className="jp-PromptHub-recent" aria-label={trans.__('Last runs')}>
      <div className="jp-PromptHub-heading">{trans.__('Last runs')}</div>
      <ul>
        {recent.map(execution => (
          <li key={execution.id}>
            <button
              type="button"
              className={classes('jp-PromptHub-recent-row', `jp-mod-${execution.state}`)}
              aria-expanded={open === execution.id}
              onClick={() => setOpen(open === execution.id ? null : execution.id)}
            >
              <span className="jp-PromptHub-dot" title={execution.state} />
              <span className="jp-PromptHub-recent-model">
                {(execution.model ?? execution.model_asked)?.replace(/^.*\//, '')}
              </span>
              {execution.latency_ms !== null && <span>{duration(execution.latency_ms)}</span>}
              <TimeAgo time={execution.created_at} />
            </button>
            {open === execution.id && <Details execution={execution} model={model} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Details(props: { execution: IExecution; model: PromptModel }): JSX.Element {
  const { execution, model } = props;
  const { trans, api } = model.hub;
  const [full, setFull] = React.useState<IExecution | null>(null);
  React.useEffect(() => {
    let live = true;
    api.execution.get(execution.id).then(
      got => live && setFull(got),
      () => live && setFull(execution)
    );
    return () => {
      live = false;
    };
  }, [api, execution]);
  if (!full) {
    return <p className="jp-PromptHub-quiet">{trans.__('Loading…')}</p>;
  }
  const { inputs } = full;
  const { samples } = model;
  return (
    <div className="jp-PromptHub-recent-details">
      <p className="jp-PromptHub-quiet">
        {trans.__(
          '%1. Run by %2.',
          saidState(full, trans),
          full.actor.display_name || full.actor.id
        )}
      </p>
      {full.error_message && <p className="jp-PromptHub-note">{full.error_message}</p>}
      {full.output !== null && <pre className="jp-PromptHub-answer-text">{full.output}</pre>}
      {inputs && (
        <div className="jp-PromptHub-recent-actions">
          <button
            type="button"
            className="jp-PromptHub-link"
            onClick={() => {
              samples?.pick(null);
              model.fill(inputs);
            }}
          >
            {trans.__('Use its inputs')}
          </button>
          <CopyAs hub={model.hub} executionId={execution.id} />
          {samples && model.hub.can('prompt:write') && (
            <button
              type="button"
              className="jp-PromptHub-link"
              onClick={() => void keepSample(samples, inputs, trans)}
            >
              {trans.__('Keep as a sample')}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function saidState(execution: IExecution, trans: TranslationBundle): string {
  switch (execution.state) {
    case 'succeeded':
      return trans.__('Answered');
    case 'failed':
      return trans.__('Failed');
    case 'cancelled':
      return trans.__('Stopped');
    case 'incomplete':
      return trans.__('Broke off');
    default:
      return trans.__('Running');
  }
}
