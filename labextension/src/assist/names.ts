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

/** How often a text is checked anew when somebody types meanwhile. */
const ATTEMPTS = 5;

/**
 * The check of the text as it is when this resolves: the newest, or one made for this. Places in the text are to be
 * looked at after it, not before.
 */
export async function freshCheck(model: PromptModel): Promise<ICheck> {
  let { check } = model;
  for (let attempt = 0; check?.text !== model.text; attempt++) {
    if (attempt === ATTEMPTS) {
      throw new Error(model.hub.trans.__('Somebody is typing. Try again.'));
    }
    const { text } = model;
    const body = { text, prompt_id: model.key?.promptId ?? null, inputs: null };
    check = { text, checked: await model.hub.api.prompts.check(body) };
  }
  return check;
}

/**
 * The editor's own check of the text as it is when this resolves: it asks the server nothing. Null where there will be
 * none, since the server cannot be reached.
 */
export function nextCheck(model: PromptModel): Promise<ICheck | null> {
  return new Promise(resolve => {
    const look = (): void => {
      const { check } = model;
      const fits = check?.text === model.text;
      if (fits || (model.isReady && !model.checker.isBusy)) {
        model.changed.disconnect(look);
        resolve(fits ? check : null);
      }
    };
    model.changed.connect(look);
    look();
  });
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
