import type { TranslationBundle } from '@jupyterlab/translation';
import { addIcon, deleteIcon, editIcon, saveIcon } from '@jupyterlab/ui-components';
import { JSONExt } from '@lumino/coreutils';
import type { PartialJSONValue } from '@lumino/coreutils';
import * as React from 'react';
import type { ISample } from '../api';
import { IconButton } from '../components/basics';
import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import type { PromptModel } from './model';
import type { Samples } from './samples';

/** Ask for a name, and keep inputs under it; null when cancelled. */
export async function keepSample(
  samples: Samples,
  inputs: ISample['inputs'],
  trans: TranslationBundle
): Promise<ISample | null> {
  return askForm({
    title: trans.__('Keep as a sample'),
    text: trans.__('Everybody in the workspace can run the prompt with these inputs.'),
    fields: [
      {
        name: 'name',
        label: trans.__('Name'),
        placeholder: trans.__('angry customer'),
        required: true
      }
    ],
    accept: trans.__('Keep'),
    submit: ({ name }) => samples.keep(name ?? '', inputs),
    trans
  });
}

/** The samples of a prompt above its fields: pick one, keep, rename, delete. */
export function SampleBar(props: { model: PromptModel; samples: Samples }): JSX.Element | null {
  const { model, samples } = props;
  const { trans } = model.hub;
  const id = React.useId();
  const mayWrite = model.hub.can('prompt:write');
  const { picked, items } = samples;
  if (model.variables.length === 0 || (items.length === 0 && !mayWrite)) {
    return null;
  }
  const { values } = model.inputs;
  const isChanged =
    picked !== null &&
    !JSONExt.deepEqual(values as PartialJSONValue, picked.inputs as PartialJSONValue);
  return (
    <div className="jp-PromptHub-samples" role="group" aria-label={trans.__('Sample inputs')}>
      <div className="jp-PromptHub-select">
        <select
          id={id}
          name="sample"
          aria-label={trans.__('Sample inputs')}
          value={picked?.id ?? ''}
          onChange={event => {
            const sample = items.find(each => each.id === event.target.value) ?? null;
            samples.pick(sample);
            model.fill(sample?.inputs ?? null);
          }}
        >
          <option value="">
            {picked
              ? trans.__('As typed before')
              : items.length > 0
                ? trans.__('Sample inputs…')
                : trans.__('No sample inputs yet')}
          </option>
          {items.map(each => (
            <option key={each.id} value={each.id}>
              {each === picked && isChanged ? trans.__('%1 (changed)', each.name) : each.name}
            </option>
          ))}
        </select>
      </div>
      {mayWrite && picked && isChanged && (
        <IconButton
          icon={saveIcon}
          label={trans.__('Keep what is in the fields in “%1”', picked.name)}
          onClick={() => void report(samples.update(picked, { inputs: { ...values } }))}
        />
      )}
      {mayWrite && (
        <IconButton
          icon={addIcon}
          label={trans.__('Keep these inputs as a new sample')}
          disabled={Object.keys(values).length === 0}
          onClick={() => void keep()}
        />
      )}
      {mayWrite && picked && (
        <>
          <IconButton
            icon={editIcon}
            label={trans.__('Rename “%1”', picked.name)}
            onClick={() => void rename(picked)}
          />
          <IconButton
            icon={deleteIcon}
            label={trans.__('Delete “%1”', picked.name)}
            onClick={() => void remove(picked)}
          />
        </>
      )}
    </div>
  );

  async function keep(): Promise<void> {
    const made = await keepSample(samples, { ...values }, trans);
    if (made) {
      samples.pick(made);
    }
  }

  async function rename(sample: ISample): Promise<void> {
    await askForm({
      title: trans.__('Rename the sample'),
      fields: [
        {
          name: 'name',
          label: trans.__('Name'),
          value: sample.name,
          selected: true,
          required: true
        }
      ],
      accept: trans.__('Rename'),
      submit: ({ name }) => samples.update(sample, { name: name ?? '' }),
      trans
    });
  }

  async function remove(sample: ISample): Promise<void> {
    const { name, inputs } = sample;
    if (await report(samples.delete(sample))) {
      const callback = () => void report(samples.keep(name, inputs));
      reportDone(trans.__('The sample “%1” was deleted', name), [
        { label: trans.__('Undo'), callback }
      ]);
    }
  }

  async function report(done: Promise<unknown>): Promise<boolean> {
    try {
      await done;
      return true;
    } catch (error) {
      reportError(trans, trans.__('The sample was not changed'), error);
      return false;
    }
  }
}
