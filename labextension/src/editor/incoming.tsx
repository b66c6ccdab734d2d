import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import type { IDiff, IIncoming } from '../api';
import { CommandIDs } from '../commands/ids';
import { Badge } from '../components/basics';
import { reportDone, reportError } from '../components/notify';
import { ChangeCard } from '../diff/ChangeCard';
import type { PromptModel } from './model';

/** Show what a draft would take from the head of its branch, and take it when that is wanted. */
export async function reviewIncoming(model: PromptModel, commands: CommandRegistry): Promise<void> {
  const { hub, key } = model;
  const { api, trans } = hub;
  if (!key) {
    return;
  }
  const { promptId, branch } = key;
  try {
    const incoming = await api.drafts.incoming(promptId, branch);
    const { button } = await ask(incoming, branch, model.canWrite, model.isDirty, trans);
    const [action] = button.actions;
    if (action === 'compare') {
      await commands.execute(CommandIDs.compareVersions, {
        promptId,
        base: incoming.base_sha,
        head: incoming.head_sha
      });
    } else if (action === 'update' || action === 'merge') {
      const isMerge = action === 'merge';
      // what was typed since the preview is merged too, or replaced and kept like the rest
      const how = isMerge ? { merge: true } : { force: true };
      const { kept_at } = await api.drafts.update(promptId, branch, how);
      reportDone(
        isMerge
          ? trans.__('The draft now has what %1 brought, and your changes.', branch)
          : trans.__('The draft follows %1 again.', branch),
        kept_at === model.draft?.draft?.kept_at
          ? []
          : [{ label: trans.__('Undo'), callback: () => void undo() }]
      );
    }
  } catch (error) {
    reportError(trans, trans.__('The draft was not updated'), error);
  }

  async function undo(): Promise<void> {
    try {
      await api.drafts.undo(promptId, branch);
    } catch (error) {
      reportError(trans, trans.__('The draft was not brought back'), error);
    }
  }
}

function ask(
  incoming: IIncoming,
  branch: string,
  canWrite: boolean,
  isDirty: boolean,
  trans: TranslationBundle
): Promise<Dialog.IResult<unknown>> {
  const body = ReactWidget.create(
    <Preview
      incoming={incoming}
      branch={branch}
      isDirty={isDirty}
      canWrite={canWrite}
      trans={trans}
    />
  );
  body.addClass('jp-PromptHub-incoming');
  const canCompare = incoming.base_sha !== null && incoming.head_sha !== null;
  const canMerge = canWrite && isDirty && incoming.merges;
  const dialog = new Dialog({
    title: trans._n(
      '%2 has %1 version that this draft has not seen',
      '%2 has %1 versions that this draft has not seen',
      incoming.behind,
      branch
    ),
    body,
    buttons: [
      ...(canCompare
        ? [Dialog.cancelButton({ label: trans.__('Compare the versions'), actions: ['compare'] })]
        : []),
      Dialog.cancelButton({ label: isDirty ? trans.__('Keep mine') : trans.__('Close') }),
      ...(canWrite
        ? [
            (isDirty ? Dialog.warnButton : Dialog.okButton)({
              label: isDirty ? trans.__('Replace mine') : trans.__('Update'),
              actions: ['update']
            })
          ]
        : []),
      ...(canMerge ? [Dialog.okButton({ label: trans.__('Merge both'), actions: ['merge'] })] : [])
    ],
    // Enter must not replace what somebody wrote
    defaultButton: (canCompare ? 1 : 0) + (canMerge ? 2 : 0)
  });
  dialog.addClass('jp-PromptHub-incomingDialog');
  return dialog.launch();
}

function Preview(props: {
  incoming: IIncoming;
  branch: string;
  isDirty: boolean;
  canWrite: boolean;
  trans: TranslationBundle;
}): JSX.Element {
  const { incoming, branch, isDirty, canWrite, trans } = props;
  const { theirs, mine, both } = incoming;
  return (
    <>
      <Changes title={trans.__('What %1 brings', branch)} diff={theirs} both={both} trans={trans} />
      {isDirty &&
        (mine ? (
          <Changes
            title={trans.__('What you have written')}
            diff={mine}
            both={both}
            trans={trans}
          />
        ) : (
          <p>{trans.__('Your draft does not parse at the moment, so it cannot be compared.')}</p>
        ))}
      {isDirty && canWrite && (
        <p className="jp-PromptHub-muted">
          {incoming.merges
            ? trans.__(
                'Merging gives your draft what %1 brings, and keeps your changes. Replacing takes the text of %1 alone. Either way, Undo in the notice brings yours back as it is now.',
                branch
              )
            : trans.__(
                'The two cannot be merged by themselves. Replacing takes the text of %1. Yours is kept as a whole: Undo in the notice brings it back. Keep mine to take over parts by hand: saved as it is, it takes back what %1 brought.',
                branch
              )}
        </p>
      )}
    </>
  );
}

function Changes(props: {
  title: string;
  diff: IDiff;
  both: readonly string[];
  trans: TranslationBundle;
}): JSX.Element {
  const { title, diff, both, trans } = props;
  const [active, setActive] = React.useState(-1);
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {diff.changes.length === 0 && (
        <p>
          {diff.text_only
            ? trans.__('Only layout and comments: the prompt says the same.')
            : trans.__('Nothing.')}
        </p>
      )}
      {diff.changes.map((change, index) => (
        <React.Fragment key={index}>
          {both.includes(change.path_before ?? change.path) && (
            <Badge kind="warn">{trans.__('changed on both sides')}</Badge>
          )}
          <ChangeCard
            change={change}
            layout="inline"
            isActive={index === active}
            onFocus={() => setActive(index)}
            trans={trans}
          />
        </React.Fragment>
      ))}
    </section>
  );
}
