import * as React from 'react';
import { asPromptHubError } from '../../api';
import { CommandIDs } from '../../commands/ids';
import type { LibraryModel } from './model';
import { idsBelow } from './select';
import type { LibraryRow } from './rows';

/** The name of a row, being edited in its place. Enter renames, Escape does not. */
export function RenameField(props: {
  model: LibraryModel;
  row: LibraryRow;
  onDone: () => void;
}): JSX.Element {
  const { model, row } = props;
  const { trans } = model.hub;
  const [value, setValue] = React.useState(row.label);
  const [error, setError] = React.useState<string | null>(null);
  const busy = React.useRef(false);
  const input = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => input.current?.select(), []);

  const end = (): void => {
    model.renaming = null;
    props.onDone();
  };

  const accept = async (): Promise<void> => {
    const typed = value.trim().replace(/^\/+|\/+$/g, '');
    if (busy.current) {
      return;
    }
    if (!typed || typed === row.label) {
      end();
      return;
    }
    busy.current = true;
    try {
      const name = model.isFlat ? typed : row.parent + typed;
      if (row.kind === 'folder') {
        const ids = await idsBelow(model, row.path);
        model.run(CommandIDs.moveMany, { ids: [...ids], folder: name, fromFolder: row.path });
      } else if (row.prompt) {
        const failed = await rename(model, row.prompt.id, row.prompt.name, name);
        if (failed) {
          setError(failed);
          return;
        }
        // so that the row can be seen, and stays the active one, also in a folder below this one
        for (let at = typed.indexOf('/'); at > 0; at = typed.indexOf('/', at + 1)) {
          model.setOpen(name.slice(0, name.length - typed.length + at + 1), true);
        }
      }
      end();
    } catch (thrown) {
      setError(asPromptHubError(thrown).message);
    } finally {
      busy.current = false;
    }
  };

  return (
    <span className="jp-PromptHub-rename">
      <input
        ref={input}
        value={value}
        spellCheck={false}
        aria-label={trans.__('New name')}
        aria-invalid={error !== null}
        title={
          error ?? trans.__('Enter renames, Escape leaves it. The old name goes on as a redirect.')
        }
        onChange={event => {
          setValue(event.target.value);
          setError(null);
        }}
        onClick={event => event.stopPropagation()}
        onBlur={() => model.renaming === row.key && !busy.current && !error && end()}
        onKeyDown={event => {
          event.stopPropagation();
          if (event.key === 'Enter') {
            event.preventDefault();
            void accept();
          } else if (event.key === 'Escape') {
            event.preventDefault();
            end();
          }
        }}
      />
      {error && (
        <span className="jp-PromptHub-rename-error" role="alert">
          {error}
        </span>
      )}
    </span>
  );
}

/** Rename one prompt; what the server refused, or null. */
async function rename(
  model: LibraryModel,
  id: string,
  before: string,
  name: string
): Promise<string | null> {
  const report = await model.hub.api.prompts.bulk({ items: [{ id, name }] });
  const [failed] = report.failed;
  if (failed) {
    return failed.message;
  }
  model.run(CommandIDs.offerUndo, {
    message: model.hub.trans.__('Renamed %1 to %2', before, name),
    items: report.undo.map(each => ({ ...each }))
  });
  return null;
}
