import { MainAreaWidget } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import { SHOWN_DIGITS } from '../components/sha';
import { compareIcon } from '../icons';
import { Diff } from './Diff';
import type { DiffModel } from './model';

export { DiffModel } from './model';
export type { DiffLayout, IDiffOptions } from './model';

class DiffContent extends ReactWidget {
  constructor(readonly model: DiffModel) {
    super();
    this.addClass('jp-PromptHub-diff');
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(_: Message): void {
    this.node.querySelector<HTMLElement>('.jp-PromptHub-diff-body')?.focus();
  }

  protected override render(): JSX.Element {
    return React.createElement(Diff, { model: this.model });
  }
}

/** Two versions of a prompt compared, in the main area. */
export class DiffWidget extends MainAreaWidget<DiffContent> {
  constructor(model: DiffModel) {
    super({ content: new DiffContent(model) });
    this.id = DiffWidget.idOf(model.promptId, model.base, model.head);
    this.node.dataset['promptId'] = model.promptId;
    this.toolbar.hide();
    this.title.icon = compareIcon;
    this.title.label = model.hub.trans.__('Compare');
    this.title.closable = true;
    model.changed.connect(() => {
      const { comparison, name } = model;
      if (comparison) {
        const [a, b] = [comparison.base, comparison.head].map(v => v.sha.slice(0, SHOWN_DIGITS));
        this.title.label = `${name} ${a}…${b}`;
        this.title.caption = model.hub.trans.__('%1: %2 compared with %3', name, a!, b!);
      }
    });
  }

  get model(): DiffModel {
    return this.content.model;
  }

  /** The widget id of a comparison: the same two refs are shown once. */
  static idOf(promptId: string, base: string, head: string): string {
    return `prompthub-diff-${promptId}-${base}-${head}`;
  }
}
