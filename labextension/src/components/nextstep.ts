import type { TranslationBundle } from '@jupyterlab/translation';
import type { PromptHubError } from '../api';

/** What a person can do about an error; null when the message says it all. */
export function nextStep(error: PromptHubError, trans: TranslationBundle): string | null {
  switch (error.code) {
    case 'stale_head':
      return trans.__(
        'Somebody saved a version on this branch first. Nothing of yours is lost: look at their version, update your draft, then save again.'
      );
    case 'conflict':
    case 'idempotency_mismatch':
      return trans.__('Reload and look at what changed, then try again.');
    case 'already_exists':
      return trans.__('Choose another name.');
    case 'forbidden':
      return trans.__('Ask an administrator of the workspace for the permission.');
    case 'unauthenticated':
      return trans.__('Sign in again, then reload this page.');
    case 'prompt_syntax':
      return trans.__('The draft is kept as typed. Correct the marked places, then save again.');
    case 'rate_limited':
      return trans.__('Wait a moment, then try again.');
    case 'store_full':
      return trans.__('Free some disk space; reading goes on meanwhile.');
    case 'store_locked':
    case 'store_unavailable':
      return trans.__('Close the other program that holds the store, or run “prompthub doctor”.');
    case 'network':
      return trans.__('Check that the Jupyter server is running; PromptHub reconnects by itself.');
    case 'bad_response':
      return error.status === 404
        ? trans.__(
            'The server extension is missing: run “jupyter server extension list” and look for jupyter_prompthub_server.'
          )
        : null;
    default:
      return null;
  }
}
