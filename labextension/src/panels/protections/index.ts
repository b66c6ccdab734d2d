import { MainAreaWidget } from '@jupyterlab/apputils';
import { lockIcon, ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import type { ProtectionsModel } from './model';
import { focusFirst, Protections } from './Protections';

export { ProtectionsModel } from './model';

class ProtectionsContent extends ReactWidget {
  constructor(readonly model: ProtectionsModel) {
    super();
    this.addClass('jp-PromptHub-protections');
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(_: Message): void {
    focusFirst(this.node);
  }

  protected override render(): JSX.Element {
    return React.createElement(Protections, { model: this.model });
  }
}

/** The protections, in the main area. */
export class ProtectionsWidget extends MainAreaWidget<ProtectionsContent> {
  constructor(readonly model: ProtectionsModel) {
    super({ content: new ProtectionsContent(model) });
    this.id = ProtectionsWidget.ID;
    this.toolbar.hide();
    this.title.icon = lockIcon;
    this.title.label = model.hub.trans.__('Branch protections');
    this.title.closable = true;
  }

  static readonly ID = 'prompthub-protections';
}
