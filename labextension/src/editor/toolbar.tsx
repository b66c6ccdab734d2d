import type { Toolbar } from '@jupyterlab/ui-components';
import { ReactWidget, saveIcon, ToolbarButton } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';
import * as React from 'react';
import { CommandIDs } from '../commands/ids';
import { Badge, Button, classes } from '../components/basics';
import { useSignal } from '../components/hooks';
import { SHOWN_DIGITS } from '../components/sha';
import { branchIcon, compareIcon, promoteIcon, versionIcon } from '../icons';
import { StorageChip } from './connection';
import type { Follower } from './follow';
import type { PromptModel } from './model';
import { PresenceWidget } from './presence';

const NEW = '\u0000new';
const REVIEW = '\u0000review';

export interface IToolbarOptions {
  model: PromptModel;
  commands: CommandRegistry;
  /** Save the draft as a version, after everything typed is stored. */
  save: () => void;
  /** Turn the marks of changes since the head on and off. */
  compare: () => void;
  isComparing: () => boolean;
  /** Show what the draft would take from the head of its branch. */
  behind: () => void;
  /** Who else is here. */
  follower: Follower | null;
}

/** Fill the toolbar of a draft. */
export function fillToolbar(
  toolbar: Toolbar<Widget>,
  spacer: Widget,
  options: IToolbarOptions
): void {
  const { model, commands } = options;
  const { trans } = model.hub;
  const args = () => ({ ...model.key });
  const add = (name: string, node: () => JSX.Element) => {
    const widget = ReactWidget.create(<Follow model={model} render={node} />);
    widget.addClass('jp-PromptHub-tool');
    toolbar.addItem(name, widget);
  };
  add('save-version', () => <SaveButton {...options} />);
  add('branch', () => <BranchPicker {...options} />);
  toolbar.addItem(
    'history',
    new ToolbarButton({
      icon: versionIcon,
      tooltip: trans.__('History'),
      onClick: () => void commands.execute(CommandIDs.openHistory, args())
    })
  );
  add('compare', () => <CompareButton {...options} />);
  toolbar.addItem(
    'promote',
    new ToolbarButton({
      icon: promoteIcon,
      tooltip: trans.__('Promote the newest version…'),
      onClick: () =>
        void commands.execute(CommandIDs.promote, {
          ...args(),
          version: model.draft?.draft?.head_sha ?? undefined
        })
    })
  );
  toolbar.addItem('spacer', spacer);
  if (options.follower) {
    toolbar.addItem('presence', new PresenceWidget(options.follower, trans));
  }
  add('state', () => <DraftState {...options} />);
}

function Follow(props: { model: PromptModel; render: () => JSX.Element }): JSX.Element {
  useSignal(props.model.changed);
  return props.render();
}

function SaveButton({ model, save }: IToolbarOptions): JSX.Element {
  const { trans } = model.hub;
  const wrong = model.firstError;
  const why = !model.canWrite
    ? trans.__('Your role may read this prompt, not change it.')
    : wrong
      ? trans.__(
          'Not possible yet: line %1, column %2: %3',
          wrong.line,
          wrong.column,
          wrong.message
        )
      : !model.isDirty
        ? trans.__('Nothing to save: this is the version.')
        : null;
  return (
    <Button
      primary={why === null}
      icon={saveIcon}
      disabled={why !== null}
      title={why ?? trans.__('Save the draft as a new version (Ctrl+S)')}
      onClick={save}
    >
      {trans.__('Save version')}
    </Button>
  );
}

function BranchPicker({ model, commands }: IToolbarOptions): JSX.Element {
  const { trans } = model.hub;
  const { promptId, branch } = model.key!;
  const names = model.draft?.branches.map(({ name }) => name) ?? [];
  return (
    <div className="jp-PromptHub-branches" title={trans.__('Branch')}>
      <branchIcon.react tag="span" className="jp-PromptHub-icon" />
      <select
        aria-label={trans.__('Branch')}
        value={branch}
        onChange={event => {
          const chosen = event.target.value;
          if (chosen === NEW) {
            void commands.execute(CommandIDs.createBranch, { promptId, branch });
          } else if (chosen === REVIEW) {
            void commands.execute(CommandIDs.newReview, { promptId, branch });
          } else {
            void commands.execute(CommandIDs.switchBranch, { promptId, branch: chosen });
          }
        }}
      >
        {(names.includes(branch) ? names : [branch, ...names]).map(name => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
        {model.canWrite && <option value={NEW}>{trans.__('New branch…')}</option>}
        {model.canWrite && names.length > 1 && (
          <option value={REVIEW}>{trans.__('Open review…')}</option>
        )}
      </select>
    </div>
  );
}

function CompareButton({ model, compare, isComparing }: IToolbarOptions): JSX.Element {
  const { trans } = model.hub;
  const on = isComparing();
  const label = on
    ? trans.__('Hide what was changed since the head')
    : trans.__('Show what was changed since the head of %1', model.key?.branch ?? '');
  return (
    <button
      type="button"
      className={classes('jp-PromptHub-iconButton', on && 'jp-mod-on')}
      aria-pressed={on}
      aria-label={label}
      title={label}
      onClick={compare}
    >
      <compareIcon.react tag="span" className="jp-PromptHub-icon" />
    </button>
  );
}

/** Whether the draft is stored, is a version, and is up to date. */
function DraftState({ model, behind }: IToolbarOptions): JSX.Element {
  const { trans } = model.hub;
  const storage = model.room?.storage;
  const count = model.draft?.draft?.behind ?? 0;
  const head = model.draft?.draft?.head_sha;
  return (
    <div className="jp-PromptHub-draftstate" role="status">
      {model.isReady && !model.canWrite && (
        <Badge
          title={
            model.draft?.prompt?.archived
              ? trans.__('The prompt is archived: restore it to edit it')
              : trans.__('Your role may read this prompt, not change it')
          }
        >
          {trans.__('read only')}
        </Badge>
      )}
      {count > 0 && (
        <span className="jp-PromptHub-behind">
          <button
            type="button"
            className="jp-PromptHub-link"
            title={trans.__('The branch has versions that this draft has not seen: look at them')}
            onClick={behind}
          >
            {trans.__('behind by %1…', count)}
          </button>
        </span>
      )}
      {model.isDirty ? (
        <Badge kind="accent" title={trans.__('The draft is stored; it is not a version yet')}>
          {head === null ? trans.__('no version yet') : trans.__('unsaved changes')}
        </Badge>
      ) : (
        head && (
          <span className="jp-PromptHub-quiet" title={trans.__('The draft is this version')}>
            {head.slice(0, SHOWN_DIGITS)}
          </span>
        )
      )}
      {storage && <StorageChip storage={storage} trans={trans} />}
    </div>
  );
}
