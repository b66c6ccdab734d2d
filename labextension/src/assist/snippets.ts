import type { Extension } from '@codemirror/state';
import type { Tooltip } from '@codemirror/view';
import { EditorView, hoverTooltip } from '@codemirror/view';
import type { IInclude } from '../api';
import { SHOWN_DIGITS } from '../components/sha';
import type { PromptModel } from '../editor/model';
import { includeAt, nextCheck } from './names';

/** Texts of versions, which never change. */
const KEPT = 50;

/** The texts of snippets at their versions. */
class Texts {
  async get(model: PromptModel, include: IInclude): Promise<string> {
    const { prompt_id, sha } = include;
    if (!prompt_id || !sha) {
      return '';
    }
    let text = this._texts.get(sha);
    if (text === undefined) {
      ({ text } = await model.hub.api.versions.get(prompt_id, sha));
      if (this._texts.size >= KEPT) {
        this._texts.clear();
      }
      this._texts.set(sha, text);
    }
    return text;
  }

  private readonly _texts = new Map<string, string>();
}

/** What the names of snippets do under the pointer: their text is shown, and Ctrl+click opens them. */
export function snippetNames(
  model: PromptModel,
  open: (include: IInclude, at: number) => void
): Extension[] {
  const texts = new Texts();
  return [
    hoverTooltip((_view, at) => tooltip(model, texts, at)),
    EditorView.domEventHandlers({
      mousedown: (event, view) => {
        if (event.button !== 0 || !(event.ctrlKey || event.metaKey)) {
          return false;
        }
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (at === null) {
          return false;
        }
        const { check } = model;
        if (check?.text !== model.text) {
          // just typed, or just opened: whether it is a snippet is known soon
          const { doc } = view.state;
          void nextCheck(model).then(late => {
            const found = late && view.state.doc.eq(doc) ? includeAt(late, at) : null;
            if (found?.include.prompt_id) {
              open(found.include, at);
            }
          });
          return false;
        }
        const found = includeAt(check, at);
        if (!found?.include.prompt_id) {
          return false;
        }
        event.preventDefault();
        open(found.include, at);
        return true;
      },
      contextmenu: (event, view) => {
        // the commands of the menu are about the name under the pointer
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
        const { from, to } = view.state.selection.main;
        if (at !== null && (at < from || at > to)) {
          view.dispatch({ selection: { anchor: at } });
        }
        return false;
      }
    })
  ];
}

async function tooltip(model: PromptModel, texts: Texts, at: number): Promise<Tooltip | null> {
  // a pointer that rests does not come again when the check does
  const check = await nextCheck(model);
  const found = check && includeAt(check, at);
  if (!found) {
    return null;
  }
  const { name, include } = found;
  const { trans } = model.hub;
  let text = '';
  let note = '';
  if (!include.prompt_id) {
    note = trans.__('There is no prompt of this name.');
  } else if (!include.sha) {
    note = trans.__('It has no version at this ref.');
  } else {
    try {
      text = await texts.get(model, include);
    } catch {
      note = trans.__('Its text could not be loaded.');
    }
  }
  const ref = include.sha ? `${include.ref} · ${include.sha.slice(0, SHOWN_DIGITS)}` : include.ref;
  return {
    pos: name.from,
    end: name.to,
    above: true,
    create: () => ({ dom: card(include.name, ref, text, note) })
  };
}

function card(name: string, ref: string, text: string, note: string): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'jp-PromptHub-snippetcard';
  const header = dom.appendChild(document.createElement('header'));
  header.appendChild(document.createElement('code')).textContent = name;
  header.appendChild(document.createElement('span')).textContent = ref;
  const body = dom.appendChild(document.createElement(note ? 'p' : 'pre'));
  body.textContent = note || text;
  return dom;
}
