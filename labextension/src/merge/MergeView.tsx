import * as React from 'react';
import { CommandIDs } from '../commands/ids';
import { Button, classes } from '../components/basics';
import { useSignal } from '../components/hooks';
import { nextStep } from '../components/nextstep';
import { SHOWN_DIGITS } from '../components/sha';
import { EmptyState, ErrorState, Loading } from '../components/states';
import { Brings } from '../conflict/Brings';
import { ConflictCard } from '../conflict/ConflictCard';
import { SoFar } from '../conflict/SoFar';
import { branchIcon } from '../icons';
import type { MergeModel } from './model';

/** Two branches that are brought together. */
export function MergeView(props: { model: MergeModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  useSignal(model.changed);
  if (!model.name) {
    return model.error ? (
      <ErrorState
        error={model.error}
        trans={trans}
        title={trans.__('The branches could not be read')}
        onRetry={() => void model.load()}
      />
    ) : (
      <Loading label={trans.__('Reading the branches')} rows={6} />
    );
  }
  if (model.branches.length < 2) {
    return (
      <EmptyState
        icon={branchIcon}
        title={trans.__('There is nothing to merge')}
        actions={
          <Button
            icon={branchIcon}
            onClick={() => model.run(CommandIDs.createBranch, { promptId: model.promptId })}
          >
            {trans.__('New branch…')}
          </Button>
        }
      >
        {trans.__(
          '%1 has one branch. Try something on another one, then merge it here.',
          model.name
        )}
      </EmptyState>
    );
  }
  return (
    <div className="jp-PromptHub-merge-body">
      <Sides model={model} />
      <State model={model} />
      <div
        className="jp-PromptHub-diff-scroll"
        // the keyboard scrolls it
        tabIndex={0}
        role="region"
        aria-label={trans.__('Conflicts and changes')}
      >
        {model.decider.items.map(item => (
          <ConflictCard
            key={item.id}
            item={item}
            decider={model.decider}
            names={{ ours: model.target, theirs: model.source }}
            isOpen={model.merged === null}
            trans={trans}
          />
        ))}
        {!model.merged && model.result && (
          <SoFar
            parts={model.result.so_far}
            text={model.result.text}
            items={model.decider.items}
            trans={trans}
          />
        )}
        {model.result?.diff && (
          <Brings
            title={
              model.merged
                ? trans.__('What %1 got', model.target)
                : trans.__('What %1 gets', model.target)
            }
            diff={model.result.diff}
            sha={model.result.target_sha}
            trans={trans}
          />
        )}
      </div>
      {!model.merged && <Accept model={model} />}
    </div>
  );
}

function Sides(props: { model: MergeModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  return (
    <header className="jp-PromptHub-merge-sides">
      <BranchSelect
        model={model}
        label={trans.__('Merge')}
        name={trans.__('Branch that is merged')}
        value={model.source}
        other={model.target}
        onChoose={source => model.choose(source, model.target)}
      />
      <BranchSelect
        model={model}
        label={trans.__('into')}
        name={trans.__('Branch that it is merged into')}
        value={model.target}
        other={model.source}
        onChoose={target => model.choose(model.source, target)}
      />
    </header>
  );
}

function BranchSelect(props: {
  model: MergeModel;
  /** What stands before it, and what a screen reader says of it. */
  label: string;
  name: string;
  value: string;
  other: string;
  onChoose: (branch: string) => void;
}): JSX.Element {
  const { model, label, value, other } = props;
  const known = model.branches.some(each => each.name === value);
  return (
    <label className="jp-PromptHub-merge-side">
      <span>{label}</span>
      <span className="jp-PromptHub-select">
        <select
          aria-label={props.name}
          value={value}
          onChange={event => props.onChoose(event.target.value)}
        >
          {!known && <option value={value}>{value}</option>}
          {model.branches.map(({ name }) => (
            <option key={name} value={name} disabled={name === other}>
              {name}
            </option>
          ))}
        </select>
      </span>
    </label>
  );
}

/** In one sentence: what it comes to. */
function State(props: { model: MergeModel }): JSX.Element {
  const { model } = props;
  const { result, merged, source, target, error } = model;
  const { trans } = model.hub;
  const open = model.decider.openCount;
  const said = merged
    ? trans.__('%1 is now %2.', target, merged.sha.slice(0, SHOWN_DIGITS))
    : result?.state === 'up_to_date'
      ? trans.__('%1 has everything of %2 already.', target, source)
      : result?.state === 'fast_forward'
        ? trans.__('%1 has nothing of its own: it can move on to %2.', target, source)
        : result?.state === 'ready'
          ? trans.__('Nothing is in the way.')
          : result?.state === 'conflicts'
            ? trans._n(
                '%1 conflict is to be decided before anything is written.',
                '%1 conflicts are to be decided before anything is written.',
                open
              )
            : '';
  return (
    <div
      className={classes('jp-PromptHub-merge-state', error && 'jp-mod-error')}
      role="status"
      data-state={merged ? 'merged' : result?.state}
    >
      {error ? (
        <>
          <span>{[error.message, nextStep(error, trans)].filter(Boolean).join(' ')}</span>
          {/* what was decided still holds when a branch has moved on */}
          {error.code === 'protected' && (
            <Button
              primary
              onClick={() =>
                model.run(CommandIDs.newReview, { promptId: model.promptId, source, target })
              }
            >
              {trans.__('Open review…')}
            </Button>
          )}
          {error.code !== 'stale_head' && (
            <Button onClick={() => model.startAgain()}>{trans.__('Start again')}</Button>
          )}
        </>
      ) : (
        <span>{said}</span>
      )}
      {merged && (
        <Button onClick={() => model.run(CommandIDs.openHistory, { promptId: model.promptId })}>
          {trans.__('History')}
        </Button>
      )}
    </div>
  );
}

function Accept(props: { model: MergeModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const [message, setMessage] = React.useState(model.message);
  const canWrite = model.hub.can('prompt:write');
  return (
    <form
      className="jp-PromptHub-merge-accept"
      onSubmit={event => {
        event.preventDefault();
        void model.merge();
      }}
    >
      {model.result?.state === 'fast_forward' ? (
        <p className="jp-PromptHub-quiet jp-PromptHub-merge-moves">
          {trans.__('Fast-forward: no version is made, so there is no message to write.')}
        </p>
      ) : (
        <input
          className="jp-PromptHub-text"
          aria-label={trans.__('Message of the merge')}
          placeholder={trans.__('Merge %1 into %2', model.source, model.target)}
          value={message}
          onChange={event => {
            model.message = event.target.value;
            setMessage(event.target.value);
          }}
          onKeyDown={event => {
            // a button that is off keeps the form from being sent, and Enter from being answered
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
              event.preventDefault();
              void model.merge();
            }
          }}
        />
      )}
      <button
        type="submit"
        className="jp-PromptHub-button jp-mod-primary"
        disabled={!model.canMerge || !canWrite}
        title={canWrite ? undefined : trans.__('You may read, and not merge')}
      >
        {trans.__('Merge')}
      </button>
    </form>
  );
}
