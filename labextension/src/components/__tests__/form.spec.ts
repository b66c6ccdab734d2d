import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, expect, it, vi } from 'vitest';
import { askForm } from '../form';

const trans = nullTranslator.load('');
const other = document.createElement('input');

afterEach(async () => {
  document.querySelector<HTMLElement>('.jp-Dialog button.jp-mod-reject')!.click();
  await vi.waitFor(() => expect(document.querySelector('.jp-Dialog')).toBeNull());
  vi.unstubAllGlobals();
  document.body.textContent = '';
});

/** A dialog of two fields, on a page that is too busy to be idle. */
async function ask(): Promise<void> {
  vi.stubGlobal('requestIdleCallback', () => 0);
  document.body.append(other);
  void askForm({
    title: 'New prompt',
    fields: [
      { name: 'title', label: 'Title' },
      { name: 'tags', label: 'Tags' }
    ],
    accept: 'Make',
    submit: values => Promise.resolve({ ...values }),
    trans
  });
  await vi.waitFor(() => expect(document.activeElement).toBe(field('title')));
}

function field(name: string): HTMLInputElement {
  return document.querySelector<HTMLInputElement>(`[name="${name}"]`)!;
}

it('has its fields and the focus in the first one as soon as it is there', async () => {
  await ask();
  expect(field('tags')).not.toBeNull();
});

it('keeps the caret in the field that is typed in, whatever takes the focus elsewhere', async () => {
  await ask();
  field('tags').focus();
  other.focus();
  expect(document.activeElement).toBe(field('tags'));
});
