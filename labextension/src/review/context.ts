import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import * as React from 'react';
import type { ReviewModel } from './model';

/** What every part of the page needs. */
export interface IReviewPage {
  readonly model: ReviewModel;
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

/** What is typed in one place; it stays with the model until it is sent or given up (`null`). */
export function useTyped(key: string, initial = ''): [string, (value: string | null) => void] {
  const { typed } = useReviewPage().model.writing;
  const [value, setValue] = React.useState(() => typed.get(key) ?? initial);
  const set = (next: string | null) => {
    if (next === null) {
      typed.delete(key);
    } else {
      typed.set(key, next);
    }
    setValue(next ?? initial);
  };
  return [value, set];
}
