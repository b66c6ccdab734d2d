import * as React from 'react';
import type { IReview } from '../api';
import { ReviewConflicts } from '../conflict';
import { useReviewPage } from './context';

/** The conflicts, decided in place. */
export function Conflicts(props: { review: IReview }): JSX.Element {
  return <ReviewConflicts model={useReviewPage().model} review={props.review} />;
}
