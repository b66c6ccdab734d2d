import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { asPromptHubError, isAbort } from '../api';
import { nextStep } from './nextstep';

/** Tell that something failed: `what` (“Could not save”), why, and what to do next. */
export function reportError(
  trans: TranslationBundle,
  what: string,
  thrown: unknown,
  actions: Notification.IAction[] = []
): void {
  if (isAbort(thrown)) {
    return;
  }
  const error = asPromptHubError(thrown);
  const message = [`${what}: ${error.message}`, nextStep(error, trans)].filter(Boolean).join('\n');
  Notification.error(message, { autoClose: false, actions });
}

/** Tell that something was done. */
export function reportDone(message: string, actions: Notification.IAction[] = []): void {
  Notification.success(message, { autoClose: actions.length > 0 ? 8000 : 4000, actions });
}
