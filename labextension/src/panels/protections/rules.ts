import type { TranslationBundle } from '@jupyterlab/translation';
import type { IActorRef, INewProtection, IRules } from '../../api';

/** A role is named by its id with this before it: everybody who has it, or a higher one. */
const ROLE = 'role:';

/** Roles that may be named in a rule, from the lowest. */
export const ROLES = ['viewer', 'engineer', 'team_lead', 'admin'] as const;

/** What the server takes a rule for that is not said. */
export const NO_RULES: Required<IRules> = {
  approvals: 0,
  approvers: [],
  exclude_authors: true,
  exclude_last_pusher: true,
  checks: [],
  owners: [],
  conversations_resolved: false,
  linear_history: false,
  may_push: [],
  may_merge: [],
  admins_included: true
};

/** A protection while it is being written: everything is said. */
export interface IDraftProtection {
  prompts: string;
  branch: string;
  rules: Required<IRules>;
}

export function draftOf({ prompts, branch, rules }: INewProtection): IDraftProtection {
  return {
    prompts: prompts ?? '*',
    branch: branch ?? 'main',
    rules: { ...NO_RULES, ...rules }
  };
}

/** Somebody as a rule names them, in words. */
export function who(named: string, people: readonly IActorRef[], trans: TranslationBundle): string {
  switch (named) {
    case `${ROLE}viewer`:
      return trans.__('everybody');
    case `${ROLE}engineer`:
      return trans.__('engineers and above');
    case `${ROLE}team_lead`:
      return trans.__('team leads and admins');
    case `${ROLE}admin`:
      return trans.__('admins');
  }
  const found = people.find(each => each.id === named);
  return found ? found.display_name || found.id : trans.__('somebody who left');
}

/** All whom a rule may name, in words. */
export function everybody(
  people: readonly IActorRef[],
  trans: TranslationBundle
): readonly { value: string; label: string }[] {
  const roles = ROLES.map(role => `${ROLE}${role}`);
  return [...roles, ...people.map(({ id }) => id)].map(value => ({
    value,
    label: who(value, people, trans)
  }));
}

/** The rules in short, one by one, in the order of the form. */
export function inShort(
  rules: Required<IRules>,
  people: readonly IActorRef[],
  trans: TranslationBundle
): string[] {
  const names = (some: readonly string[]) => some.map(each => who(each, people, trans)).join(', ');
  const said: (string | false)[] = [
    rules.approvals > 0 && trans._n('%1 approval', '%1 approvals', rules.approvals),
    rules.approvers.length > 0 && trans.__('also of %1', names(rules.approvers)),
    rules.approvals > 0 && !rules.exclude_authors && trans.__('authors may approve'),
    rules.approvals > 0 && !rules.exclude_last_pusher && trans.__('who pushed last may approve'),
    ...rules.checks.map(({ name }) => trans.__('check %1', name)),
    ...rules.owners.map(({ name, units }) =>
      trans.__('%1 owns %2', name, (units ?? ['*']).join(', '))
    ),
    rules.conversations_resolved && trans.__('conversations resolved'),
    rules.linear_history && trans.__('linear history'),
    rules.may_push.length > 0 && trans.__('pushed by %1', names(rules.may_push)),
    rules.may_merge.length > 0 && trans.__('merged by %1', names(rules.may_merge)),
    !rules.admins_included && trans.__('admins are free of it')
  ];
  return said.filter(each => each !== false);
}

/** With any of these the branch changes by merging a review only. */
export function needsReview(rules: Required<IRules>): boolean {
  return (
    rules.approvals > 0 ||
    rules.checks.length > 0 ||
    rules.owners.length > 0 ||
    rules.conversations_resolved
  );
}
