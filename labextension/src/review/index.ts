import { MainAreaWidget } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import type { IReviewKey } from '../api/reviews';
import { reviewIcon } from '../icons';
import type { IReviewPage } from './context';
import { ReviewPageProvider } from './context';
import type { ReviewModel } from './model';
import { Page } from './Page';

export { ReviewModel } from './model';
export { ReviewView } from './view';

class ReviewContent extends ReactWidget {
  constructor(private readonly _page: IReviewPage) {
    super();
    this.addClass('jp-PromptHub-review');
  }

  get model(): ReviewModel {
    return this._page.model;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(_: Message): void {
    void this.renderPromise?.then(() => {
      const inside = this.node.querySelector('.jp-PromptHub-review-body > *');
      if (!inside?.contains(document.activeElement)) {
        this.node.querySelector<HTMLElement>('.jp-PromptHub-review-body')?.focus();
      }
    });
  }

  protected override render(): JSX.Element {
    return React.createElement(
      ReviewPageProvider,
      { value: this._page },
      React.createElement(Page)
    );
  }
}

/** A review, in the main area; one widget for each. */
export class ReviewWidget extends MainAreaWidget<ReviewContent> {
  constructor(page: IReviewPage) {
    super({ content: new ReviewContent(page) });
    const { model } = page;
    const { trans } = model.hub;
    this.id = ReviewWidget.idOf(model.key);
    this.node.dataset['promptId'] = model.key.promptId;
    this.toolbar.hide();
    this.title.icon = reviewIcon;
    this.title.label = trans.__('Review #%1', model.key.number);
    this.title.closable = true;
    model.changed.connect(() => {
      const { review } = model;
      if (review) {
        this.title.label = trans.__('#%1 %2', review.number, review.title);
        this.title.caption = trans.__(
          '%1: review #%2 of %3 into %4',
          review.prompt_name,
          review.number,
          review.source,
          review.target
        );
      }
    });
  }

  get model(): ReviewModel {
    return this.content.model;
  }

  static idOf({ promptId, number }: IReviewKey): string {
    return `prompthub-review-${promptId}-${number}`;
  }
}
