import * as React from 'react';
import type { IReview } from '../api';
import { Composer } from './Composer';
import { useReviewPage } from './context';
import type { Word } from './writing';

/** What the reader says of exactly what this page shows. */
export function Decide(props: { review: IReview }): JSX.Element | null {
  const { review } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const title = React.useId();
  const name = React.useId();
  if (!model.mayWrite) {
    return null;
  }
  const live = model.isLive;
  const words: readonly [Word, string, string, boolean][] = [
    ['comment', trans.__('Comment'), trans.__('Say something about all of it.'), true],
    [
      'approve',
      trans.__('Approve'),
      review.digest
        ? trans.__('Exactly what is shown here may be merged.')
        : trans.__('Nothing could be merged now, so there is nothing to approve.'),
      live && review.digest !== null
    ],
    [
      'request_changes',
      trans.__('Request changes'),
      trans.__('Something must change first. It stands until you approve.'),
      live
    ]
  ];
  const { word } = model.writing;
  return (
    <section className="jp-PromptHub-review-card" aria-labelledby={title} data-part="decide">
      <header className="jp-PromptHub-review-cardHead">
        <h3 id={title}>{trans.__('Your word')}</h3>
      </header>
      <Composer
        id="word"
        label={trans.__('What you have to say')}
        placeholder={
          word === 'comment'
            ? trans.__('Comment; @ and a name tells somebody')
            : word === 'approve'
              ? trans.__('Why (not needed)')
              : trans.__('What must change, or say it in a conversation')
        }
        accept={
          word === 'approve'
            ? trans.__('Approve')
            : word === 'request_changes'
              ? trans.__('Request changes')
              : trans.__('Comment')
        }
        mayBeEmpty={word !== 'comment'}
        onSend={body => model.decide(body)}
      >
        <div className="jp-PromptHub-words" role="radiogroup" aria-labelledby={title}>
          {words.map(([each, label, hint, isPossible]) => (
            <div key={each} className="jp-PromptHub-word">
              <input
                id={`${name}-${each}`}
                type="radio"
                name={name}
                aria-describedby={`${name}-${each}-hint`}
                checked={word === each}
                disabled={!isPossible}
                onChange={() => (model.writing.word = each)}
              />
              <label htmlFor={`${name}-${each}`}>{label}</label>
              <span id={`${name}-${each}-hint`} className="jp-PromptHub-muted">
                {hint}
              </span>
            </div>
          ))}
        </div>
      </Composer>
    </section>
  );
}
