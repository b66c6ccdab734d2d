import { StringStream } from '@codemirror/language';
import { describe, expect, it } from 'vitest';
import { promptParser } from '../language';

/** `[style, text]` of everything that has a style. */
function tokens(source: string): [string, string][] {
  const state = promptParser.startState!(2);
  const found: [string, string][] = [];
  for (const line of source.split('\n')) {
    if (line === '') {
      promptParser.blankLine?.(state, 2);
      continue;
    }
    const stream = new StringStream(line, 2, 2);
    while (!stream.eol()) {
      stream.start = stream.pos;
      const style = promptParser.token(stream, state);
      expect(stream.pos).toBeGreaterThan(stream.start);
      if (style) {
        found.push([style, stream.current()]);
      }
    }
  }
  return found;
}

describe('colours of .prompt texts', () => {
  it('tells front matter from template', () => {
    expect(tokens('---\nmodel: openai/gpt-4o-mini # cheap\n---\nmodel: {{name}}')).toEqual([
      ['meta', '---'],
      ['propertyName', 'model'],
      ['punctuation', ':'],
      ['string', 'openai/gpt-4o-mini'],
      ['comment', '# cheap'],
      ['meta', '---'],
      ['brace', '{{'],
      ['variable', 'name'],
      ['brace', '}}']
    ]);
  });

  it('knows flow mappings, numbers and atoms', () => {
    expect(tokens('---\nconfig: {temperature: 0.7, stream: true}\n---')).toEqual([
      ['meta', '---'],
      ['propertyName', 'config'],
      ['punctuation', ':'],
      ['bracket', '{'],
      ['propertyName', 'temperature'],
      ['punctuation', ':'],
      ['number', '0.7'],
      ['bracket', ','],
      ['propertyName', 'stream'],
      ['punctuation', ':'],
      ['atom', 'true'],
      ['bracket', '}'],
      ['meta', '---']
    ]);
  });

  it('takes a name of picoschema with its type and description as one key', () => {
    const text =
      '---\nlanguage(enum, into which language): [French]\nlabels?(array, words): string\n---';
    expect(tokens(text).filter(([style]) => style === 'propertyName')).toEqual([
      ['propertyName', 'language(enum, into which language)'],
      ['propertyName', 'labels?(array, words)']
    ]);
  });

  it('takes a block scalar as one text, whatever is in it', () => {
    const found = tokens('---\ndescription: |\n  a: b\n  # no comment\nmodel: x\n---');
    expect(found).toContainEqual(['string', '  a: b']);
    expect(found).toContainEqual(['string', '  # no comment']);
    expect(found).toContainEqual(['propertyName', 'model']);
  });

  it('marks roles, helpers, snippets, arguments and special variables apart', () => {
    expect(tokens('{{role "system"}}')).toEqual([
      ['brace', '{{'],
      ['marker', 'role'],
      ['marker', '"system"'],
      ['brace', '}}']
    ]);
    expect(tokens('{{#each items}}{{@index}} {{> house-style tone="warm" n=2}}{{/each}}')).toEqual([
      ['brace', '{{'],
      ['keyword', '#each'],
      ['variable', 'items'],
      ['brace', '}}'],
      ['brace', '{{'],
      ['special', '@index'],
      ['brace', '}}'],
      ['brace', '{{'],
      ['snippet', '> house-style'],
      ['propertyName', 'tone'],
      ['string', '"warm"'],
      ['propertyName', 'n'],
      ['number', '2'],
      ['brace', '}}'],
      ['brace', '{{'],
      ['keyword', '/each'],
      ['brace', '}}']
    ]);
    expect(tokens('{{history}} {{json order}} {{else}}')).toEqual([
      ['brace', '{{'],
      ['marker', 'history'],
      ['brace', '}}'],
      ['brace', '{{'],
      ['keyword', 'json'],
      ['variable', 'order'],
      ['brace', '}}'],
      ['brace', '{{'],
      ['keyword', 'else'],
      ['brace', '}}']
    ]);
  });

  it('carries comments over lines, and leaves escaped braces alone', () => {
    expect(tokens('a {{!-- one\n{{two}} --}} b\n\\{{no}}')).toEqual([
      ['comment', '{{!-- one'],
      ['comment', '{{two}} --}}'],
      ['escape', '\\{{']
    ]);
    expect(tokens('{{! short }} {{x}}').map(([style]) => style)).toEqual([
      'comment',
      'brace',
      'variable',
      'brace'
    ]);
  });

  it('ends for any text', () => {
    const pieces = [
      '---',
      '{{',
      '}}',
      '#if x',
      '"',
      "'",
      ':',
      '\\',
      '|',
      ' ',
      '!--',
      '--}}',
      'é',
      '\n'
    ];
    let seed = 11;
    const next = () => (seed = (seed * 16807) % 2147483647);
    for (let round = 0; round < 500; round++) {
      const length = next() % 30;
      const text = Array.from({ length }, () => pieces[next() % pieces.length]).join('');
      expect(() => tokens(`---\n${text}`)).not.toThrow();
    }
  });
});
