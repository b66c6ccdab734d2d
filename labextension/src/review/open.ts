import type { IReviewer } from '../api';
import type { IFormField } from '../components/form';
import type { IPromptHub } from '../tokens';

/** A field of a dialog in which reviewers are picked from those who may be asked: anybody but who asks, and its author. */
export function reviewerField(
  reviewers: readonly IReviewer[],
  picked: readonly string[],
  { trans, me }: Pick<IPromptHub, 'trans' | 'me'>,
  author: string | null = null
): IFormField {
  const others = reviewers.filter(({ actor }) => actor.id !== me?.actor.id && actor.id !== author);
  return {
    name: 'reviewers',
    label: trans.__('Reviewers'),
    kind: 'many',
    value: picked.join('\n'),
    options: others.map(({ actor, approves }) => ({
      value: actor.id,
      label: approves
        ? actor.display_name || actor.id
        : trans.__('%1 (role may not approve)', actor.display_name || actor.id)
    })),
    hint:
      others.length === 0
        ? trans.__('Nobody else here may be asked: you are the only one who takes part in reviews.')
        : undefined
  };
}
