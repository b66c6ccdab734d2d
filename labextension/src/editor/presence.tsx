import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownEmptyThinIcon, MenuSvg, ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { Button, classes } from '../components/basics';
import { useSignal } from '../components/hooks';
import type { Follower } from './follow';
import type { IPerson } from './people';

/** How many are shown; the rest is a number. */
const SHOWN = 5;

/** Who else is here: a round for each, and a list of all with their lines. */
export class PresenceWidget extends ReactWidget {
  constructor(
    private readonly _follower: Follower,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-PromptHub-presence');
    const trans = _trans;
    this._commands.addCommand('follow', {
      label: args => labelOf(args['id'] as string, _follower, trans),
      isToggled: args => _follower.followed?.id === args['id'],
      execute: args => toggle(_follower, args['id'] as string)
    });
    this._menu = new MenuSvg({ commands: this._commands });
    this._menu.node.setAttribute('aria-label', trans.__('People in this draft'));
  }

  override dispose(): void {
    this._menu.dispose();
    super.dispose();
  }

  protected render(): JSX.Element {
    return (
      <People
        follower={this._follower}
        trans={this._trans}
        onList={(x, y) => {
          this._menu.clearItems();
          for (const { id } of this._follower.people) {
            this._menu.addItem({ command: 'follow', args: { id } });
          }
          this._menu.open(x, y);
        }}
      />
    );
  }

  private readonly _commands = new CommandRegistry();
  private readonly _menu: MenuSvg;
}

function toggle(follower: Follower, id: string): void {
  if (follower.followed?.id === id) {
    follower.stop();
  } else {
    follower.follow(id);
  }
}

function nameOf(person: IPerson, trans: TranslationBundle): string {
  return person.isMe ? trans.__('You, in another window') : person.name;
}

function labelOf(id: string, follower: Follower, trans: TranslationBundle): string {
  const person = follower.people.find(each => each.id === id);
  if (!person) {
    return '';
  }
  const line = follower.line(person);
  const name = nameOf(person, trans);
  return line === null ? name : trans.__('%1, line %2', name, line);
}

function People(props: {
  follower: Follower;
  trans: TranslationBundle;
  onList: (x: number, y: number) => void;
}): JSX.Element {
  const { follower, trans, onList } = props;
  useSignal(follower.changed);
  const { people, followed } = follower;
  return (
    <div className="jp-PromptHub-people" role="group" aria-label={trans.__('Also here')}>
      {people.slice(0, SHOWN).map(person => {
        const isOn = followed?.id === person.id;
        const label = labelOf(person.id, follower, trans);
        return (
          <button
            key={person.id}
            type="button"
            className={classes('jp-PromptHub-person', isOn && 'jp-mod-on')}
            style={person.color ? { borderColor: person.color } : undefined}
            aria-pressed={isOn}
            aria-label={trans.__('Follow %1', label)}
            title={
              isOn ? trans.__('%1. You follow: click to stop', label) : trans.__('Follow %1', label)
            }
            onClick={() => toggle(follower, person.id)}
          >
            {person.initials}
          </button>
        );
      })}
      {people.length > 0 && (
        <button
          type="button"
          className="jp-PromptHub-iconButton jp-PromptHub-peopleList"
          aria-haspopup="menu"
          aria-label={trans._n('%1 other person here', '%1 other people here', people.length)}
          title={trans.__('Who is here, and where')}
          onClick={event => {
            const { left, bottom } = event.currentTarget.getBoundingClientRect();
            onList(left, bottom);
          }}
        >
          {people.length > SHOWN && <span>+{people.length - SHOWN}</span>}
          <caretDownEmptyThinIcon.react tag="span" className="jp-PromptHub-icon" />
        </button>
      )}
    </div>
  );
}

/** Says who is followed, and how to stop; hidden while nobody is. */
export class FollowBanner extends ReactWidget {
  constructor(
    private readonly _follower: Follower,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-PromptHub-following');
    _follower.changed.connect(this._onChanged, this);
    this._onChanged();
  }

  protected render(): JSX.Element {
    return <Following follower={this._follower} trans={this._trans} />;
  }

  private _onChanged(): void {
    const { followed } = this._follower;
    this.setHidden(!followed);
    this.parent?.node.style.setProperty('--ph-followed', followed?.color || null);
    this.parent?.toggleClass('jp-mod-following', followed !== null);
  }
}

function Following(props: { follower: Follower; trans: TranslationBundle }): JSX.Element | null {
  const { follower, trans } = props;
  useSignal(follower.changed);
  const { followed } = follower;
  if (!followed) {
    return null;
  }
  const line = follower.line(followed);
  const name = nameOf(followed, trans);
  return (
    <div className="jp-PromptHub-following-line">
      <span role="status">{trans.__('Following %1', name)}</span>
      <span className="jp-PromptHub-muted">
        {line === null ? trans.__('no cursor in the text') : trans.__('line %1', line)}
      </span>
      <span className="jp-PromptHub-spacer" />
      <Button title={trans.__('Esc, or begin to type')} onClick={() => follower.stop()}>
        {trans.__('Stop (Esc)')}
      </Button>
    </div>
  );
}
