import { Notification } from '@jupyterlab/apputils';
import type { EditorView } from '@codemirror/view';
import { askForm } from '../components/form';
import type { PromptModel } from '../editor/model';
import type { IName } from './names';
import { freshCheck, nameAt } from './names';
import { applyAsStep } from './textedits';

/** How often the edits are computed anew when somebody types meanwhile. */
const ATTEMPTS = 5;

/** Ask for another name of the variable at the cursor, and rename it everywhere. */
export async function askRename(model: PromptModel, view: EditorView): Promise<void> {
  const { trans } = model.hub;
  const check = await freshCheck(model);
  const name = nameAt(check, view.state.selection.main.head);
  if (name?.kind !== 'variable') {
    Notification.info(
      model.firstError
        ? trans.__(
            'Mend the errors of the text first: a variable is renamed in a text that parses.'
          )
        : trans.__('Put the cursor on a variable to rename it.'),
      { autoClose: 4000 }
    );
    return;
  }
  await askForm({
    title: trans.__('Rename variable %1', name.name),
    text: trans.__(
      'Its declaration, its default, its examples and every use in this prompt get the new name.'
    ),
    fields: [
      {
        name: 'name',
        label: trans.__('New name'),
        value: name.name,
        selected: true,
        required: true
      }
    ],
    accept: trans.__('Rename'),
    submit: values => rename(model, name, values['name']!.trim()),
    trans
  });
  view.focus();
}

/** Rename a variable; rejects with the server's reason. */
export async function rename(
  model: PromptModel,
  { name }: Pick<IName, 'name'>,
  to: string
): Promise<void> {
  const { api, trans } = model.hub;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { text } = model;
    const changes = [{ change: 'rename_variable', name, to }];
    const { edits } = await api.prompts.edit({ text, changes });
    if (!model.canWrite) {
      throw new Error(trans.__('This prompt is read only now; the variable was not renamed.'));
    }
    if (applyAsStep(model.context.model.sharedModel, text, edits)) {
      keepInput(model, name, to);
      return;
    }
  }
  throw new Error(trans.__('Somebody is typing; the variable was not renamed. Try again.'));
}

/** What was typed in for a variable stays with it under its new name. */
function keepInput(model: PromptModel, from: string, to: string): void {
  const typed = model.typed[from];
  if (typed === undefined || from === to) {
    return;
  }
  model.setInput(to, typed);
  model.setInput(from, undefined);
  const { text } = model;
  const onChanged = (): void => {
    if (model.check?.text === text || model.text !== text) {
      model.changed.disconnect(onChanged);
      // only now it is known that the new name is a variable: render with it
      model.setInput(to, model.typed[to]);
    }
  };
  model.changed.connect(onChanged);
}
