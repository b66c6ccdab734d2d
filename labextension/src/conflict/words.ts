import type { TranslationBundle } from '@jupyterlab/translation';
import type { IShownConflict } from '../api';
import type { Mode } from './decider';

/** How the two sides are called: by their branches. */
export interface ISideNames {
  readonly ours: string;
  readonly theirs: string;
}

/** What is merged stands around the places that are open, so that a side of them is not all of the side. */
export function hasPlaces(conflict: IShownConflict): boolean {
  const whole = (side: 'ours' | 'theirs') =>
    conflict.chunks.map(chunk => chunk.text ?? chunk[side]).join('');
  return (
    conflict.runs.length > 1 ||
    (conflict.runs.length === 1 &&
      (whole('ours') !== conflict.ours || whole('theirs') !== conflict.theirs))
  );
}

/** A way to decide a conflict, in words. */
export function modeWords(
  mode: Mode | null,
  conflict: IShownConflict,
  names: ISideNames,
  trans: TranslationBundle
): string {
  const isWhole = hasPlaces(conflict);
  switch (mode) {
    case 'ours':
      return isWhole
        ? trans.__('all of it as %1 has it', names.ours)
        : trans.__('as %1 has it', names.ours);
    case 'theirs':
      return isWhole
        ? trans.__('all of it as %1 has it', names.theirs)
        : trans.__('as %1 has it', names.theirs);
    case 'base':
      return isWhole ? trans.__('all of it as it was before') : trans.__('as it was before');
    case 'keep':
      return trans.__('both, as they are');
    case 'runs':
      return trans.__('place by place');
    case 'text':
      return trans.__('in other words');
    case 'open':
      return trans.__('open again');
    default:
      return '';
  }
}

/** The ways to decide a conflict. */
export function modesOf(conflict: IShownConflict): readonly Mode[] {
  if (conflict.kind === 'semantic') {
    // what does not parse cannot be kept
    return conflict.check === 'unparsable' ? ['ours', 'theirs'] : ['ours', 'theirs', 'keep'];
  }
  const sides = ['ours', 'theirs', 'base'] as const;
  if (conflict.kind === 'order') {
    return sides;
  }
  return hasPlaces(conflict) ? ['runs', ...sides, 'text'] : [...sides, 'text'];
}

/** What a side of a conflict of meaning keeps and takes back, in words. */
export function meaningOf(
  mode: Mode,
  conflict: IShownConflict,
  names: ISideNames,
  trans: TranslationBundle
): string {
  const labels = (side: 'ours' | 'theirs') =>
    conflict.causes
      .filter(cause => cause.side === side)
      .map(({ label }) => label)
      .join('; ');
  if (mode === 'keep') {
    return trans.__('Nothing is taken back: the result stays as it is.');
  }
  const other = mode === 'ours' ? 'theirs' : 'ours';
  return labels(other)
    ? trans.__('Takes back what %1 did: %2', names[other], labels(other))
    : trans.__('Takes back what %1 did.', names[other]);
}
