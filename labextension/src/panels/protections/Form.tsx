import { addIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IOwnerRule, IRequiredCheck } from '../../api';
import { Button } from '../../components/basics';
import { CheckField, NumberField, PickField, TextField } from './fields';
import { Covers } from './Covers';
import type { IEditing, ProtectionsModel } from './model';
import { CheckRule, OwnersRule } from './lists';
import { under } from './problems';
import { everybody, needsReview, who } from './rules';

/** All rules of one protection, each with what it asks. */
export function Form(props: {
  model: ProtectionsModel;
  editing: IEditing;
  onDone: (isSaved: boolean) => void;
}): JSX.Element {
  const { model, editing } = props;
  const { trans } = model.hub;
  const { draft, problems } = editing;
  const { rules } = draft;
  const disabled = !model.mayWrite || editing.isSaving;
  const set = (change: Partial<typeof rules>) => model.write({ rules: { ...rules, ...change } });
  const people = (name: 'approvers' | 'may_push' | 'may_merge') => ({
    name,
    value: rules[name],
    offered: everybody(model.people, trans),
    say: (each: string) => who(each, model.people, trans),
    onChange: (value: string[]) => set({ [name]: value }),
    problem: under(problems, `rules.${name}`),
    disabled,
    trans
  });
  const flag = (
    name:
      | 'exclude_authors'
      | 'exclude_last_pusher'
      | 'conversations_resolved'
      | 'linear_history'
      | 'admins_included'
  ) => ({
    name,
    value: rules[name],
    onChange: (value: boolean) => set({ [name]: value }),
    problem: problems[`rules.${name}`],
    disabled
  });
  const change = <T,>(some: readonly T[], at: number, one: T | null): T[] =>
    one === null
      ? some.filter((_, index) => index !== at)
      : some.map((each, index) => (index === at ? one : each));

  return (
    <form
      className="jp-PromptHub-rules"
      aria-label={editing.id ? trans.__('Protection') : trans.__('New protection')}
      onSubmit={event => {
        event.preventDefault();
        void model.save().then(done => done && props.onDone(true));
      }}
    >
      {editing.isStale && (
        <div className="jp-PromptHub-banner jp-mod-warn" role="alert">
          {trans.__(
            'Somebody else has changed this protection meanwhile. Saving puts yours in the place of theirs; Cancel shows theirs.'
          )}
        </div>
      )}
      <fieldset>
        <legend>{trans.__('Which branches')}</legend>
        <div className="jp-PromptHub-rules-row">
          <TextField
            name="prompts"
            label={trans.__('Prompts')}
            hint={trans.__('* stands for any characters (/ too), ? for one: support/*')}
            value={draft.prompts}
            problem={problems['prompts']}
            disabled={disabled}
            onChange={prompts => model.write({ prompts })}
          />
          <TextField
            name="branch"
            label={trans.__('Branches')}
            hint={trans.__('Also a pattern: main, release/*')}
            value={draft.branch}
            problem={problems['branch']}
            disabled={disabled}
            onChange={branch => model.write({ branch })}
          />
        </div>
        <Covers model={model} />
      </fieldset>

      <fieldset>
        <legend>{trans.__('Approvals')}</legend>
        <NumberField
          name="approvals"
          label={trans.__('Approvals needed')}
          hint={trans.__(
            'Of people whose role may approve, each of exactly what is merged. 0: none.'
          )}
          value={rules.approvals}
          least={0}
          problem={problems['rules.approvals']}
          disabled={disabled}
          onChange={approvals => set({ approvals })}
        />
        <PickField
          {...people('approvers')}
          label={trans.__('Also count approvals of')}
          hint={trans.__('People and roles that may not approve otherwise.')}
          nobody={trans.__('nobody else')}
        />
        <CheckField
          {...flag('exclude_authors')}
          label={trans.__('Authors do not approve their own work')}
          hint={trans.__(
            'Whoever wrote a version under review, edited its draft, or decided one of its conflicts.'
          )}
        />
        <CheckField
          {...flag('exclude_last_pusher')}
          label={trans.__('Who pushed last does not approve')}
          hint={trans.__('Whoever moved the source branch last.')}
        />
      </fieldset>

      <fieldset>
        <legend>{trans.__('Checks')}</legend>
        <p className="jp-PromptHub-field-hint">
          {trans.__('Each must have passed on exactly what is merged.')}
        </p>
        {rules.checks.map((check, at) => (
          <CheckRule
            key={at}
            model={model}
            check={check}
            at={at}
            disabled={disabled}
            problems={problems}
            onChange={one => set({ checks: change<IRequiredCheck>(rules.checks, at, one) })}
          />
        ))}
        {!disabled && (
          <Button
            icon={addIcon}
            onClick={() =>
              set({ checks: [...rules.checks, { name: '', suite: null, posted_by: [] }] })
            }
          >
            {trans.__('Add a check')}
          </Button>
        )}
      </fieldset>

      <fieldset>
        <legend>{trans.__('Owners')}</legend>
        <p className="jp-PromptHub-field-hint">
          {trans.__('Where a merge changes units of theirs, some of them must approve it.')}
        </p>
        {rules.owners.map((owner, at) => (
          <OwnersRule
            key={at}
            model={model}
            owner={owner}
            at={at}
            disabled={disabled}
            problems={problems}
            onChange={one => set({ owners: change<IOwnerRule>(rules.owners, at, one) })}
          />
        ))}
        {!disabled && (
          <Button
            icon={addIcon}
            onClick={() =>
              set({
                owners: [
                  ...rules.owners,
                  { name: '', owners: [], units: ['segment:system'], prompts: '*', approvals: 1 }
                ]
              })
            }
          >
            {trans.__('Add owners')}
          </Button>
        )}
      </fieldset>

      <fieldset>
        <legend>{trans.__('Merging and pushing')}</legend>
        <CheckField
          {...flag('conversations_resolved')}
          label={trans.__('Conversations are resolved')}
          hint={trans.__('Those about a place; talk about the whole review holds nothing up.')}
        />
        <CheckField
          {...flag('linear_history')}
          label={trans.__('Linear history')}
          hint={trans.__('Versions of one parent only, and no way back.')}
        />
        <PickField
          {...people('may_merge')}
          label={trans.__('Who may merge reviews')}
          hint={trans.__('Only these, once somebody is named.')}
          nobody={trans.__('whoever may merge')}
        />
        <PickField
          {...people('may_push')}
          label={trans.__('Who may save without a review')}
          hint={
            needsReview(rules)
              ? trans.__(
                  'Nobody: with the rules above these branches change by merging a review only.'
                )
              : trans.__('Only these, once somebody is named.')
          }
          nobody={needsReview(rules) ? trans.__('nobody') : trans.__('whoever may write')}
        />
        <CheckField
          {...flag('admins_included')}
          label={trans.__('The rules bind admins too')}
          hint={trans.__('Else admins may do what they forbid.')}
        />
      </fieldset>

      <div className="jp-PromptHub-rules-foot">
        <span className="jp-PromptHub-field-problem" role="alert">
          {problems[''] ??
            (Object.keys(problems).length > 0 && trans.__('Not saved: look at what is marked.'))}
        </span>
        <Button onClick={() => props.onDone(false)}>
          {model.mayWrite ? trans.__('Cancel') : trans.__('Back')}
        </Button>
        {model.mayWrite && (
          <button type="submit" className="jp-PromptHub-button jp-mod-primary" disabled={disabled}>
            <span className="jp-PromptHub-button-label">
              {editing.id ? trans.__('Save') : trans.__('Protect')}
            </span>
          </button>
        )}
      </div>
    </form>
  );
}
