import { YFile } from '@jupyter/ydoc';
import { describe, expect, it } from 'vitest';
import type { IPromptHub } from '../../tokens';
import { FormEdits } from '../formedits';

type Edit = (body: { text: string }) => Promise<unknown>;

function hub(edit: Edit): IPromptHub {
  const trans = { __: (text: string) => text };
  return { api: { prompts: { edit } }, trans } as unknown as IPromptHub;
}

/** As the server: replaces the digit after `temperature: `, in code points. */
function compute({ text }: { text: string }): Promise<unknown> {
  const start = [...text.slice(0, text.indexOf('temperature: ') + 13)].length;
  return Promise.resolve({ edits: [{ start, end: start + 1, text: '9' }], text_hash: '' });
}

const CHANGE = { change: 'set_parameter', name: 'temperature', value: 9 } as const;

describe('form edits', () => {
  it('change the document in one step that undo takes back', async () => {
    const file = YFile.create();
    file.setSource('😀 temperature: 1\n');
    file.clearUndoHistory();
    const edits = new FormEdits(hub(compute), file, () => true);
    await edits.make('setting', CHANGE);
    expect(file.getSource()).toBe('😀 temperature: 9\n');
    expect(edits.refusals.size).toBe(0);
    file.undo();
    expect(file.getSource()).toBe('😀 temperature: 1\n');
  });

  it('are computed anew when the text moved on meanwhile', async () => {
    const file = YFile.create();
    file.setSource('temperature: 1\n');
    let asked = 0;
    const edits = new FormEdits(
      hub(body => {
        const answer = compute(body);
        if (asked++ === 0) {
          file.updateSource(0, 0, '# somebody types\n');
        }
        return answer;
      }),
      file,
      () => true
    );
    await edits.make('setting', CHANGE);
    expect(asked).toBe(2);
    expect(file.getSource()).toBe('# somebody types\ntemperature: 9\n');
  });

  it('leave the text alone and say why when the server refuses', async () => {
    const file = YFile.create();
    file.setSource('temperature: 1\n');
    const edits = new FormEdits(
      hub(() => Promise.reject(new Error('no'))),
      file,
      () => true
    );
    await edits.make('setting', CHANGE);
    expect(file.getSource()).toBe('temperature: 1\n');
    expect(edits.refusals.get('setting')?.error.message).toBe('no');
    expect(edits.isBusy).toBe(false);
  });

  it('are made in the order in which they were asked for', async () => {
    const file = YFile.create();
    file.setSource('');
    const edits = new FormEdits(
      hub(body => {
        const at = (body as unknown as { changes: { value: string }[] }).changes[0]!.value;
        const end = [...body.text].length;
        return new Promise(resolve =>
          setTimeout(
            () => resolve({ edits: [{ start: end, end, text: at }], text_hash: '' }),
            at === 'a' ? 20 : 0
          )
        );
      }),
      file,
      () => true
    );
    const change = (value: string) =>
      edits.make(value, { change: 'set_parameter', name: 'x', value } as const);
    await Promise.all([change('a'), change('b'), change('c')]);
    expect(file.getSource()).toBe('abc');
  });

  it('say what was refused at its place until that is made, dismissed, or what it is of is gone', async () => {
    const file = YFile.create();
    file.setSource('temperature: 1\n');
    let refuses = true;
    const edits = new FormEdits(
      hub(body => (refuses ? Promise.reject(new Error('no')) : compute(body))),
      file,
      () => true
    );
    for (const place of ['variable/a/name', 'variable/a/type', 'variable/ab', 'answer/b']) {
      await edits.make(place, CHANGE, 'typed');
    }
    expect(edits.refusals.get('variable/a/name')?.typed).toBe('typed');
    edits.dismiss('answer/b');
    refuses = false;
    await edits.make('variable/a/type', CHANGE);
    expect([...edits.refusals.keys()]).toEqual(['variable/a/name', 'variable/ab']);
    await edits.make('variable/a', CHANGE);
    expect([...edits.refusals.keys()]).toEqual(['variable/ab']);
  });

  it('change nothing where the text became read only meanwhile', async () => {
    const file = YFile.create();
    file.setSource('temperature: 1\n');
    let isWritable = true;
    const edits = new FormEdits(
      hub(body => {
        isWritable = false;
        return compute(body);
      }),
      file,
      () => isWritable
    );
    await edits.make('setting', CHANGE);
    expect(file.getSource()).toBe('temperature: 1\n');
    expect(edits.refusals.get('setting')?.error.message).toContain('read only now');
  });
});
