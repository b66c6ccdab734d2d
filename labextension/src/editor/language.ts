import type { StreamParser, StringStream } from '@codemirror/language';
import { LanguageSupport, StreamLanguage } from '@codemirror/language';

/** Where the tokenizer stands. `front` is inside the front matter, `body` in the template. */
export interface IPromptState {
  place: 'start' | 'front' | 'body';
  /** inside `{{ … }}`: what is expected next, else null */
  tag: 'head' | 'args' | 'role' | null;
  /** how the comment that we are in ends, else null */
  comment: '--}}' | '}}' | null;
  /** the indentation below which a block scalar (`|`, `>`) ends; -1 outside one */
  block: number;
  /** after `key:` on this line */
  value: boolean;
}

const HELPERS = new Set([
  'history',
  'media',
  'section',
  'json',
  'ifEquals',
  'unlessEquals',
  'if',
  'else',
  'unless',
  'each',
  'with'
]);
const FENCE = /^---[ \t]*$/;

function start(): IPromptState {
  return { place: 'start', tag: null, comment: null, block: -1, value: false };
}

function token(stream: StringStream, state: IPromptState): string | null {
  if (stream.sol()) {
    state.value = false;
    if (state.place !== 'body' && stream.match(FENCE)) {
      state.place = state.place === 'start' ? 'front' : 'body';
      state.block = -1;
      return 'meta';
    }
    if (state.place === 'start') {
      // comments and empty lines may stand before the front matter
      if (stream.match(/^[ \t]*#.*/)) {
        return 'comment';
      }
      if (!stream.match(/^[ \t]*$/)) {
        state.place = 'body';
      }
    }
  }
  return state.place === 'front' ? yaml(stream, state) : body(stream, state);
}

function yaml(stream: StringStream, state: IPromptState): string | null {
  if (stream.sol()) {
    const indent = /^ */.exec(stream.string)![0].length;
    if (state.block >= 0 && (indent > state.block || !stream.string.trim())) {
      stream.skipToEnd();
      return 'string';
    }
    state.block = -1;
    if (stream.eatSpace()) {
      return null;
    }
  }
  if (stream.eatSpace()) {
    return null;
  }
  if (stream.match(/^#.*/)) {
    return 'comment';
  }
  if (stream.match(/^-(?=\s|$)/)) {
    return 'punctuation';
  }
  if (
    !state.value &&
    // `language(enum, into which language)` is one key of picoschema
    stream.match(
      /^(?:"[^"]*"|'[^']*'|[^\s#:{}[\],"'(]+\([^()]*\)|[^\s#:{}[\],"'][^:#{}[\],]*?)(?=\s*:(?:\s|$))/
    )
  ) {
    return 'propertyName';
  }
  if (stream.match(/^:(?=\s|$)/)) {
    state.value = true;
    return 'punctuation';
  }
  if (state.value && stream.match(/^[|>][-+\d]*(?=\s*(?:#.*)?$)/)) {
    state.block = /^ */.exec(stream.string)![0].length;
    return 'operator';
  }
  if (stream.match(/^[{},[\]]/)) {
    // inside a flow mapping the next word may be a key again
    state.value = false;
    return 'bracket';
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^']|'')*'?/)) {
    return 'string';
  }
  if (stream.match(/^(?:true|false|null|~)(?=\s*(?:[,}\]#]|$))/)) {
    return 'atom';
  }
  if (stream.match(/^[-+]?(?:\d[\d_]*\.?\d*(?:[eE][-+]?\d+)?)(?=\s*(?:[,}\]#]|$))/)) {
    return 'number';
  }
  if (stream.match(/^[^\s,{}[\]#:]+/)) {
    return state.value ? 'string' : null;
  }
  stream.next();
  return null;
}

function body(stream: StringStream, state: IPromptState): string | null {
  if (state.comment) {
    const end = stream.string.indexOf(state.comment, stream.pos);
    if (end < 0) {
      stream.skipToEnd();
    } else {
      stream.pos = end + state.comment.length;
      state.comment = null;
    }
    return 'comment';
  }
  if (state.tag) {
    return inside(stream, state);
  }
  if (stream.match(/^\\\{\{/)) {
    return 'escape';
  }
  if (stream.match(/^\{\{~?!--/)) {
    state.comment = '--}}';
    return body(stream, state);
  }
  if (stream.match(/^\{\{~?!/)) {
    state.comment = '}}';
    return body(stream, state);
  }
  if (stream.match(/^\{\{\{?~?/)) {
    state.tag = 'head';
    return 'brace';
  }
  const next = stream.string.slice(stream.pos + 1).search(/\\\{\{|\{\{/);
  if (next < 0) {
    stream.skipToEnd();
  } else {
    stream.pos += next + 1;
  }
  return null;
}

function inside(stream: StringStream, state: IPromptState): string | null {
  if (stream.eatSpace()) {
    return null;
  }
  if (stream.match(/^~?\}\}\}?/)) {
    state.tag = null;
    return 'brace';
  }
  if (state.tag === 'head') {
    state.tag = 'args';
    if (stream.match(/^>\s*[\w./-]+/)) {
      return 'snippet';
    }
    if (stream.match(/^role(?=\s)/)) {
      state.tag = 'role';
      return 'marker';
    }
    if (stream.match(/^history(?=\s*~?\}\})/)) {
      return 'marker';
    }
    if (stream.match(/^[#/^]\s*[\w-]+/) || stream.match(/^else(?=[\s~}])/)) {
      return 'keyword';
    }
    const word = /^[\w-]+(?=\s+[^}\s~])/.exec(stream.string.slice(stream.pos))?.[0];
    if (word && HELPERS.has(word)) {
      stream.pos += word.length;
      return 'keyword';
    }
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) {
    return state.tag === 'role' ? 'marker' : 'string';
  }
  if (stream.match(/^(?:true|false|null|undefined)(?![\w.])/)) {
    return 'atom';
  }
  if (stream.match(/^-?\d+(?:\.\d+)?(?![\w.])/)) {
    return 'number';
  }
  if (stream.match(/^@[\w.]+/)) {
    return 'special';
  }
  if (stream.match(/^[\w-]+(?==)/)) {
    return 'propertyName';
  }
  if (stream.match(/^(?:\.\.\/)*[\w][\w.[\]-]*/) || stream.match(/^(?:this|\.)(?=[\s~}])/)) {
    return 'variable';
  }
  stream.next();
  return null;
}

/** Front matter in YAML, then a dotprompt template. Colours only: the server parses. */
export const promptParser: StreamParser<IPromptState> = {
  name: 'prompthub',
  startState: start,
  copyState: state => ({ ...state }),
  token,
  languageData: { commentTokens: { block: { open: '{{!--', close: '--}}' } } },
  // names of highlight tags, `.` adds a modifier
  tokenTable: {}
};

/** The tokenizer's names, in CodeMirror's names of highlight tags. */
const STYLES: { readonly [name: string]: string } = {
  brace: 'bracket',
  marker: 'heading',
  snippet: 'link',
  special: 'variableName.special',
  variable: 'variableName.special'
};

export function promptLanguage(): LanguageSupport {
  return inColours({ ...promptParser, token });
}

interface ICellState {
  /** The line of the magic is still to come, or being read. */
  magic: boolean;
  prompt: IPromptState;
}

/** A `%%prompthub` cell: the magic's line, then a prompt. */
export function cellLanguage(): LanguageSupport {
  return inColours<ICellState>({
    name: 'prompthub-cell',
    languageData: promptParser.languageData,
    tokenTable: {},
    startState: () => ({ magic: true, prompt: start() }),
    copyState: ({ magic, prompt }) => ({ magic, prompt: { ...prompt } }),
    token: (stream, state) => {
      if (!state.magic) {
        return token(stream, state.prompt);
      }
      if (stream.eatSpace()) {
        return null;
      }
      const word = magic(stream);
      state.magic = !stream.eol();
      return word;
    }
  });
}

function magic(stream: StringStream): string | null {
  if (stream.match(/^%%prompthub(?=\s|$)/)) {
    return 'meta';
  }
  if (stream.match(/^--[\w-]+/)) {
    return 'propertyName';
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'[^']*'?/)) {
    return 'string';
  }
  stream.match(/^(?:[\w.-]+=|[^\s"']+)/);
  return null;
}

function inColours<S>(parser: StreamParser<S>): LanguageSupport {
  return new LanguageSupport(
    StreamLanguage.define<S>({
      ...parser,
      token: (stream, state) => {
        const name = parser.token(stream, state);
        return name === null ? null : (STYLES[name] ?? name);
      }
    })
  );
}
