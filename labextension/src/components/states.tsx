import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import { refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { PromptHubError } from '../api';
import { emptyIcon, warningIcon } from '../icons';
import { Button } from './basics';
import { nextStep } from './nextstep';

/** Nothing here yet: what it is, and what to do. */
export function EmptyState(props: {
  icon?: LabIcon;
  title: string;
  children?: React.ReactNode;
  actions?: React.ReactNode;
}): JSX.Element {
  const Icon = props.icon ?? emptyIcon;
  return (
    <div className="jp-PromptHub-state">
      <Icon.react tag="span" className="jp-PromptHub-state-icon" />
      <div className="jp-PromptHub-state-title">{props.title}</div>
      {props.children && <div className="jp-PromptHub-state-text">{props.children}</div>}
      {props.actions && <div className="jp-PromptHub-state-actions">{props.actions}</div>}
    </div>
  );
}

/** Something failed: what, what next, and once more. */
export function ErrorState(props: {
  error: PromptHubError;
  trans: TranslationBundle;
  title: string;
  onRetry: () => void;
}): JSX.Element {
  const { error, trans } = props;
  const hint = nextStep(error, trans);
  return (
    <div className="jp-PromptHub-state jp-mod-error" role="alert">
      <warningIcon.react tag="span" className="jp-PromptHub-state-icon" />
      <div className="jp-PromptHub-state-title">{props.title}</div>
      <div className="jp-PromptHub-state-text">{error.message}</div>
      {hint && <div className="jp-PromptHub-state-text">{hint}</div>}
      <div className="jp-PromptHub-state-actions">
        <Button icon={refreshIcon} onClick={props.onRetry}>
          {trans.__('Try again')}
        </Button>
      </div>
      {error.traceId && (
        <div className="jp-PromptHub-state-trace">{trans.__('Trace %1', error.traceId)}</div>
      )}
    </div>
  );
}

/** Waiting; for screen readers a status. */
export function Loading(props: { label: string; rows?: number }): JSX.Element {
  return (
    <div className="jp-PromptHub-loading" role="status" aria-label={props.label}>
      {Array.from({ length: props.rows ?? 6 }, (_, index) => (
        <div
          key={index}
          className="jp-PromptHub-skeleton"
          style={{ width: `${88 - ((index * 37) % 45)}%` }}
        />
      ))}
    </div>
  );
}

/** A small turning ring. */
export function Spinner(props: { label: string }): JSX.Element {
  return <span className="jp-PromptHub-spinner" role="status" aria-label={props.label} />;
}
