import type { PromptModel } from '../editor/model';
import { propertiesOf } from './types';

/** What the form shows: its units, by place. */
type Shown = Pick<PromptModel, 'content' | 'tools' | 'variables'>;

/**
 * Whether a place of the form is there to be seen. A field that is gone, since somebody took its variable away, cannot say
 * what it was refused.
 */
export function isShown(model: Shown, place: string): boolean {
  return place.startsWith('setting/') || units(model).some(unit => isWithin(place, unit));
}

function isWithin(place: string, unit: string): boolean {
  return `${place}/`.startsWith(`${unit}/`);
}

function units({ content, tools, variables }: Shown): string[] {
  const answer = Object.keys(propertiesOf(content?.output?.schema ?? null));
  return [
    ...['variable/+', 'answer/+', 'answer/=format', 'tool/+'],
    ...variables.map(({ name }) => `variable/${name}`),
    ...Object.keys(content?.snippets ?? {}).map(name => `snippet/${name}`),
    ...answer.map(name => `answer/${name}`),
    ...tools.flatMap(({ name, schema }) => [
      `tool/${name}/=remove`,
      `tool/${name}/description`,
      ...['+', ...Object.keys(propertiesOf(schema))].map(each => `tool/${name}/parameter/${each}`)
    ])
  ];
}
