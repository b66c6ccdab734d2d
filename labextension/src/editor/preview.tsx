import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IEstimate, IMessage, ISegment } from '../api';
import { asPromptHubError } from '../api';
import { classes } from '../components/basics';
import { sayTokens } from './estimate';
import type { PromptModel } from './model';

/** The messages that a model would get, with the inputs of the Run tab. */
export function Preview(props: { model: PromptModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const checked = model.check?.checked;
  const rendered = checked?.rendered ?? null;
  const missing = Object.keys(model.inputs.errors);
  const { estimate } = model;
  return (
    <div className="jp-PromptHub-preview" tabIndex={0} aria-label={trans.__('Rendered messages')}>
      <div className="jp-PromptHub-preview-head">
        <span className="jp-PromptHub-heading">
          {rendered ? trans.__('Preview') : trans.__('Template')}
        </span>
        <span className="jp-PromptHub-quiet">{note(model, missing)}</span>
      </div>
      {rendered
        ? rendered.messages.map((message, index) => (
            <MessageCard
              key={index}
              message={message}
              tokens={sayCount(estimate, index, trans)}
              trans={trans}
            />
          ))
        : model.content?.segments.map((segment, index) => (
            <SegmentCard key={index} segment={segment} trans={trans} />
          ))}
      {rendered?.messages.length === 0 && (
        <p className="jp-PromptHub-quiet">
          {trans.__('No message comes out of this template with these inputs.')}
        </p>
      )}
      {rendered?.warnings.map(warning => (
        <p key={warning.message} className="jp-PromptHub-note">
          {warning.message}
        </p>
      ))}
    </div>
  );
}

function note(model: PromptModel, missing: readonly string[]): string {
  const { trans } = model.hub;
  if (model.checker.error !== null && model.checker.error !== undefined) {
    return trans.__('Not checked: %1', asPromptHubError(model.checker.error).message);
  }
  if (!model.check) {
    return trans.__('Loading…');
  }
  if (model.firstError) {
    return trans.__('The text does not parse now.');
  }
  if (!model.check.checked.rendered && missing.length > 0) {
    return trans.__('Fill in %1 under Run to see it rendered.', missing.join(', '));
  }
  return '';
}

/** How a role is called. */
export function roleName(role: string, trans: TranslationBundle): string {
  switch (role) {
    case 'system':
      return trans.__('System');
    case 'user':
      return trans.__('User');
    case 'model':
      return trans.__('Model');
    case 'tool':
      return trans.__('Tool');
    default:
      return role;
  }
}

/** The tokens of one message; empty while they are not known. */
function sayCount(estimate: IEstimate | null, index: number, trans: TranslationBundle): string {
  const count = estimate?.message_tokens[index];
  return count === undefined ? '' : sayTokens(count, estimate?.exact ?? false, trans);
}

function Card(props: {
  role: string;
  label: string;
  aside?: string;
  children: React.ReactNode;
}): JSX.Element {
  return (
    <article className={classes('jp-PromptHub-card', `jp-mod-${props.role}`)}>
      <header>
        {props.label}
        {props.aside && <span className="jp-PromptHub-card-aside">{props.aside}</span>}
      </header>
      {props.children}
    </article>
  );
}

/** A message as people read it: the line breaks around `{{role}}` belong to it, and say nothing. */
function withoutEdges(text: string): string {
  return text.replace(/^(?:[ \t]*\r?\n)+|\s+$/g, '');
}

function MessageCard(props: {
  message: IMessage;
  tokens: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { message, trans } = props;
  return (
    <Card role={message.role} label={roleName(message.role, trans)} aside={props.tokens}>
      {message.content.map((part, index) => {
        switch (part.type) {
          case 'text':
            return <pre key={index}>{withoutEdges(part.text)}</pre>;
          case 'media':
            // named, not loaded
            return (
              <p key={index} className="jp-PromptHub-quiet">
                {trans.__('Media: %1', part.url)}
              </p>
            );
          case 'data':
            return <pre key={index}>{JSON.stringify(part.data, null, 2)}</pre>;
        }
      })}
    </Card>
  );
}

function SegmentCard(props: { segment: ISegment; trans: TranslationBundle }): JSX.Element {
  const { segment, trans } = props;
  const label =
    segment.kind === 'message'
      ? roleName(segment.role, trans)
      : segment.kind === 'history'
        ? trans.__('History')
        : trans.__('Block');
  return (
    <Card role={segment.kind === 'message' ? segment.role : segment.kind} label={label}>
      <pre className="jp-mod-source">{segment.source.trim()}</pre>
    </Card>
  );
}
