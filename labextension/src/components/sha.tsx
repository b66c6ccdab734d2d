import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { checkIcon, copyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

/** How many digits of a SHA people see. */
export const SHOWN_DIGITS = 8;

/** How long the check mark stays. */
const DONE_MS = 1500;

/** A version's short SHA; a click copies the whole. */
export function ShaChip(props: { sha: string; trans: TranslationBundle }): JSX.Element {
  const { sha, trans } = props;
  const [copied, setCopied] = React.useState(false);
  React.useEffect(() => {
    if (copied) {
      const timer = setTimeout(() => setCopied(false), DONE_MS);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [copied]);
  const label = copied ? trans.__('Copied') : trans.__('Copy the SHA %1', sha);
  const Icon = copied ? checkIcon : copyIcon;
  return (
    <button
      type="button"
      className="jp-PromptHub-sha"
      title={label}
      aria-label={label}
      onClick={event => {
        event.stopPropagation();
        Clipboard.copyToSystem(sha);
        setCopied(true);
      }}
    >
      <code>{sha.slice(0, SHOWN_DIGITS)}</code>
      <Icon.react tag="span" className="jp-PromptHub-icon" />
    </button>
  );
}
