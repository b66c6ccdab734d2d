import { nullTranslator } from '@jupyterlab/translation';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { ICompleteText, IDrift, IPromptOutput } from '../../api';
import { promptCell } from '../cell';
import { PromptCellCompleter } from '../completer';
import { whatChanged, whatMoved } from '../driftline';
import { switched } from '../highlight';

const trans = nullTranslator.load('');

describe('promptCell', () => {
  it('knows the line of the magic and where the template begins', () => {
    expect(promptCell('%%prompthub a/b --save "x"\nHello')).toEqual({
      line: 'a/b --save "x"',
      body: 27
    });
    expect(promptCell('\n  \n%%prompthub\r\nHello')?.body).toBe(17);
    expect(promptCell('%%prompthub')).toEqual({ line: '', body: 11 });
  });

  it.each(['', '%prompthub run a', '%%prompthubs a', 'x\n%%prompthub a', '%%time\n%%prompthub a'])(
    'is null for %j',
    source => expect(promptCell(source)).toBeNull()
  );
});

describe('switched', () => {
  it('has the colours while the text is a prompt cell', () => {
    const colours = EditorView.editorAttributes.of({ class: 'on' });
    let state = EditorState.create({ doc: 'x = 1', extensions: switched('x = 1', colours) });
    const isOn = (): boolean => state.facet(EditorView.editorAttributes).length > 0;
    const put = (insert: string, from: number, to = from): void => {
      state = state.update({ changes: { from, to, insert } }).state;
    };
    expect(isOn()).toBe(false);
    put('%%prompthub a\n', 0);
    expect(isOn()).toBe(true);
    put('more', state.doc.length);
    expect(isOn()).toBe(true);
    put('', 0, 2);
    expect(isOn()).toBe(false);
  });
});

describe('PromptCellCompleter', () => {
  const source = '%%prompthub é/👍 --branch b\n👍 {{us';
  const asked: ICompleteText[] = [];
  const completer = new PromptCellCompleter(body => {
    asked.push(body);
    const offer = { kind: 'variable' as const, detail: 'string', info: '', stops: [] };
    return Promise.resolve({
      start: 4,
      end: 6,
      complete: true,
      items: [
        { ...offer, label: 'user', insert: 'user' },
        { ...offer, label: 'order', insert: 'order' }
      ]
    });
  });

  it('asks for the template in its prompt, and counts code points as the completer does', async () => {
    const offset = [...source].length;
    const reply = await completer.fetch({ text: source, offset });
    expect(asked.at(-1)).toEqual({
      text: '👍 {{us',
      position: 6,
      cell_line: 'é/👍 --branch b',
      explicit: true
    });
    expect([...source].slice(reply.start, reply.end).join('')).toBe('us');
    expect(reply.items.map(each => each.insertText)).toEqual(['user']);
  });

  it('leaves the line of the magic to the kernel', async () => {
    const before = asked.length;
    expect((await completer.fetch({ text: source, offset: 5 })).items).toEqual([]);
    expect((await completer.fetch({ text: 'x = us', offset: 6 })).items).toEqual([]);
    expect(asked.length).toBe(before);
  });
});

describe('a drift line', () => {
  const record = { kind: 'run', version_sha: 'a'.repeat(64), locked: false } as IPromptOutput;
  const drift = {
    ref: 'production',
    state: 'moved',
    current_sha: 'b'.repeat(64),
    behind_by: 2,
    ahead_by: 0,
    changes: ['one', 'two', 'three', 'four', 'five'],
    changes_count: 9,
    breaks: [] as string[],
    reason: ''
  } as unknown as IDrift;
  const said = (more: Partial<IDrift>, of: Partial<IPromptOutput> = {}): string =>
    whatMoved(
      { record: { ...record, ...of }, sha: 'a'.repeat(64), drift: { ...drift, ...more } },
      trans
    );

  it('says what ran and what is served now', () => {
    expect(said({})).toBe('This ran aaaaaaaa; production is now bbbbbbbb, 2 versions on.');
    expect(said({ behind_by: 0, ahead_by: 1 })).toMatch(/, 1 version back\.$/);
    expect(said({ ahead_by: 3 })).toMatch(/on another branch\.$/);
    expect(said({}, { locked: true })).toContain('as locked');
    expect(said({}, { version_sha: null })).toContain('This text stood in aaaaaaaa');
    expect(said({ state: 'unknown' })).toContain('not in this library');
    expect(said({ state: 'gone', reason: 'There is no prompt.' })).toBe(
      'This ran aaaaaaaa. There is no prompt.'
    );
  });

  it('names some changes and counts the others', () => {
    expect(whatChanged({ record, sha: '', drift }, trans)).toBe(
      'Changed: one; two; three; four; and 5 more.'
    );
    expect(
      whatChanged(
        { record, sha: '', drift: { ...drift, changes: ['one'], changes_count: 1 } },
        trans
      )
    ).toBe('Changed: one.');
  });
});
