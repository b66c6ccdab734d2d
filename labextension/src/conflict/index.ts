import { MainAreaWidget } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IReviewKey } from '../api/reviews';
import { reviewIcon } from '../icons';
import type { ReviewModel } from '../review/model';
import { ConflictsPage } from './ConflictsPage';

export { ReviewConflicts } from './ReviewConflicts';

class ConflictsContent extends ReactWidget {
  constructor(readonly model: ReviewModel) {
    super();
    this.addClass('jp-PromptHub-conflictsPage');
    this.node.tabIndex = -1;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(): void {
    if (!this.node.contains(document.activeElement)) {
      this.node.focus();
    }
  }

  protected override render(): JSX.Element {
    return React.createElement(ConflictsPage, { model: this.model });
  }
}

/** The conflicts of a review, in the main area; one widget for each review. */
export class ReviewConflictsWidget extends MainAreaWidget<ConflictsContent> {
  constructor(model: ReviewModel) {
    super({ content: new ConflictsContent(model) });
    const { trans } = model.hub;
    this.id = ReviewConflictsWidget.idOf(model.key);
    this.node.dataset['promptId'] = model.key.promptId;
    this.toolbar.hide();
    this.title.icon = reviewIcon;
    this.title.label = trans.__('Conflicts of #%1', model.key.number);
    this.title.closable = true;
    model.changed.connect(() => {
      if (model.review) {
        this.title.caption = trans.__(
          '%1: conflicts of review #%2, %3 into %4',
          model.review.prompt_name,
          model.review.number,
          model.review.source,
          model.review.target
        );
      }
    });
  }

  get model(): ReviewModel {
    return this.content.model;
  }

  static idOf({ promptId, number }: IReviewKey): string {
    return `prompthub-conflicts-${promptId}-${number}`;
  }
}
