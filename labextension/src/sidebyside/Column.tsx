import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon, runIcon, stopIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IDiffSpan, IVersionSummary } from '../api';
import { classes, IconButton } from '../components/basics';
import { Spinner } from '../components/states';
import { CopyButton, Failure } from '../editor/answer';
import { CopyAs } from '../editor/copyas';
import { EstimateLine } from '../editor/estimate';
import { facts } from '../editor/format';
import { ModelOptions } from '../editor/modelpicker';
import type { Column } from './columns';
import { LEAST, sameAs } from './columns';
import type { SideBySide } from './model';

/** One run: what is run, and what came back. */
export function ColumnCard(props: { model: SideBySide; column: Column }): JSX.Element {
  const { model, column } = props;
  const { trans } = model.hub;
  const at = model.columns.indexOf(column);
  const isBaseline = model.baseline === column;
  const why = model.whyNot(column);
  const same = sameAs(model.columns, column);
  const { state } = column;
  const text = state.phase === 'idle' ? '' : state.text;
  return (
    <section
      className={classes('jp-PromptHub-column', isBaseline && 'jp-mod-baseline')}
      aria-label={trans.__('Column %1', at + 1)}
      aria-busy={column.isBusy}
      data-phase={column.isQueued ? 'queued' : state.phase}
    >
      <header className="jp-PromptHub-column-head">
        <div className="jp-PromptHub-column-line">
          <span className="jp-PromptHub-column-number">{at + 1}</span>
          <VersionPicker model={model} column={column} />
          {column.isBusy ? (
            <IconButton
              icon={stopIcon}
              label={trans.__('Stop column %1', at + 1)}
              onClick={() => model.stop(column)}
            />
          ) : (
            <IconButton
              icon={runIcon}
              label={why ?? trans.__('Run column %1', at + 1)}
              disabled={why !== null}
              onClick={() => model.run(column)}
            />
          )}
          <IconButton
            icon={closeIcon}
            label={trans.__('Remove column %1', at + 1)}
            disabled={model.columns.length <= LEAST}
            onClick={() => model.remove(column)}
          />
        </div>
        <div className="jp-PromptHub-column-line">
          <div className="jp-PromptHub-select">
            <select
              name="model"
              aria-label={trans.__('Model of column %1', at + 1)}
              value={column.choice.model}
              onChange={event => model.choose(column, { model: event.target.value })}
            >
              <ModelOptions model={model.prompt} picked={column.choice.model} />
            </select>
          </div>
        </div>
        <div className="jp-PromptHub-column-line jp-mod-quiet">
          <label>
            <input
              type="radio"
              name="baseline"
              checked={isBaseline}
              onChange={() => model.compareWith(column)}
            />
            {trans.__('baseline')}
          </label>
          <span className="jp-PromptHub-spring" />
          {column.estimate && <EstimateLine estimates={[column.estimate]} trans={trans} />}
        </div>
        {same >= 0 && (
          <p className="jp-PromptHub-note">
            {trans.__('The same as column %1: it shows how much answers vary.', same + 1)}
          </p>
        )}
        {why !== null && (
          <p className="jp-PromptHub-note jp-mod-refused" role="alert">
            {why}
          </p>
        )}
      </header>
      <div className="jp-PromptHub-column-body">
        {column.isQueued && <Waiting label={trans.__('Waits for its turn…')} />}
        {state.phase === 'waiting' && <Waiting label={trans.__('Waiting for the first token…')} />}
        {text && (
          <div className="jp-PromptHub-column-text">
            {column.marks && model.showsMarks ? <Marks spans={column.marks} trans={trans} /> : text}
            {state.phase === 'streaming' && <span className="jp-PromptHub-textCaret" />}
          </div>
        )}
        {state.phase === 'done' && !text && (
          <p className="jp-PromptHub-quiet">{trans.__('The answer is empty.')}</p>
        )}
        {state.phase === 'cancelled' && (
          <p className="jp-PromptHub-quiet">
            {text ? trans.__('Stopped; this is what came.') : trans.__('Stopped.')}
          </p>
        )}
        {state.phase === 'failed' && <Failure error={state.error} partial={!!text} trans={trans} />}
      </div>
      <footer className="jp-PromptHub-column-foot">
        {state.phase === 'done' && (
          <>
            <div className="jp-PromptHub-facts">
              <span title={trans.__('The model that answered')}>
                {state.response.result.metadata.model}
              </span>
              {facts(state.response.result.metadata, trans).map(fact => (
                <span key={fact}>{fact}</span>
              ))}
            </div>
            <span className="jp-PromptHub-spring" />
            <CopyAs hub={model.hub} executionId={state.response.execution_id} />
            <CopyButton text={text} trans={trans} />
          </>
        )}
      </footer>
    </section>
  );
}

function Waiting(props: { label: string }): JSX.Element {
  return (
    <p className="jp-PromptHub-quiet">
      <Spinner label={props.label} /> {props.label}
    </p>
  );
}

/** An answer with the words marked that the baseline's does not have, and those that only the baseline has. */
function Marks(props: { spans: readonly IDiffSpan[]; trans: TranslationBundle }): JSX.Element {
  const { spans, trans } = props;
  return (
    <>
      {spans.map(({ op, text }, index) =>
        op === 'equal' ? (
          <React.Fragment key={index}>{text}</React.Fragment>
        ) : op === 'insert' ? (
          <ins key={index} title={trans.__('Only here')}>
            {text}
          </ins>
        ) : (
          <del key={index} title={trans.__('Only in the baseline')}>
            {text}
          </del>
        )
      )}
    </>
  );
}

function VersionPicker(props: { model: SideBySide; column: Column }): JSX.Element {
  const { model, column } = props;
  const { trans } = model.hub;
  const { version } = column.choice;
  const at = model.columns.indexOf(column);
  const { branch } = model.prompt.key ?? { branch: '' };
  return (
    <div className="jp-PromptHub-select">
      <select
        name="version"
        aria-label={trans.__('Version of column %1', at + 1)}
        value={version}
        onChange={event => model.choose(column, { version: event.target.value })}
      >
        <option value="">{trans.__('Draft of %1', branch)}</option>
        {model.versions.map(each => (
          <option key={each.sha} value={each.sha}>
            {sayVersion(each)}
          </option>
        ))}
        {version && !model.versions.some(({ sha }) => sha === version) && (
          <option value={version}>{version.slice(0, 8)}</option>
        )}
      </select>
    </div>
  );
}

/** A version in a list: where it is, its SHA, and why it was made. */
function sayVersion(version: IVersionSummary): string {
  const places = [...version.branches, ...version.tags, ...version.served_in].join(', ');
  const message = version.commit_message.split('\n', 1)[0] ?? '';
  return [places, version.sha.slice(0, 8), message].filter(Boolean).join(' · ');
}
