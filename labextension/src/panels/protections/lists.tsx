import { deleteIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IOwnerRule, IRequiredCheck } from '../../api';
import { IconButton } from '../../components/basics';
import { NumberField, PickField, TextField } from './fields';
import type { ProtectionsModel } from './model';
import type { Problems } from './problems';
import { under } from './problems';
import { everybody, who } from './rules';

interface IListed<T> {
  model: ProtectionsModel;
  at: number;
  disabled: boolean;
  problems: Problems;
  /** Null: it is taken away. */
  onChange: (one: T | null) => void;
}

/** A check that must have passed. */
export function CheckRule(props: IListed<IRequiredCheck> & { check: IRequiredCheck }): JSX.Element {
  const { model, check, at, disabled, problems, onChange } = props;
  const { trans } = model.hub;
  const field = `rules.checks.${at}`;
  return (
    <div className="jp-PromptHub-ruleItem" role="group" aria-label={trans.__('Check %1', at + 1)}>
      <div className="jp-PromptHub-rules-row">
        <TextField
          name={`checks.${at}.name`}
          label={trans.__('Name')}
          hint={trans.__('As it is posted to the review.')}
          value={check.name}
          problem={problems[`${field}.name`]}
          disabled={disabled}
          onChange={name => onChange({ ...check, name })}
        />
        <TextField
          name={`checks.${at}.suite`}
          label={trans.__('Suite')}
          hint={trans.__('Only with evidence from this suite. Empty: any.')}
          value={check.suite ?? ''}
          problem={problems[`${field}.suite`]}
          disabled={disabled}
          onChange={suite => onChange({ ...check, suite: suite || null })}
        />
        <Remove {...props} label={trans.__('Remove the check %1', check.name || at + 1)} />
      </div>
      <PickField
        name={`checks.${at}.posted_by`}
        label={trans.__('Posted by')}
        hint={trans.__('Only these may post it, once somebody is named.')}
        nobody={trans.__('whoever may post checks')}
        value={check.posted_by ?? []}
        offered={everybody(model.people, trans)}
        say={each => who(each, model.people, trans)}
        problem={under(problems, `${field}.posted_by`)}
        disabled={disabled}
        onChange={posted_by => onChange({ ...check, posted_by })}
        trans={trans}
      />
    </div>
  );
}

/** Who owns which units. */
export function OwnersRule(props: IListed<IOwnerRule> & { owner: IOwnerRule }): JSX.Element {
  const { model, owner, at, disabled, problems, onChange } = props;
  const { trans } = model.hub;
  const field = `rules.owners.${at}`;
  return (
    <div className="jp-PromptHub-ruleItem" role="group" aria-label={trans.__('Owners %1', at + 1)}>
      <div className="jp-PromptHub-rules-row">
        <TextField
          name={`owners.${at}.name`}
          label={trans.__('Name')}
          hint={trans.__('What people call them: legal')}
          value={owner.name}
          problem={problems[`${field}.name`]}
          disabled={disabled}
          onChange={name => onChange({ ...owner, name })}
        />
        <NumberField
          name={`owners.${at}.approvals`}
          label={trans.__('Approvals of theirs')}
          hint={trans.__('How many of them must approve.')}
          value={owner.approvals ?? 1}
          least={1}
          problem={problems[`${field}.approvals`]}
          disabled={disabled}
          onChange={approvals => onChange({ ...owner, approvals })}
        />
        <Remove {...props} label={trans.__('Remove the owners %1', owner.name || at + 1)} />
      </div>
      <PickField
        name={`owners.${at}.owners`}
        label={trans.__('Owners')}
        hint={trans.__('At least one.')}
        nobody={trans.__('nobody yet')}
        value={owner.owners}
        offered={everybody(model.people, trans)}
        say={each => who(each, model.people, trans)}
        problem={under(problems, `${field}.owners`)}
        disabled={disabled}
        onChange={owners => onChange({ ...owner, owners })}
        trans={trans}
      />
      <div className="jp-PromptHub-rules-row">
        <TextField
          name={`owners.${at}.units`}
          label={trans.__('Units')}
          hint={trans.__(
            'With commas between: segment:system, section:NAME, variable:NAME, parameter:NAME, tool:NAME, output:PROPERTY, snippet:NAME, metadata:NAME, model, text (layout and comments), or * for all.'
          )}
          value={(owner.units ?? ['*']).join(',')}
          problem={under(problems, `${field}.units`)}
          disabled={disabled}
          onChange={units => onChange({ ...owner, units: units.split(',') })}
        />
        <TextField
          name={`owners.${at}.prompts`}
          label={trans.__('In prompts')}
          hint={trans.__('A pattern; * for all that are protected.')}
          value={owner.prompts ?? '*'}
          problem={problems[`${field}.prompts`]}
          disabled={disabled}
          onChange={prompts => onChange({ ...owner, prompts })}
        />
      </div>
    </div>
  );
}

function Remove<T>(props: IListed<T> & { label: string }): JSX.Element | null {
  return props.disabled ? null : (
    <IconButton icon={deleteIcon} label={props.label} onClick={() => props.onChange(null)} />
  );
}
