import * as React from 'react';
import { classes } from '../components/basics';
import { useReviewPage } from './context';
import type { IMention } from './mentions';
import { mentionAt, offered } from './mentions';

/** A field for Markdown; after an `@` it offers the names of people. */
export function Writer(props: {
  label: string;
  placeholder: string;
  value: string;
  autoFocus?: boolean | undefined;
  onChange: (value: string) => void;
}): JSX.Element {
  const { model } = useReviewPage();
  const { value, onChange } = props;
  const list = React.useId();
  const field = React.useRef<HTMLTextAreaElement>(null);
  const [mention, setMention] = React.useState<IMention | null>(null);
  const [active, setActive] = React.useState(0);
  const [caret, setCaret] = React.useState<number | null>(null);
  const names = mention ? offered(model.names.list, mention.words) : [];
  React.useLayoutEffect(() => {
    if (caret !== null) {
      field.current?.setSelectionRange(caret, caret);
      setCaret(null);
    }
  }, [caret]);

  const look = (node: HTMLTextAreaElement) => {
    const found =
      node.selectionStart === node.selectionEnd ? mentionAt(node.value, node.selectionStart) : null;
    if (found) {
      model.names.load();
    }
    if (found?.words !== mention?.words) {
      setActive(0);
    }
    setMention(found);
  };
  const take = (name: string) => {
    if (mention) {
      const end = mention.from + 1 + mention.words.length;
      const before = `${value.slice(0, mention.from)}@${name} `;
      onChange(before + value.slice(end).replace(/^ /, ''));
      setCaret(before.length);
      setMention(null);
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (names.length === 0 || !plain || event.nativeEvent.isComposing) {
      return;
    }
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        setActive((active + (event.key === 'ArrowDown' ? 1 : names.length - 1)) % names.length);
        break;
      case 'Enter':
      case 'Tab':
        take(names[active] ?? names[0]!);
        break;
      case 'Escape':
        setMention(null);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="jp-PromptHub-writer">
      <div className="jp-PromptHub-grow" data-value={value}>
        <textarea
          ref={field}
          className="jp-PromptHub-text"
          aria-label={props.label}
          aria-autocomplete="list"
          aria-controls={names.length > 0 ? list : undefined}
          aria-activedescendant={names.length > 0 ? `${list}-${active}` : undefined}
          placeholder={props.placeholder}
          rows={2}
          value={value}
          autoFocus={props.autoFocus}
          onChange={event => {
            onChange(event.target.value);
            look(event.target);
          }}
          onKeyDown={onKeyDown}
          onClick={event => look(event.currentTarget)}
          onBlur={() => setMention(null)}
        />
      </div>
      {names.length > 0 && (
        <div
          id={list}
          role="listbox"
          className="jp-PromptHub-names"
          aria-label={model.hub.trans.__('People')}
        >
          {names.map((name, index) => (
            <div
              key={name}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === active}
              className={classes('jp-PromptHub-name', index === active && 'jp-mod-active')}
              // the field keeps the focus
              onMouseDown={event => event.preventDefault()}
              onClick={() => take(name)}
            >
              {name}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
