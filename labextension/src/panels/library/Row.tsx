import type { TranslationBundle } from '@jupyterlab/translation';
import { caretRightIcon, extensionIcon, folderIcon, historyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IPrompt } from '../../api';
import { CommandIDs } from '../../commands/ids';
import { classes, environmentKind, Highlighted, IconButton, Marked } from '../../components/basics';
import { SHOWN_DIGITS } from '../../components/sha';
import { promptIcon, reviewIcon } from '../../icons';
import type { LibraryModel } from './model';
import { RenameField } from './RenameField';
import type { IFolderRow, LibraryRow } from './rows';

/** How far one level is moved in. */
const INDENT_PX = 14;
/** From so many characters on, the middle of a name is left out where there is no room, and its end is kept. */
const LONG = 24;
const END = 9;

/** One line of the library. */
export function Row(props: {
  id: string;
  model: LibraryModel;
  index: number;
  style: React.CSSProperties;
  onClick: (event: React.MouseEvent) => void;
  onRenamed: () => void;
}): JSX.Element | null {
  const { model, index } = props;
  const { trans } = model.hub;
  const row = model.row(index);
  if (!row) {
    return null;
  }
  const prompt = row.kind === 'prompt' ? row.prompt : null;
  const isFolder = row.kind === 'folder';
  const isCurrent = prompt !== null && model.hub.current?.promptId === prompt.id;
  const isSelected = prompt !== null && model.selection.has(prompt.id);
  const isRenaming = model.renaming === row.key;
  return (
    <div
      id={props.id}
      role="treeitem"
      className={classes(
        'jp-PromptHub-row',
        isFolder ? 'jp-PromptHub-folderRow' : 'jp-PromptHub-promptRow',
        index === model.active && 'jp-mod-active',
        isSelected && 'jp-mod-selected',
        isSelected && model.selection.size > 1 && 'jp-mod-many',
        isCurrent && 'jp-mod-current',
        prompt?.archived && 'jp-mod-archived',
        row.kind === 'prompt' && !prompt && 'jp-mod-loading'
      )}
      style={{ ...props.style, paddingLeft: 4 + (row.level - 1) * INDENT_PX }}
      aria-level={row.level}
      aria-setsize={row.siblings}
      aria-posinset={row.position}
      aria-expanded={isFolder ? row.open : undefined}
      aria-selected={isFolder ? undefined : isSelected}
      aria-current={isCurrent ? 'true' : undefined}
      aria-label={
        prompt
          ? spoken(prompt, row.label, trans)
          : isFolder
            ? folderTitle(row, trans)
            : trans.__('Loading')
      }
      data-index={index}
      data-prompt-id={prompt?.id}
      data-archived={prompt?.archived}
      data-folder={isFolder ? row.path : undefined}
      data-in-folder={row.parent}
      title={
        isRenaming
          ? undefined
          : prompt
            ? description(prompt, trans)
            : isFolder
              ? folderTitle(row, trans)
              : undefined
      }
      onClick={isRenaming ? undefined : props.onClick}
    >
      {row.kind === 'folder' && (
        <caretRightIcon.react
          tag="span"
          className={classes('jp-PromptHub-caret', row.open && 'jp-mod-open')}
        />
      )}
      {row.kind === 'prompt' && !model.isFlat && <span className="jp-PromptHub-caret" />}
      <Icon row={row} />
      {isRenaming ? (
        <RenameField model={model} row={row} onDone={props.onRenamed} />
      ) : row.kind === 'folder' ? (
        <>
          <span className="jp-PromptHub-row-label">{row.label}</span>
          <span className="jp-PromptHub-row-count">{row.prompts.toLocaleString()}</span>
        </>
      ) : prompt ? (
        <Prompt prompt={prompt} label={row.label} model={model} />
      ) : (
        <span className="jp-PromptHub-skeleton" style={{ width: `${35 + ((index * 37) % 40)}%` }} />
      )}
    </div>
  );
}

function Icon(props: { row: LibraryRow }): JSX.Element {
  const { row } = props;
  const isSnippet = row.kind === 'prompt' && (row.prompt?.snippet_of ?? 0) > 0;
  const Shown = row.kind === 'folder' ? folderIcon : isSnippet ? extensionIcon : promptIcon;
  return <Shown.react tag="span" className="jp-PromptHub-icon" />;
}

function Prompt(props: { prompt: IPrompt; label: string; model: LibraryModel }): JSX.Element {
  const { prompt, label, model } = props;
  const trans = model.hub.trans;
  const search = model.view?.filter.search ?? '';
  return (
    <>
      <span className="jp-PromptHub-row-texts">
        <span className="jp-PromptHub-row-label">
          {model.isFlat ? <Marked text={label} search={search} /> : <Middle text={label} />}
        </span>
        {model.isFlat && (
          <span className="jp-PromptHub-row-detail">
            {prompt.highlight ? (
              <Highlighted text={prompt.highlight} />
            ) : (
              <Marked text={prompt.title} search={search} />
            )}
          </span>
        )}
      </span>
      <span className="jp-PromptHub-row-badges" aria-hidden>
        {prompt.has_draft && (
          <span
            className="jp-PromptHub-draftDot"
            title={trans.__('A draft holds edits that are not saved as a version')}
          />
        )}
        {prompt.open_reviews > 0 && (
          <span
            className={classes(
              'jp-PromptHub-reviewBadge',
              prompt.failing.length > 0 && 'jp-mod-failing'
            )}
            title={reviewsTitle(prompt, trans)}
          >
            <reviewIcon.react tag="span" className="jp-PromptHub-icon" />
            {prompt.open_reviews > 1 && prompt.open_reviews}
          </span>
        )}
        {prompt.served.map(served => (
          <span
            key={served.environment}
            className={classes(
              'jp-PromptHub-served',
              `jp-mod-${environmentKind(served.environment)}`,
              served.version_sha !== prompt.head?.sha && 'jp-mod-behind'
            )}
            data-environment={served.environment}
            title={servedTitle(served.environment, served.version_sha, prompt, trans)}
          >
            {served.environment.charAt(0).toUpperCase()}
          </span>
        ))}
      </span>
      <span className="jp-PromptHub-row-actions">
        <IconButton
          icon={historyIcon}
          label={trans.__('History')}
          tabIndex={-1}
          onClick={event => {
            event.stopPropagation();
            model.run(CommandIDs.openHistory, { promptId: prompt.id });
          }}
        />
      </span>
    </>
  );
}

/** A long name keeps its end: where there is no room, the middle is left out. */
function Middle(props: { text: string }): JSX.Element {
  const { text } = props;
  if (text.length < LONG) {
    return <>{text}</>;
  }
  return (
    <span className="jp-PromptHub-middle">
      <span className="jp-PromptHub-middle-start">{text.slice(0, -END)}</span>
      <span className="jp-PromptHub-middle-end">{text.slice(-END)}</span>
    </span>
  );
}

function folderTitle(row: IFolderRow, trans: TranslationBundle): string {
  return trans._n('%2 — %1 prompt', '%2 — %1 prompts', row.prompts, row.path);
}

/** What a screen reader says of a prompt: its name, and its state in words. */
function spoken(prompt: IPrompt, label: string, trans: TranslationBundle): string {
  return [
    label,
    prompt.archived && trans.__('archived'),
    prompt.has_draft && trans.__('unsaved draft'),
    prompt.snippet_of > 0 && trans.__('snippet'),
    prompt.open_reviews > 0 && reviewsTitle(prompt, trans),
    ...prompt.served.map(({ environment, version_sha }) =>
      servedTitle(environment, version_sha, prompt, trans)
    )
  ]
    .filter(Boolean)
    .join(', ');
}

function reviewsTitle(prompt: IPrompt, trans: TranslationBundle): string {
  const open = trans._n('%1 open review', '%1 open reviews', prompt.open_reviews);
  return prompt.failing.length > 0
    ? trans.__('%1, not passed: %2', open, prompt.failing.join(', '))
    : open;
}

function servedTitle(
  environment: string,
  sha: string,
  prompt: IPrompt,
  trans: TranslationBundle
): string {
  const short = sha.slice(0, SHOWN_DIGITS);
  return sha === prompt.head?.sha
    ? trans.__('%1 serves %2, the newest version', environment, short)
    : trans.__('%1 serves %2, not the newest version', environment, short);
}

function description(prompt: IPrompt, trans: TranslationBundle): string {
  const lines = [
    prompt.title === prompt.name ? prompt.name : `${prompt.title}\n${prompt.name}`,
    prompt.description,
    trans._n('%1 version', '%1 versions', prompt.versions)
  ];
  if (prompt.tags.length > 0) {
    lines.push(trans.__('Tags: %1', prompt.tags.join(', ')));
  }
  if (prompt.snippet_of > 0) {
    lines.push(trans._n('A snippet of %1 prompt', 'A snippet of %1 prompts', prompt.snippet_of));
  }
  if (prompt.archived) {
    lines.push(trans.__('Archived'));
  }
  return lines.filter(Boolean).join('\n');
}
