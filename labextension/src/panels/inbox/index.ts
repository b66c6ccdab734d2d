import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import { reviewIcon } from '../../icons';
import { Inbox } from './Inbox';
import type { InboxModel } from './model';

export { InboxModel } from './model';
export { Notices } from './notices';

/** The reviews, in the left sidebar; its tab says how many wait. */
export class InboxPanel extends ReactWidget {
  constructor(
    readonly model: InboxModel,
    private readonly _go: (command: string) => void
  ) {
    super();
    this.id = 'prompthub-inbox';
    this.title.icon = reviewIcon;
    this.title.className = 'jp-PromptHub-inboxTab';
    this.addClass('jp-PromptHub-inbox');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', model.hub.trans.__('Reviews'));
    model.changed.connect(this._sayHowMany, this);
    this._sayHowMany();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(_: Message): void {
    const { node } = this;
    const list = node.querySelector<HTMLElement>('[role="listbox"]');
    (list ?? node.querySelector<HTMLElement>('[role="tab"][tabindex="0"]'))?.focus();
  }

  protected override render(): JSX.Element {
    return React.createElement(Inbox, { model: this.model, go: this._go });
  }

  private _sayHowMany(): void {
    const { trans } = this.model.hub;
    const waiting = this.model.waiting ?? 0;
    if (waiting === this._said) {
      return;
    }
    this._said = waiting;
    this.title.caption =
      waiting > 0
        ? trans._n('Reviews: %1 waits for you', 'Reviews: %1 wait for you', waiting)
        : trans.__('Reviews');
    this.title.dataset = waiting > 0 ? { count: waiting > 99 ? '99+' : String(waiting) } : {};
  }

  private _said = -1;
}
