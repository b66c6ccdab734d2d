import { checkIcon, closeIcon, refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { ICheck, IReview } from '../api';
import { Badge } from '../components/basics';
import { TimeAgo } from '../components/time';
import { warningIcon } from '../icons';
import { useReviewPage } from './context';

/** What was found by checks, on exactly what would be merged or on something else. */
export function Checks(props: { review: IReview }): JSX.Element | null {
  const { checks } = props.review;
  const { trans } = useReviewPage().model.hub;
  const title = React.useId();
  if (checks.length === 0) {
    return null;
  }
  return (
    <section className="jp-PromptHub-review-card" aria-labelledby={title} data-part="checks">
      <header className="jp-PromptHub-review-cardHead">
        <h3 id={title}>{trans.__('Checks')}</h3>
      </header>
      <ul className="jp-PromptHub-review-list jp-PromptHub-checks">
        {checks.map(check => (
          <OneCheck key={check.name} check={check} />
        ))}
      </ul>
    </section>
  );
}

export function OneCheck(props: { check: ICheck }): JSX.Element {
  const { check } = props;
  const { trans } = useReviewPage().model.hub;
  const Icon = check.stale
    ? refreshIcon
    : check.verdict === 'passed'
      ? checkIcon
      : check.verdict === 'failed'
        ? closeIcon
        : warningIcon;
  const said = {
    passed: trans.__('passed'),
    failed: trans.__('failed'),
    inconclusive: trans.__('inconclusive')
  }[check.verdict];
  const { suite, models } = check.evidence;
  return (
    <li data-check={check.name} data-verdict={check.stale ? 'stale' : check.verdict}>
      <Icon.react tag="span" className="jp-PromptHub-icon" />
      <div>
        <div className="jp-PromptHub-checks-line">
          <strong className="jp-PromptHub-ellipsis">{check.name}</strong>
          <span>{check.stale ? trans.__('stale: made for another text (it %1)', said) : said}</span>
          {check.required && <Badge>{trans.__('required')}</Badge>}
        </div>
        {check.summary && <div>{check.summary}</div>}
        <div className="jp-PromptHub-muted">
          {[suite && trans.__('suite %1', suite), models?.join(', ')].filter(Boolean).join(' · ')}
          {(suite || models?.length) && ' · '}
          {check.by.display_name || check.by.id} · <TimeAgo time={check.at} />
          {check.url && (
            <>
              {' · '}
              <a href={check.url} target="_blank" rel="noopener noreferrer">
                {trans.__('evidence')}
              </a>
            </>
          )}
        </div>
      </div>
    </li>
  );
}
