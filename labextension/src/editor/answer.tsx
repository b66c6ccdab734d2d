import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { checkIcon, copyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { asPromptHubError } from '../api';
import { Badge, IconButton } from '../components/basics';
import { nextStep } from '../components/nextstep';
import { Spinner } from '../components/states';
import { warningIcon } from '../icons';
import type { IPromptHub } from '../tokens';
import { CopyAs } from './copyas';
import { facts } from './format';
import type { RunState } from './runstate';

const DONE_MS = 1500;

/** What came back: text (never markup), how it went, and what it took. */
export function Answer(props: { state: RunState; hub: IPromptHub }): JSX.Element | null {
  const { state, hub } = props;
  const { trans } = hub;
  if (state.phase === 'idle') {
    return null;
  }
  const { subject } = state;
  const ran =
    subject.kind === 'version'
      ? trans.__('version %1', subject.short)
      : subject.kind === 'file'
        ? trans.__('this file')
        : trans.__('unsaved draft');
  return (
    <section
      className="jp-PromptHub-answer"
      aria-label={trans.__('Answer')}
      aria-busy={state.phase === 'waiting' || state.phase === 'streaming'}
      data-phase={state.phase}
    >
      <header className="jp-PromptHub-answer-head">
        <span className="jp-PromptHub-heading">{trans.__('Answer')}</span>
        <Badge title={trans.__('What was run')}>{ran}</Badge>
        {state.phase === 'waiting' && <Spinner label={trans.__('Waiting for the first token')} />}
        {state.phase === 'streaming' && <Spinner label={trans.__('The answer is coming')} />}
        <span className="jp-PromptHub-spring" />
        {state.phase === 'done' && <CopyAs hub={hub} executionId={state.response.execution_id} />}
        {state.text && <CopyButton text={state.text} trans={trans} />}
      </header>
      {state.phase === 'waiting' && (
        <p className="jp-PromptHub-quiet">{trans.__('Waiting for the first token…')}</p>
      )}
      {state.text && (
        <pre className="jp-PromptHub-answer-text" tabIndex={0}>
          {state.text}
          {state.phase === 'streaming' && <span className="jp-PromptHub-textCaret" />}
        </pre>
      )}
      {state.phase === 'done' && !state.text && (
        <p className="jp-PromptHub-quiet">{trans.__('The answer is empty.')}</p>
      )}
      <div role="status">
        {state.phase === 'done' && (
          <div className="jp-PromptHub-facts">
            <span title={trans.__('The model that answered')}>
              {state.response.result.metadata.model}
            </span>
            {facts(state.response.result.metadata, trans).map(fact => (
              <span key={fact}>{fact}</span>
            ))}
          </div>
        )}
        {state.phase === 'cancelled' && (
          <p className="jp-PromptHub-quiet">
            {state.text ? trans.__('Stopped; this is what came.') : trans.__('Stopped.')}
          </p>
        )}
      </div>
      {state.phase === 'done' &&
        state.response.warnings.map(warning => (
          <p key={warning.message} className="jp-PromptHub-note">
            {warning.message}
          </p>
        ))}
      {state.phase === 'failed' && (
        <Failure error={state.error} partial={!!state.text} trans={trans} />
      )}
    </section>
  );
}

/** Why a run failed, and what to do next. */
export function Failure(props: {
  error: unknown;
  partial: boolean;
  trans: TranslationBundle;
}): JSX.Element {
  const { partial, trans } = props;
  const error = asPromptHubError(props.error);
  const step = nextStep(error, trans);
  return (
    <div className="jp-PromptHub-failure" role="alert">
      <warningIcon.react tag="span" className="jp-PromptHub-icon" />
      <div>
        {partial && <p>{trans.__('The answer is not complete.')}</p>}
        <p>{error.message}</p>
        {step && <p className="jp-PromptHub-quiet">{step}</p>}
      </div>
    </div>
  );
}

/** Copies a text; the check mark says so. */
export function CopyButton(props: { text: string; trans: TranslationBundle }): JSX.Element {
  const { text, trans } = props;
  const [copied, setCopied] = React.useState(false);
  React.useEffect(() => {
    if (!copied) {
      return undefined;
    }
    const timer = setTimeout(() => setCopied(false), DONE_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton
      icon={copied ? checkIcon : copyIcon}
      label={copied ? trans.__('Copied') : trans.__('Copy the answer')}
      onClick={() => {
        Clipboard.copyToSystem(text);
        setCopied(true);
      }}
    />
  );
}
