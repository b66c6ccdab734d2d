import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

/** Class names, without the ones that are off. */
export function classes(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}

export interface IIconButtonProps {
  icon: LabIcon;
  /** Said by screen readers and shown as the tooltip. */
  label: string;
  onClick: (event: React.MouseEvent) => void;
  disabled?: boolean;
  /** For toggles. */
  pressed?: boolean;
  tabIndex?: number;
  className?: string;
  /** The id of what says more about it. */
  describedBy?: string;
}

/** A small button that is only an icon. */
export function IconButton(props: IIconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      className={classes('jp-PromptHub-iconButton', props.className)}
      title={props.label}
      aria-label={props.label}
      aria-pressed={props.pressed}
      aria-describedby={props.describedBy}
      disabled={props.disabled}
      tabIndex={props.tabIndex}
      onClick={props.onClick}
    >
      <props.icon.react tag="span" className="jp-PromptHub-icon" />
    </button>
  );
}

export interface IButtonProps {
  children: React.ReactNode;
  onClick: () => void;
  icon?: LabIcon;
  primary?: boolean;
  disabled?: boolean;
  /** For toggles. */
  pressed?: boolean;
  title?: string;
}

/** A button with a text. */
export function Button(props: IButtonProps): JSX.Element {
  return (
    <button
      type="button"
      className={classes('jp-PromptHub-button', props.primary && 'jp-mod-primary')}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      title={props.title}
      onClick={props.onClick}
    >
      {props.icon && <props.icon.react tag="span" className="jp-PromptHub-icon" />}
      <span className="jp-PromptHub-button-label">{props.children}</span>
    </button>
  );
}

export type BadgeKind = 'neutral' | 'brand' | 'success' | 'warn' | 'error' | 'accent';

/** A short label: an environment, a branch, a state. */
export function Badge(props: {
  kind?: BadgeKind;
  icon?: LabIcon;
  title?: string;
  children: React.ReactNode;
}): JSX.Element {
  return (
    <span
      className={classes('jp-PromptHub-badge', `jp-mod-${props.kind ?? 'neutral'}`)}
      title={props.title}
    >
      {props.icon && <props.icon.react tag="span" className="jp-PromptHub-icon" />}
      <span className="jp-PromptHub-badge-text">{props.children}</span>
    </span>
  );
}

/** How an environment is coloured, wherever it is shown. */
export function environmentKind(environment: string): BadgeKind {
  return environment === 'production' ? 'success' : environment === 'staging' ? 'warn' : 'neutral';
}

/** Text whose matches the server marked between U+0001 and U+0002. */
export function Highlighted(props: { text: string }): JSX.Element {
  return (
    <>
      {props.text.split('\u0001').map((part, index) => {
        const end = index > 0 ? part.indexOf('\u0002') : -1;
        return end < 0 ? (
          <React.Fragment key={index}>{part}</React.Fragment>
        ) : (
          <React.Fragment key={index}>
            <mark>{part.slice(0, end)}</mark>
            {part.slice(end + 1)}
          </React.Fragment>
        );
      })}
    </>
  );
}

/** Text with the words of a search marked where they occur. */
export function Marked(props: { text: string; search: string }): JSX.Element {
  const words = props.search.split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return <>{props.text}</>;
  }
  const pattern = new RegExp(
    `(${words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`,
    'gi'
  );
  return (
    <>
      {props.text
        .split(pattern)
        .map((part, index) =>
          index % 2 ? (
            <mark key={index}>{part}</mark>
          ) : (
            <React.Fragment key={index}>{part}</React.Fragment>
          )
        )}
    </>
  );
}
