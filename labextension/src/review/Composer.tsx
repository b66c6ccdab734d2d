import * as React from 'react';
import { Button } from '../components/basics';
import { useReviewPage, useTyped } from './context';
import { WordsChanged } from './Words';
import { Writer } from './Writer';

/** A comment that is being written; Ctrl+Enter (Cmd+Enter) sends it. */
export function Composer(props: {
  /** Where it is written: what is typed is kept under it. */
  id: string;
  label: string;
  placeholder: string;
  accept: string;
  initial?: string;
  /** The words that it may suggest others for. */
  words?: string | null | undefined;
  autoFocus?: boolean;
  /** Nothing needs to be typed. */
  mayBeEmpty?: boolean;
  onSend: (body: string, suggestion: string | null) => Promise<boolean>;
  onCancel?: () => void;
  children?: React.ReactNode;
}): JSX.Element {
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const { id, words } = props;
  const [body, setBody] = useTyped(id, props.initial);
  const [other, setOther] = useTyped(`${id}/suggestion`);
  const [suggests, setSuggests] = useTyped(`${id}/suggests`);
  const isSuggesting = suggests !== '' && typeof words === 'string';
  const suggestion = isSuggesting && other !== words ? other : null;
  const canSend =
    !model.isBusy && (body.trim() !== '' || suggestion !== null || props.mayBeEmpty === true);

  const clear = () => {
    setBody(null);
    setOther(null);
    setSuggests(null);
  };
  const send = async () => {
    if (!canSend) {
      return;
    }
    const said = body.trim() || (suggestion === null ? '' : trans.__('Suggestion'));
    if (await props.onSend(said, suggestion)) {
      clear();
    }
  };
  return (
    <form
      className="jp-PromptHub-composer"
      onSubmit={event => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.stopPropagation();
          void send();
        } else if (event.key === 'Escape' && props.onCancel && !event.nativeEvent.isComposing) {
          event.stopPropagation();
          props.onCancel();
        }
      }}
    >
      {props.children}
      <Writer
        label={props.label}
        placeholder={props.placeholder}
        value={body}
        autoFocus={props.autoFocus}
        onChange={setBody}
      />
      {isSuggesting && (
        <>
          <label className="jp-PromptHub-composer-label">
            {trans.__('Suggested words')}
            <div className="jp-PromptHub-grow jp-mod-code" data-value={other}>
              <textarea
                className="jp-PromptHub-text"
                rows={2}
                value={other}
                spellCheck={false}
                onChange={event => setOther(event.target.value)}
              />
            </div>
          </label>
          {suggestion !== null && (
            <WordsChanged
              before={words}
              after={suggestion}
              label={trans.__('What the suggestion changes')}
              trans={trans}
            />
          )}
        </>
      )}
      <div className="jp-PromptHub-composer-actions">
        <button
          type="submit"
          className="jp-PromptHub-button jp-mod-primary"
          disabled={!canSend}
          title={trans.__('Ctrl+Enter')}
        >
          {props.accept}
        </button>
        {props.onCancel && (
          <Button
            onClick={() => {
              clear();
              props.onCancel?.();
            }}
          >
            {trans.__('Cancel')}
          </Button>
        )}
        {typeof words === 'string' && (
          <label className="jp-PromptHub-check">
            <input
              type="checkbox"
              checked={isSuggesting}
              onChange={event => {
                setSuggests(event.target.checked ? 'yes' : null);
                setOther(event.target.checked ? words : null);
              }}
            />
            {trans.__('Suggest other words')}
          </label>
        )}
      </div>
    </form>
  );
}
