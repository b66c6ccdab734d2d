import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { classes } from '../components/basics';
import type { Change } from '../editor/formedits';
import type { PromptModel } from '../editor/model';
import { FieldError, useRefusal } from '../editor/refusals';

export interface ILineProps {
  model: PromptModel;
  /** Where in the form it is, see `FormEdits`. */
  place: string;
  label: string;
  value: string;
  placeholder?: string;
  disabled: boolean;
  suggestions?: readonly string[];
  code?: boolean;
  /** Why this text cannot be taken; null when it can. */
  wrong?: (text: string) => string | null;
  /** The change that the text means; null for none. */
  change?: (text: string) => Change | null;
  /** What the text means where that is no single change. */
  onCommit?: (text: string) => void;
  /** Take the focus when it is shown first, if nothing else has it. */
  takesFocus?: boolean;
}

/**
 * One line that is taken over on Enter and when it is left; Escape brings back what the document says.
 *
 * What the server refuses stays in the line, with the reason below it.
 */
export function Line(props: ILineProps): JSX.Element {
  const { model, place, label, value, placeholder, disabled, suggestions, code } = props;
  const { edits } = model;
  const id = React.useId();
  const refusal = useRefusal(edits, place, model.hub.trans);
  const [text, setText] = React.useState(refusal.typed ?? value);
  const [editing, setEditing] = React.useState(false);
  // what was asked for, and what stood there then: it stays in sight until the document says something else
  const asked = React.useRef<{ text: string; instead: string } | null>(
    refusal.typed === null ? null : { text: refusal.typed, instead: value }
  );
  // what somebody else changes shows at once, but never under the fingers
  React.useEffect(() => {
    if (!editing && asked.current?.instead !== value) {
      asked.current = null;
      setText(value);
      edits.dismiss(place);
    }
  }, [value, editing, edits, place]);
  const input = React.useRef<HTMLInputElement>(null);
  const { takesFocus } = props;
  React.useEffect(() => {
    const { activeElement, body } = document;
    if (takesFocus && (activeElement === null || activeElement === body)) {
      input.current?.focus();
    }
    // only when it is shown first
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const wrong = (editing && props.wrong?.(text)) || null;
  const commit = (again: boolean) => {
    setEditing(false);
    if (text === value || (text === asked.current?.text && !again)) {
      return;
    }
    if (props.wrong?.(text)) {
      setText(value);
      return;
    }
    asked.current = { text, instead: value };
    const change = props.change?.(text);
    if (change) {
      void edits.make(place, change, text);
    }
    props.onCommit?.(text);
  };
  const forget = () => {
    asked.current = null;
    refusal.dismiss();
  };
  return (
    <span
      className={classes(
        'jp-PromptHub-line',
        (wrong !== null || refusal.message !== null) && 'jp-mod-invalid'
      )}
    >
      <input
        ref={input}
        className={classes('jp-PromptHub-text', code && 'jp-mod-code')}
        aria-label={label}
        title={disabled ? undefined : label}
        {...(wrong ? { 'aria-invalid': true, 'aria-describedby': `${id}-error` } : refusal.aria)}
        list={suggestions ? `${id}-list` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        disabled={disabled}
        value={text}
        onFocus={() => setEditing(true)}
        onChange={event => {
          forget();
          setEditing(true);
          setText(event.target.value);
        }}
        onBlur={() => commit(false)}
        onKeyDown={event => {
          if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            if (!wrong) {
              commit(refusal.message !== null);
            }
          } else if (event.key === 'Escape') {
            forget();
            setText(value);
          }
        }}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map(each => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
      {wrong ? <FieldError id={`${id}-error`}>{wrong}</FieldError> : refusal.note}
    </span>
  );
}

const NAME = /^[A-Za-z_]\w*$/;

/** Why a text is no name of a variable; null when it is one. */
export function notAName(text: string, trans: TranslationBundle): string | null {
  return NAME.test(text)
    ? null
    : trans.__('Expected letters, digits and _, beginning with a letter.');
}

/** Why a text is no name of a property, which JSON lets have any; null when it is one. What a schema cannot say the server says. */
export function noName(text: string, trans: TranslationBundle): string | null {
  return text.trim() ? null : trans.__('Expected a name.');
}

/** Which name was asked for last in a list, so that its field keeps the focus when it is there. */
export function useRenamed(): React.MutableRefObject<string | null> {
  return React.useRef<string | null>(null);
}

/** The name of something in a list, to be changed. */
export function NameLine(
  props: Pick<ILineProps, 'model' | 'place' | 'label' | 'disabled' | 'change'> & {
    name: string;
    renamed: React.MutableRefObject<string | null>;
    /** Why a text cannot be the name; null: it can. */
    refuse: (text: string, trans: TranslationBundle) => string | null;
    /** Give it another name, where that is no single change. */
    onRename?: (to: string) => void;
  }
): JSX.Element {
  const { name, renamed, refuse, change, onRename, ...line } = props;
  return (
    <Line
      {...line}
      value={name}
      code
      takesFocus={renamed.current === name}
      wrong={text => refuse(text.trim(), props.model.hub.trans)}
      change={text => change?.(text.trim()) ?? null}
      onCommit={text => {
        renamed.current = text.trim();
        onRename?.(text.trim());
      }}
    />
  );
}
