import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import * as React from 'react';
import type { ReviewModel } from './model';
import type { ReviewView } from './view';

/** What every part of the page needs. */
export interface IReviewPage {
  readonly model: ReviewModel;
  /** How it is looked at. */
  readonly view: ReviewView;
  /** Renders what people wrote. */
  readonly rendermime: IRenderMimeRegistry;
}

const Context = React.createContext<IReviewPage | null>(null);

export const ReviewPageProvider = Context.Provider;

export function useReviewPage(): IReviewPage {
  const page = React.useContext(Context);
  if (!page) {
    throw new Error('outside of a review page');
  }
  return page;
}

/** What is typed in one place; it stays with the model until it is sent, given up (`null`), or again as it was. */
export function useTyped(key: string, initial = ''): [string, (value: string | null) => void] {
  const { writing } = useReviewPage().model;
  const [value, setValue] = React.useState(() => writing.typed.get(key) ?? initial);
  const set = (next: string | null) => {
    writing.type(key, next === initial ? null : next);
    setValue(next ?? initial);
  };
  return [value, set];
}
