/** A first spelling of a prompt's name from other words; the server has the last word on names. */
export function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9/._-]+/g, '-')
    .replace(/^[-./_]+|[-./_]+$/g, '');
}
