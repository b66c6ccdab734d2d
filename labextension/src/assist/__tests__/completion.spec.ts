import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import type { ICompleteText, ICompleted } from '../../api';
import { asTemplate, completionSource, isPromising } from '../completion';

const ANSWER: ICompleted = {
  start: 3,
  end: 5,
  complete: true,
  items: [
    { label: 'name', kind: 'variable', detail: 'string', info: '', insert: 'name}}', stops: [] }
  ]
};

function ask(text: string, pos: number, explicit = false) {
  const sent: { body: ICompleteText; signal?: AbortSignal }[] = [];
  const api = {
    complete: (body: ICompleteText, signal?: AbortSignal) => {
      sent.push({ body, signal });
      return Promise.resolve(ANSWER);
    }
  };
  const source = completionSource({ api, promptId: 'p' });
  const context = new CompletionContext(EditorState.create({ doc: text }), pos, explicit);
  return { sent, context, result: source(context) };
}

describe('completion', () => {
  it('asks in code points and answers in UTF-16 units', async () => {
    const { sent, result } = ask('😀{{na', 6);
    expect(sent[0]!.body).toEqual({ text: '😀{{na', position: 5, prompt_id: 'p', explicit: false });
    expect(await result).toMatchObject({ from: 4, to: 6 });
  });

  it('asks nothing in plain text unless a person does', async () => {
    const quiet = ask('Hello', 5);
    expect(await quiet.result).toBeNull();
    expect(quiet.sent).toEqual([]);
    expect(ask('Hello', 5, true).sent).toHaveLength(1);
  });

  it('sees where something may be offered', () => {
    expect(isPromising('a {{b')).toBe(true);
    expect(isPromising('a {{b}} c')).toBe(false);
    expect(isPromising('---\nmod')).toBe(true);
    expect(isPromising('---\nmodel: a\n---\nHello')).toBe(false);
    expect(isPromising('Hello --- ')).toBe(false);
  });

  it('writes tab stops as CodeMirror does, and braces as they are', () => {
    const insert = '#if condition}}😀{{/if}}';
    expect(
      asTemplate({
        insert,
        stops: [
          { start: 4, end: 13 },
          { start: 16, end: 16 }
        ]
      })
    ).toBe('#if ${1:condition}\\}\\}😀${2:}\\{\\{/if\\}\\}');
  });
});
