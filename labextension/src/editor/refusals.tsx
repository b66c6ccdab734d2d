import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { nextStep } from '../components/nextstep';
import type { FormEdits, IRefusal } from './formedits';

/** Why a change was not made, and what to do. */
export function sayRefusal({ error }: IRefusal, trans: TranslationBundle): string {
  // the advice for a text that does not parse is for one that is typed
  const next = error.code === 'prompt_syntax' ? null : nextStep(error, trans);
  return [error.message, next].filter(Boolean).join(' ');
}

/** The error below a field, which the field names in `aria-describedby`. */
export function FieldError(props: { id: string; children: React.ReactNode }): JSX.Element {
  return (
    <span id={props.id} className="jp-PromptHub-input-error" role="alert">
      {props.children}
    </span>
  );
}

export interface IFieldRefusal {
  /** Null where nothing was refused. */
  message: string | null;
  typed: string | null;
  dismiss: () => void;
  /** For the field. */
  aria: { 'aria-invalid': boolean; 'aria-describedby': string | undefined };
  /** To stand below the field. */
  note: JSX.Element | null;
}

/** What was refused at a place of a form. */
export function useRefusal(
  edits: FormEdits,
  place: string,
  trans: TranslationBundle
): IFieldRefusal {
  const id = React.useId();
  const refusal = edits.refusals.get(place);
  const message = refusal ? sayRefusal(refusal, trans) : null;
  return {
    message,
    typed: refusal?.typed ?? null,
    dismiss: () => edits.dismiss(place),
    aria: { 'aria-invalid': message !== null, 'aria-describedby': message ? id : undefined },
    note: message ? <FieldError id={id}>{message}</FieldError> : null
  };
}

/** What was refused at places that the form shows no more. */
export function StrayRefusals(props: {
  edits: FormEdits;
  isShown: (place: string) => boolean;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { edits, isShown, trans } = props;
  const stray = [...edits.refusals].filter(([place]) => !isShown(place));
  return stray.length === 0 ? null : (
    <p className="jp-PromptHub-note" role="alert">
      {stray.map(([, refusal]) => sayRefusal(refusal, trans)).join(' ')}
    </p>
  );
}
