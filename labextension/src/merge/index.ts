import { MainAreaWidget } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { branchIcon } from '../icons';
import { MergeView } from './MergeView';
import type { MergeModel } from './model';

export { MergeModel } from './model';

class MergeContent extends ReactWidget {
  constructor(readonly model: MergeModel) {
    super();
    this.addClass('jp-PromptHub-merge');
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(): void {
    this.node.querySelector<HTMLElement>('select')?.focus();
  }

  protected override render(): JSX.Element {
    return React.createElement(MergeView, { model: this.model });
  }
}

/** A merge of two branches, in the main area; one for each prompt. */
export class MergeWidget extends MainAreaWidget<MergeContent> {
  constructor(model: MergeModel) {
    super({ content: new MergeContent(model) });
    const { trans } = model.hub;
    this.id = MergeWidget.idOf(model.promptId);
    this.node.dataset['promptId'] = model.promptId;
    this.toolbar.hide();
    this.title.icon = branchIcon;
    this.title.label = trans.__('Merge');
    this.title.closable = true;
    model.changed.connect(() => {
      if (model.name) {
        this.title.label = trans.__('Merge: %1', model.name);
      }
    });
  }

  get model(): MergeModel {
    return this.content.model;
  }

  static idOf(promptId: string): string {
    return `prompthub-merge-${promptId}`;
  }
}
