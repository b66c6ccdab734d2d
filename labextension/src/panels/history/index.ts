import { MainAreaWidget } from '@jupyterlab/apputils';
import { historyIcon, ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import { History } from './History';
import { HistoryModel } from './model';

export { HistoryModel } from './model';

class HistoryContent extends ReactWidget {
  constructor(readonly model: HistoryModel) {
    super();
    this.addClass('jp-PromptHub-history');
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(_: Message): void {
    this.node.querySelector<HTMLElement>('[role="row"][tabindex="0"]')?.focus();
  }

  protected override render(): JSX.Element {
    return React.createElement(History, { model: this.model });
  }
}

/** The history of one prompt, in the main area. */
export class HistoryWidget extends MainAreaWidget<HistoryContent> {
  constructor(model: HistoryModel) {
    super({ content: new HistoryContent(model) });
    const { trans } = model.hub;
    this.id = HistoryWidget.idOf(model.promptId);
    this.node.dataset['promptId'] = model.promptId;
    this.toolbar.hide();
    this.title.icon = historyIcon;
    this.title.label = trans.__('History');
    this.title.closable = true;
    model.changed.connect(() => {
      if (model.prompt) {
        this.title.label = trans.__('History: %1', model.prompt.name);
        this.title.caption = model.prompt.title;
      }
    });
  }

  get promptId(): string {
    return this.content.model.promptId;
  }

  /** The widget id of a prompt's history: there is one each. */
  static idOf(promptId: string): string {
    return `prompthub-history-${promptId}`;
  }
}
