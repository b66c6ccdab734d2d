import * as React from 'react';
import type { IReview, IReviewDependent } from '../api';
import { asPromptHubError, isAbort } from '../api';
import { CommandIDs } from '../commands/ids';
import { Badge, Button } from '../components/basics';
import { Place } from '../components/usedby';
import { OneCheck } from './Checks';
import { useReviewPage } from './context';
import { WordsChanged } from './Words';

/** The prompts that include the snippet under review, what becomes of them, and the checks that they need. */
export function Dependents(props: { review: IReview }): JSX.Element | null {
  const { review } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const title = React.useId();
  const { read, isMore, load } = usePages(review);
  if (review.dependent_prompts === 0) {
    return null;
  }
  // what the review says of the first of them is newer; texts and effects are in the pages alone
  const newest = new Map(review.dependents.map(each => [keyOf(each), each]));
  const items =
    read.length === 0
      ? review.dependents
      : read.map(each => {
          const { checks, required } = newest.get(keyOf(each)) ?? each;
          return { ...each, checks, required };
        });
  return (
    <section className="jp-PromptHub-review-part" aria-labelledby={title} data-part="dependents">
      <h3 id={title}>
        {trans.__('Used by')}{' '}
        <span className="jp-PromptHub-muted">
          {trans._n('%1 prompt', '%1 prompts', review.dependent_prompts)}
        </span>
      </h3>
      <ul className="jp-PromptHub-review-list jp-PromptHub-review-dependents">
        {items.map(each => (
          <OneDependent key={keyOf(each)} dependent={each} />
        ))}
      </ul>
      {isMore && (
        <div>
          <Button onClick={() => void load()}>{trans.__('Show more')}</Button>
        </div>
      )}
    </section>
  );
}

function keyOf({ prompt_id, version_sha }: IReviewDependent): string {
  return `${prompt_id} ${version_sha}`;
}

/** Pages of them, read anew when something else would be merged. */
function usePages(review: IReview): {
  read: readonly IReviewDependent[];
  isMore: boolean;
  load: () => Promise<void>;
} {
  const { model } = useReviewPage();
  const [pages, setPages] = React.useState<{
    digest: string | null;
    items: readonly IReviewDependent[];
    next: string | null;
  } | null>(null);
  const { digest } = review;
  const isUsed = review.dependent_prompts > 0;
  const mine = pages?.digest === digest ? pages : null;
  const ask = React.useCallback(
    async (cursor: string | null, before: readonly IReviewDependent[], signal?: AbortSignal) => {
      try {
        const page = await model.hub.api.reviews.dependents(model.key, { cursor }, signal);
        setPages({ digest, items: [...before, ...page.items], next: page.next_cursor });
      } catch (thrown) {
        if (!isAbort(thrown)) {
          model.writing.say({ kind: 'error', text: asPromptHubError(thrown).message });
        }
      }
    },
    [model, digest]
  );
  React.useEffect(() => {
    if (!isUsed) {
      return;
    }
    const asking = new AbortController();
    void ask(null, [], asking.signal);
    return () => asking.abort();
  }, [ask, isUsed]);
  return {
    read: mine?.items ?? [],
    isMore: typeof mine?.next === 'string',
    load: () => ask(mine?.next ?? null, mine?.items ?? [])
  };
}

function OneDependent(props: { dependent: IReviewDependent }): JSX.Element {
  const { dependent } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const { before, after, checks, required, reasons, branches } = dependent;
  const missing = required.filter(name => !checks.some(check => check.name === name));
  const [isOpen, setOpen] = React.useState(false);
  return (
    <li className="jp-PromptHub-review-card" data-dependent={dependent.name}>
      <div className="jp-PromptHub-review-line">
        <span>
          <Place dependent={dependent} trans={trans} />
        </span>
        {dependent.effect === 'breaks' && <Badge kind="error">{trans.__('breaks')}</Badge>}
        <span className="jp-PromptHub-spacer" />
        <Button
          onClick={() =>
            model.run(CommandIDs.openPrompt, {
              promptId: dependent.prompt_id,
              branch: branches[0] ?? 'main'
            })
          }
        >
          {trans.__('Open')}
        </Button>
      </div>
      {reasons.map(reason => (
        <div key={reason}>{reason}</div>
      ))}
      {missing.map(name => (
        <div key={name}>{trans.__('The check %1 is needed, and was not made.', name)}</div>
      ))}
      {checks.length > 0 && (
        <ul className="jp-PromptHub-review-list jp-PromptHub-checks">
          {checks.map(check => (
            <OneCheck key={check.name} check={check} />
          ))}
        </ul>
      )}
      {before !== null && after !== null && before !== after && (
        <details
          onToggle={event => {
            setOpen(event.currentTarget.open);
          }}
        >
          <summary>{trans.__('What it would be')}</summary>
          {isOpen && (
            <WordsChanged
              before={before}
              after={after}
              label={trans.__('What %1 would be', dependent.name)}
              trans={trans}
            />
          )}
          {dependent.cut && (
            <p className="jp-PromptHub-quiet">{trans.__('Only the beginning is shown.')}</p>
          )}
        </details>
      )}
    </li>
  );
}
