import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';

/** Keys and what they do. */
type KeyRow = readonly [keys: readonly string[], label: string];

interface ISection {
  readonly title: string;
  readonly rows: readonly KeyRow[];
}

/** The command that shows the keys of PromptHub, as they are set now. */
export function addKeyboardCommand({ app, trans }: ICommandContext): void {
  const { commands } = app;
  commands.addCommand(CommandIDs.keyboard, {
    label: trans.__('Keyboard Map'),
    caption: trans.__('The keys of PromptHub'),
    execute: async () => {
      const sections = [...bound(commands, trans), ...fixed(trans)];
      const { button } = await showDialog({
        title: trans.__('Keyboard'),
        body: ReactWidget.create(<KeyMap sections={sections} />),
        buttons: [
          Dialog.cancelButton({ label: trans.__('Change keys…') }),
          Dialog.okButton({ label: trans.__('Close') })
        ]
      });
      if (button.label === trans.__('Change keys…')) {
        await commands.execute('settingeditor:open', { query: 'Keyboard Shortcuts' });
      }
    }
  });
}

function KeyMap(props: { sections: readonly ISection[] }): JSX.Element {
  return (
    <div className="jp-PromptHub-keys" tabIndex={0}>
      {props.sections.map(({ title, rows }) => (
        <table key={title}>
          <caption>{title}</caption>
          <tbody>
            {rows.map(([keys, label]) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>
                  {keys.map(key => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

/** The shortcuts of commands, also those that a person has set. */
function bound(commands: CommandRegistry, trans: TranslationBundle): ISection[] {
  const keys = new Map<string, Set<string>>();
  for (const { command, keys: strokes } of commands.keyBindings) {
    if (command.startsWith('prompthub:') && commands.hasCommand(command)) {
      const label = commands.label(command).replace(/…$/, '');
      const known = keys.get(label) ?? new Set();
      keys.set(label, known.add(CommandRegistry.formatKeystroke(strokes)));
    }
  }
  const rows = [...keys].map(([label, all]): KeyRow => [[...all], label]);
  return rows.length > 0 ? [{ title: trans.__('Commands'), rows }] : [];
}

/** Keys that belong to a place. */
function fixed(trans: TranslationBundle): ISection[] {
  const key = (strokes: string) => CommandRegistry.formatKeystroke(strokes);
  return [
    {
      title: trans.__('Text of a prompt'),
      rows: [
        [[key('Ctrl Space')], trans.__('Offer completions')],
        [[key('Tab')], trans.__('Take a completion, go to the next place to fill in')],
        [[key('Accel F')], trans.__('Find and replace')],
        [[`${key('Escape')} ${key('Tab')}`], trans.__('Leave the text')]
      ]
    },
    {
      title: trans.__('Review'),
      rows: [
        [[key('Accel Enter')], trans.__('Send what is being written')],
        [[key('Escape')], trans.__('Give it up')],
        [['@'], trans.__('Name somebody')]
      ]
    },
    {
      title: trans.__('Library'),
      rows: [
        [['↑', '↓'], trans.__('Move; with Shift, select')],
        [['→', '←'], trans.__('Open and close a folder')],
        [['a–z'], trans.__('Go to the next name that begins so')],
        [[key('Enter')], trans.__('Open')],
        [[key('Space')], trans.__('Select')],
        [[key('Accel A'), key('Escape')], trans.__('Select all, nothing')],
        [['F2'], trans.__('Rename')],
        [[key('Delete')], trans.__('Archive')],
        [[key('Accel D')], trans.__('Duplicate')],
        [[key('Shift F10')], trans.__('Menu of the row')]
      ]
    },
    {
      title: trans.__('History and comparison'),
      rows: [
        [[key('Space')], trans.__('Choose a version to compare')],
        [[key('Enter')], trans.__('Compare the chosen two')],
        [['n', 'p'], trans.__('Next, previous change')]
      ]
    }
  ];
}
