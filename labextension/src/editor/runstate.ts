import type { ExecuteEvent } from '../api/execution';
import type { IExecuteResponse } from '../api';

/** What was run, for the line under the answer. */
export type RunSubject =
  { readonly kind: 'draft' | 'file' } | { readonly kind: 'version'; readonly short: string };

/** One press of Run, from waiting to its end. */
export type RunState =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'waiting' | 'streaming';
      readonly subject: RunSubject;
      readonly executionId: string | null;
      readonly text: string;
    }
  | {
      readonly phase: 'done';
      readonly subject: RunSubject;
      readonly text: string;
      readonly response: IExecuteResponse;
    }
  | {
      readonly phase: 'failed' | 'cancelled';
      readonly subject: RunSubject;
      readonly executionId: string | null;
      /** what came before the end */
      readonly text: string;
      readonly error: unknown;
    };

export type RunStep =
  | { readonly kind: 'begin'; readonly subject: RunSubject }
  | ExecuteEvent
  | { readonly kind: 'cancel' }
  | { readonly kind: 'fail'; readonly error: unknown };

export const IDLE: RunState = { phase: 'idle' };

export function isRunning(state: RunState): boolean {
  return state.phase === 'waiting' || state.phase === 'streaming';
}

/** The next state. Steps that come after the end (a late piece, a second cancel) change nothing. */
export function step(state: RunState, next: RunStep): RunState {
  if (next.kind === 'begin') {
    return isRunning(state)
      ? state
      : { phase: 'waiting', subject: next.subject, executionId: null, text: '' };
  }
  if (state.phase !== 'waiting' && state.phase !== 'streaming') {
    return state;
  }
  const { subject, executionId, text } = state;
  switch (next.kind) {
    case 'start':
      return { ...state, executionId: next.executionId };
    case 'delta':
      return { ...state, phase: 'streaming', text: text + next.text };
    case 'result':
      // the whole answer counts, not the pieces
      return {
        phase: 'done',
        subject,
        text: next.response.result.completion,
        response: next.response
      };
    case 'cancel':
      return { phase: 'cancelled', subject, executionId, text, error: null };
    case 'fail':
      return { phase: 'failed', subject, executionId, text, error: next.error };
  }
}
