import type { TranslationBundle } from '@jupyterlab/translation';
import type { IActorRef, IReviewSummary } from '../../api';
import type { Tab } from './model';

export type Tone = 'good' | 'bad' | 'waits' | 'quiet';

export interface IMissing {
  tone: Tone;
  text: string;
}

/** The name of a list. */
export function label(tab: Tab, trans: TranslationBundle): string {
  switch (tab) {
    case 'to_review':
      return trans.__('To review');
    case 'mine':
      return trans.__('Mine');
    case 'mentioned':
      return trans.__('Mentioned');
    case 'all':
      return trans.__('All');
  }
}

/** What is missing in short, the most pressing first. What holds the merge up to the letter is on the review's page. */
export function missing(
  review: IReviewSummary,
  me: string | null,
  trans: TranslationBundle
): IMissing {
  const against = review.changes_requested_by;
  if (review.state === 'draft') {
    return { tone: 'quiet', text: trans.__('A draft: nobody is asked yet') };
  }
  if (against.length > 0) {
    return { tone: 'bad', text: trans.__('%1 asked for changes', names(against, me, trans)) };
  }
  if (review.failing.length > 0) {
    const text = trans.__('Not passed: %1', review.failing.join(', '));
    return { tone: 'bad', text };
  }
  const said = new Set(review.approved_by.map(({ id }) => id));
  const asked = review.reviewers.filter(({ id }) => !said.has(id));
  if (asked.some(({ id }) => id === me)) {
    return { tone: 'waits', text: trans.__('Waits for your word') };
  }
  if (asked.length > 0) {
    return { tone: 'waits', text: trans.__('Waits for %1', names(asked, me, trans)) };
  }
  if (said.size > 0) {
    const text = trans.__('Approved by %1', names(review.approved_by, me, trans));
    return { tone: 'good', text };
  }
  return { tone: 'quiet', text: trans.__('Nobody is asked to review it') };
}

/** At most two by name. */
function names(people: readonly IActorRef[], me: string | null, trans: TranslationBundle): string {
  const called = people.map(each =>
    each.id === me ? trans.__('you') : each.display_name || each.id
  );
  const [first = '', second = ''] = called;
  switch (called.length) {
    case 1:
      return first;
    case 2:
      return trans.__('%1 and %2', first, second);
    default:
      return trans.__('%1, %2 and %3 more', first, second, called.length - 2);
  }
}
