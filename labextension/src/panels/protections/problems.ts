/** What the server says is wrong, by field. */
export type Problems = { readonly [field: string]: string };

/** What is wrong with a list, or with something in it. */
export function under(problems: Problems, field: string): string | undefined {
  const found = Object.keys(problems).find(key => key === field || key.startsWith(`${field}.`));
  return found === undefined ? undefined : problems[found];
}
