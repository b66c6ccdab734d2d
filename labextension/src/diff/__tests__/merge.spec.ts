import { describe, expect, it } from 'vitest';
import { showMerge } from '../merge';
import { rangesOf } from '../spans';

const ranges = rangesOf([
  { op: 'equal', text: 'Be ' },
  { op: 'delete', text: 'brief' },
  { op: 'insert', text: 'kind' },
  { op: 'equal', text: '.\nThank them.\n' }
]);

describe('two texts in CodeMirror', () => {
  for (const layout of ['split', 'inline'] as const) {
    it(`takes the server's changes as they are (${layout})`, () => {
      const parent = document.createElement('div');
      const view = showMerge({
        parent,
        before: 'Be brief.\nThank them.\n',
        after: 'Be kind.\nThank them.\n',
        layout,
        ranges,
        whole: false,
        labels: { before: 'Before', after: 'After' }
      });
      const marked = [...parent.querySelectorAll('.cm-changedText, .cm-deletedText')];
      expect(marked.map(node => node.textContent)).toContain('kind');
      view.dispose();
      expect(parent.childElementCount).toBe(0);
    });
  }
});
