import { addIcon, runIcon, stopIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { Button, IconButton } from '../components/basics';
import { useSignal } from '../components/hooks';
import { Loading } from '../components/states';
import { EstimateLine } from '../editor/estimate';
import { InputFields } from '../editor/inputfields';
import { SampleBar } from '../editor/samplebar';
import { compareIcon } from '../icons';
import { ColumnCard } from './Column';
import { MOST } from './columns';
import type { SideBySide } from './model';

/** Runs beside each other: the inputs they share, then a column each. */
export function SideBySideView(props: { model: SideBySide; keys: string }): JSX.Element {
  const { model, keys } = props;
  const { trans } = model.hub;
  useSignal(model.changed);
  const { columns, prompt } = model;
  if (columns.length === 0) {
    return <Loading label={trans.__('Loading')} rows={6} />;
  }
  const mayRun = !prompt.hub.me || prompt.hub.can('prompt:execute');
  const nothing = columns.every(column => model.whyNot(column) !== null);
  const refused = columns.filter(column => model.whyNot(column) !== null).length;
  return (
    <>
      <div
        className="jp-PromptHub-sideBySide-bar"
        role="toolbar"
        aria-label={trans.__('Side by side')}
      >
        {model.isBusy ? (
          <Button icon={stopIcon} onClick={() => model.stopAll()}>
            {trans.__('Stop all')}
          </Button>
        ) : (
          <Button
            primary
            icon={runIcon}
            disabled={!mayRun || nothing}
            title={mayRun ? trans.__('Run all (%1)', keys) : (prompt.whyNotRun ?? undefined)}
            onClick={() => model.runAll()}
          >
            {trans.__('Run all')}
          </Button>
        )}
        <EstimateLine estimates={model.estimates} trans={trans} />
        {refused > 0 && !nothing && (
          <span className="jp-PromptHub-quiet">
            {trans._n('%1 column cannot run', '%1 columns cannot run', refused)}
          </span>
        )}
        <span className="jp-PromptHub-spring" />
        <IconButton
          icon={compareIcon}
          label={trans.__('Mark the words that differ from the baseline')}
          pressed={model.showsMarks}
          onClick={() => (model.showsMarks = !model.showsMarks)}
        />
        <IconButton
          icon={addIcon}
          label={
            columns.length < MOST ? trans.__('Add a column') : trans.__('At most %1 columns', MOST)
          }
          disabled={columns.length >= MOST}
          onClick={() => model.add()}
        />
      </div>
      <div className="jp-PromptHub-sideBySide-scroll" tabIndex={-1}>
        {prompt.variables.length > 0 && (
          <details className="jp-PromptHub-sideBySide-inputs" open>
            <summary>{trans.__('Inputs')}</summary>
            {prompt.samples && <SampleBar model={prompt} samples={prompt.samples} />}
            <div className="jp-PromptHub-sideBySide-fields">
              <InputFields model={prompt} />
            </div>
          </details>
        )}
        <div
          className="jp-PromptHub-columns"
          style={{ '--jp-prompthub-columns': columns.length } as React.CSSProperties}
        >
          {columns.map(column => (
            <ColumnCard key={column.id} model={model} column={column} />
          ))}
        </div>
      </div>
    </>
  );
}
