import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { runIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { Button, classes } from '../components/basics';
import { SHOWN_DIGITS } from '../components/sha';
import { compareIcon, versionIcon } from '../icons';
import type { ICellDrift } from './drift';

/** Units that are named; the others are counted. */
const NAMED = 4;

export interface IDriftActions {
  /** Show what changed between two versions. */
  compare: (promptId: string, base: string, head: string) => void;
  runAgain: () => void;
}

/** The line below a cell's output: what ran is no longer what its reference names. */
export class DriftLine extends ReactWidget {
  constructor(
    private readonly _trans: TranslationBundle,
    private readonly _actions: IDriftActions
  ) {
    super();
    this.addClass('jp-PromptHub-driftLine');
    this.hide();
  }

  get shown(): ICellDrift | null {
    return this._shown;
  }

  set shown(cell: ICellDrift | null) {
    if (cell !== this._shown) {
      this._shown = cell;
      this.setHidden(cell === null);
      this.update();
    }
  }

  protected override render(): JSX.Element | null {
    return this._shown && <Line cell={this._shown} trans={this._trans} {...this._actions} />;
  }

  private _shown: ICellDrift | null = null;
}

function Line(props: IDriftActions & { cell: ICellDrift; trans: TranslationBundle }): JSX.Element {
  const { cell, trans } = props;
  const { drift, sha } = cell;
  const { current_sha: current, prompt_id: promptId, breaks } = drift;
  return (
    <div
      className={classes('jp-PromptHub-drift', breaks.length > 0 && 'jp-mod-breaks')}
      role="note"
      data-state={drift.state}
    >
      <versionIcon.react tag="span" className="jp-PromptHub-icon" />
      <span className="jp-PromptHub-drift-text">
        <span className="jp-PromptHub-drift-what">{whatMoved(cell, trans)}</span>
        {drift.changes.length > 0 && (
          <span className="jp-PromptHub-drift-changes" title={drift.changes.join('\n')}>
            {whatChanged(cell, trans)}
          </span>
        )}
        {breaks.length > 0 && (
          <span className="jp-PromptHub-drift-breaks">
            {trans.__('These inputs would be refused: %1', breaks.join('; '))}
          </span>
        )}
      </span>
      <span className="jp-PromptHub-drift-actions">
        {drift.state === 'moved' && promptId && current && (
          <Button icon={compareIcon} onClick={() => props.compare(promptId, sha, current)}>
            {trans.__('What changed')}
          </Button>
        )}
        {drift.state !== 'gone' && (
          <Button icon={runIcon} onClick={props.runAgain}>
            {trans.__('Run again')}
          </Button>
        )}
      </span>
    </div>
  );
}

/** “This ran 1a2b3c4d; production is now 5e6f7a8b, 2 versions on.” */
export function whatMoved({ record, sha, drift }: ICellDrift, trans: TranslationBundle): string {
  const ran = sha.slice(0, SHOWN_DIGITS);
  const now = (drift.current_sha ?? '').slice(0, SHOWN_DIGITS);
  const began =
    record.kind === 'save'
      ? trans.__('This saved %1', ran)
      : record.version_sha === null
        ? trans.__('This text stood in %1', ran)
        : record.kind === 'use'
          ? trans.__('This chose %1', ran)
          : trans.__('This ran %1', ran);
  switch (drift.state) {
    case 'gone':
      return trans.__('%1. %2', began, drift.reason);
    case 'unknown':
      return trans.__('%1, which is not in this library; %2 is now %3.', began, drift.ref, now);
    default:
      return [
        record.locked
          ? trans.__('%1, as locked; %2 is now %3', began, drift.ref, now)
          : trans.__('%1; %2 is now %3', began, drift.ref, now),
        drift.behind_by && drift.ahead_by
          ? trans.__(', on another branch.')
          : drift.behind_by
            ? trans._n(', %1 version on.', ', %1 versions on.', drift.behind_by)
            : drift.ahead_by
              ? trans._n(', %1 version back.', ', %1 versions back.', drift.ahead_by)
              : '.'
      ].join('');
  }
}

/** “Changed: system message: text changed; temperature: added; and 2 more.” */
export function whatChanged({ drift }: ICellDrift, trans: TranslationBundle): string {
  const named = drift.changes.slice(0, NAMED).join('; ');
  const more = drift.changes_count - Math.min(NAMED, drift.changes.length);
  return more > 0
    ? trans._n('Changed: %2; and %1 more.', 'Changed: %2; and %1 more.', more, named)
    : trans.__('Changed: %1.', named);
}
