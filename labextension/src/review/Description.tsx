import { editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IReview } from '../api';
import { IconButton } from '../components/basics';
import { useFocusBack } from '../components/hooks';
import { Composer } from './Composer';
import { useReviewPage } from './context';
import { Markdown } from './Markdown';

/** What the author says about it. */
export function Description(props: { review: IReview }): JSX.Element {
  const { review } = props;
  const { model } = useReviewPage();
  const { trans } = model.hub;
  const [isEditing, setEditing] = React.useState(model.writing.typed.has('description'));
  const title = React.useId();
  const card = React.useRef<HTMLElement>(null);
  useFocusBack(isEditing, card);
  return (
    <section ref={card} className="jp-PromptHub-review-card" aria-labelledby={title}>
      <header className="jp-PromptHub-review-cardHead">
        <h3 id={title}>{trans.__('Description')}</h3>
        <span className="jp-PromptHub-spacer" />
        {model.mayWrite && !isEditing && (
          <IconButton
            icon={editIcon}
            label={trans.__('Edit the description')}
            onClick={() => setEditing(true)}
          />
        )}
      </header>
      {isEditing ? (
        <Composer
          id="description"
          label={trans.__('Description')}
          placeholder={trans.__('What it is for, and what to look at (Markdown)')}
          accept={trans.__('Save')}
          initial={review.description}
          autoFocus
          mayBeEmpty
          onSend={async description => {
            const done = await model.patch({ description });
            setEditing(!done);
            return done;
          }}
          onCancel={() => setEditing(false)}
        />
      ) : review.description.trim() ? (
        <Markdown source={review.description} />
      ) : (
        <p className="jp-PromptHub-quiet">{trans.__('No description.')}</p>
      )}
    </section>
  );
}
