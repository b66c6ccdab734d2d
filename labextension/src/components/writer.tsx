import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IActorRef, IVersionSummary } from '../api';
import { Avatar } from './avatar';
import { TimeAgo } from './time';

/** Who wrote a version: the author of the commit where it was brought in from git, else who made it. */
export function writerOf(version: IVersionSummary): IActorRef {
  const { author, git_author } = version;
  return git_author
    ? { ...author, id: git_author.email || git_author.name, display_name: git_author.name }
    : author;
}

/** When that was. */
export function writtenAt({ git_author, created_at }: IVersionSummary): string {
  return git_author?.at ?? created_at;
}

/** The person and the time; of a commit from git, the tooltip says who brought it in. */
export function Writer(props: {
  version: IVersionSummary;
  trans: TranslationBundle;
  /** Between the person and the time. */
  children?: React.ReactNode;
}): JSX.Element {
  const { version, trans } = props;
  const { author, git_author } = version;
  const actor = writerOf(version);
  const name = actor.display_name || actor.id;
  const brought = author.display_name || author.id;
  return (
    <>
      <Avatar actor={actor} />
      <span
        className="jp-PromptHub-ellipsis"
        title={
          git_author
            ? trans.__(
                '%1 <%2> in git, not verified; brought in by %3',
                name,
                git_author.email,
                brought
              )
            : name
        }
      >
        {name}
      </span>
      {props.children}
      <TimeAgo time={writtenAt(version)} />
    </>
  );
}
