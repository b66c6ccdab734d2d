import type { TranslationBundle } from '@jupyterlab/translation';
import { caretRightIcon, extensionIcon, folderIcon, historyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IPrompt } from '../../api';
import { CommandIDs } from '../../commands/ids';
import { classes, environmentKind, Highlighted, IconButton, Marked } from '../../components/basics';
import { SHOWN_DIGITS } from '../../components/sha';
import { promptIcon } from '../../icons';
import type { LibraryModel } from './model';
import type { IPromptRow, LibraryRow } from './tree';

/** How far one level is moved in. */
const INDENT_PX = 14;

/** One line of the library. */
export function Row(props: {
  model: LibraryModel;
  row: LibraryRow;
  style: React.CSSProperties;
  isActive: boolean;
  onOpen: () => void;
  onFocus: () => void;
}): JSX.Element {
  const { model, row } = props;
  const trans = model.hub.trans;
  const isPrompt = row.kind === 'prompt';
  const isCurrent = isPrompt && model.hub.current?.promptId === row.prompt.id;
  const title = isPrompt
    ? description(row.prompt, trans)
    : trans._n('%2 — %1 prompt', '%2 — %1 prompts', row.prompts, row.path);
  return (
    <div
      role="treeitem"
      className={classes(
        'jp-PromptHub-row',
        isPrompt ? 'jp-PromptHub-promptRow' : 'jp-PromptHub-folderRow',
        isCurrent && 'jp-mod-current',
        isPrompt && row.prompt.archived && 'jp-mod-archived'
      )}
      style={{ ...props.style, paddingLeft: 4 + (row.level - 1) * INDENT_PX }}
      tabIndex={props.isActive ? 0 : -1}
      aria-level={row.level}
      aria-setsize={row.siblings}
      aria-posinset={row.position}
      aria-expanded={isPrompt ? undefined : row.open}
      aria-selected={isCurrent}
      data-prompt-id={isPrompt ? row.prompt.id : undefined}
      data-archived={isPrompt ? row.prompt.archived : undefined}
      data-folder={isPrompt ? undefined : row.path}
      title={title}
      onClick={props.onOpen}
      onFocus={props.onFocus}
    >
      {isPrompt ? (
        <Prompt row={row} model={model} />
      ) : (
        <>
          <caretRightIcon.react
            tag="span"
            className={classes('jp-PromptHub-caret', row.open && 'jp-mod-open')}
          />
          <folderIcon.react tag="span" className="jp-PromptHub-icon" />
          <span className="jp-PromptHub-row-label">{row.label}</span>
          <span className="jp-PromptHub-row-count">{row.prompts}</span>
        </>
      )}
    </div>
  );
}

function Prompt(props: { row: IPromptRow; model: LibraryModel }): JSX.Element {
  const { row, model } = props;
  const { prompt } = row;
  const trans = model.hub.trans;
  const Icon = prompt.snippet_of > 0 ? extensionIcon : promptIcon;
  return (
    <>
      {!model.isSearching && <span className="jp-PromptHub-caret" />}
      <Icon.react tag="span" className="jp-PromptHub-icon" />
      <span className="jp-PromptHub-row-texts">
        <span className="jp-PromptHub-row-label">
          {model.isSearching ? <Marked text={row.label} search={model.search} /> : row.label}
        </span>
        {model.isSearching && (
          <span className="jp-PromptHub-row-detail">
            {prompt.highlight ? (
              <Highlighted text={prompt.highlight} />
            ) : (
              <Marked text={prompt.title} search={model.search} />
            )}
          </span>
        )}
      </span>
      <span className="jp-PromptHub-row-badges">
        {prompt.has_draft && (
          <span
            className="jp-PromptHub-draftDot"
            role="img"
            title={trans.__('A draft holds edits that are not saved as a version')}
            aria-label={trans.__('Unsaved draft')}
          />
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
            role="img"
            aria-label={servedTitle(served.environment, served.version_sha, prompt, trans)}
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
