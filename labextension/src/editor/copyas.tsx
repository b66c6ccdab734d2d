import { Clipboard } from '@jupyterlab/apputils';
import { caretDownIcon } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import * as React from 'react';
import type { IExecutionCopy } from '../api';
import { reportDone, reportError } from '../components/notify';
import type { IPromptHub } from '../tokens';

type Form = IExecutionCopy['form'];

/** A menu that copies an execution as something to take elsewhere. */
export function CopyAs(props: { hub: IPromptHub; executionId: string }): JSX.Element {
  const { hub, executionId } = props;
  const { trans } = hub;
  const copy = async (form: Form, label: string) => {
    try {
      const { text } = await hub.api.execution.copy(executionId, form);
      Clipboard.copyToSystem(text);
      reportDone(trans.__('Copied: %1', label));
    } catch (error) {
      reportError(trans, trans.__('Not copied'), error);
    }
  };
  const open = (button: HTMLElement) => {
    const commands = new CommandRegistry();
    const menu = new Menu({ commands });
    const items: [Form, string][] = [
      ['case', trans.__('Test case (JSON)')],
      ['cell', trans.__('Notebook cell')],
      ['curl', trans.__('curl request')]
    ];
    for (const [form, label] of items) {
      commands.addCommand(form, { label, execute: () => copy(form, label) });
      menu.addItem({ command: form });
    }
    menu.aboutToClose.connect(() => {
      button.focus();
      // the chosen command runs after this
      setTimeout(() => menu.dispose(), 0);
    });
    const { left, bottom } = button.getBoundingClientRect();
    menu.open(left, bottom);
    menu.activeIndex = 0;
  };
  return (
    <button
      type="button"
      className="jp-PromptHub-button jp-PromptHub-copyAs"
      aria-haspopup="menu"
      onClick={event => open(event.currentTarget)}
    >
      <span className="jp-PromptHub-button-label">{trans.__('Copy as')}</span>
      <caretDownIcon.react tag="span" className="jp-PromptHub-icon" />
    </button>
  );
}
