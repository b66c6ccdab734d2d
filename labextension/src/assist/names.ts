import type { IInclude, INamePlace } from '../api';
import type { ICheck } from '../editor/checker';
import type { PromptModel } from '../editor/model';
import { CodePoints } from '../editor/offsets';

/** A name in the text, in UTF-16 units. */
export interface IName {
  readonly kind: INamePlace['kind'];
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The check of the text as it is now: the newest, or one made for this. */
export async function freshCheck(model: PromptModel): Promise<ICheck> {
  const { text, check } = model;
  if (check?.text === text) {
    return check;
  }
  const body = { text, prompt_id: model.key?.promptId ?? null, inputs: null };
  return { text, checked: await model.hub.api.prompts.check(body) };
}

/** The name at `at` (UTF-16): a variable's or a snippet's. */
export function nameAt(check: ICheck, at: number): IName | null {
  const places = new CodePoints(check.text);
  for (const { kind, name, start, end } of check.checked.places) {
    const from = places.utf16(start);
    const to = places.utf16(end);
    if (from <= at && at <= to) {
      return { kind, name, from, to };
    }
  }
  return null;
}

/** The snippet whose name is at `at`. */
export function includeAt(check: ICheck, at: number): { name: IName; include: IInclude } | null {
  const name = nameAt(check, at);
  const include =
    name?.kind === 'snippet' ? check.checked.includes.find(one => one.name === name.name) : null;
  return name && include ? { name, include } : null;
}
