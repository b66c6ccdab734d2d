import { Dialog, showDialog } from '@jupyterlab/apputils';
import { addIcon, deleteIcon, editIcon, lockIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IProtection } from '../../api';
import { Badge, Button, IconButton } from '../../components/basics';
import { useSignal } from '../../components/hooks';
import { reportDone, reportError } from '../../components/notify';
import { EmptyState, ErrorState, Loading } from '../../components/states';
import { TimeAgo } from '../../components/time';
import { Form } from './Form';
import type { ProtectionsModel } from './model';
import { draftOf, inShort } from './rules';

/** The protections: a list, or the form of one of them. */
export function Protections(props: { model: ProtectionsModel }): JSX.Element {
  const { model } = props;
  const { trans } = model.hub;
  const box = React.useRef<HTMLDivElement>(null);
  useSignal(model.changed);
  const { protections, error, editing, mayWrite } = model;
  const isOpen = editing !== null;
  const isKnown = protections !== null;
  React.useEffect(() => {
    // never away from another part of JupyterLab
    const here = document.activeElement;
    if (here === document.body || box.current?.closest('.jp-MainAreaWidget')?.contains(here)) {
      focusFirst(box.current);
    }
  }, [isOpen, isKnown]);

  if (error && !protections) {
    return (
      <ErrorState
        error={error}
        trans={trans}
        title={trans.__('The protections could not be loaded')}
        onRetry={() => void model.reload()}
      />
    );
  }
  if (!protections) {
    return <Loading label={trans.__('Loading the protections')} rows={4} />;
  }
  const add = (
    <Button
      primary
      icon={addIcon}
      disabled={!mayWrite}
      title={mayWrite ? undefined : trans.__('Your role may not change protections')}
      onClick={() => model.edit(null)}
    >
      {trans.__('New protection')}
    </Button>
  );
  return (
    <div className="jp-PromptHub-protections-body" ref={box}>
      <header className="jp-PromptHub-header">
        <div className="jp-PromptHub-header-texts">
          <h2>
            {!editing
              ? trans.__('Branch protections')
              : editing.id
                ? trans.__('Protection of %1', `${editing.draft.prompts} : ${editing.draft.branch}`)
                : trans.__('New protection')}
          </h2>
          <span className="jp-PromptHub-muted">
            {mayWrite
              ? trans.__(
                  'What branches ask before they change. Where several fit, all of them hold.'
                )
              : trans.__(
                  'What branches ask before they change. Your role may read this, and not change it.'
                )}
          </span>
        </div>
        {!mayWrite && <Badge icon={lockIcon}>{trans.__('read only')}</Badge>}
        {!editing && protections.length > 0 && mayWrite && add}
      </header>
      {editing ? (
        <Form
          model={model}
          editing={editing}
          onDone={isSaved => {
            if (isSaved) {
              reportDone(trans.__('The protection is kept'));
            } else {
              void leave(model);
            }
          }}
        />
      ) : protections.length === 0 ? (
        <EmptyState
          icon={lockIcon}
          title={trans.__('No branch is protected')}
          actions={mayWrite && add}
        >
          {trans.__(
            'Whoever may write changes main directly. A protection asks for reviews, checks, or the approval of owners first.'
          )}
        </EmptyState>
      ) : (
        <ul className="jp-PromptHub-protections-list">
          {protections.map(protection => (
            <Card key={protection.id} model={model} protection={protection} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Card(props: { model: ProtectionsModel; protection: IProtection }): JSX.Element {
  const { model, protection } = props;
  const { trans } = model.hub;
  const { prompts, branch } = protection;
  const title = `${prompts} : ${branch}`;
  const rules = inShort(draftOf(protection).rules, model.people, trans);
  return (
    <li className="jp-PromptHub-protection" data-protection={protection.id}>
      <lockIcon.react tag="span" className="jp-PromptHub-icon" />
      <div className="jp-PromptHub-protection-main">
        <div className="jp-PromptHub-protection-title" title={title}>
          <code>{prompts}</code>
          <span className="jp-PromptHub-muted">{trans.__('branch')}</span>
          <code>{branch}</code>
        </div>
        <div className="jp-PromptHub-protection-rules">
          {rules.map(each => (
            <Badge key={each}>{each}</Badge>
          ))}
          {rules.length === 0 && (
            <span className="jp-PromptHub-muted">
              {trans.__('Cannot be deleted; no other rule')}
            </span>
          )}
        </div>
        <div className="jp-PromptHub-muted">
          {trans.__(
            'changed by %1',
            protection.updated_by.display_name || protection.updated_by.id
          )}{' '}
          <TimeAgo time={protection.updated_at} />
        </div>
      </div>
      <span className="jp-PromptHub-connection-actions">
        <IconButton
          icon={editIcon}
          label={
            model.mayWrite
              ? trans.__('Change the protection of %1', title)
              : trans.__('Show the protection of %1', title)
          }
          onClick={() => model.edit(protection)}
        />
        {model.mayWrite && (
          <IconButton
            icon={deleteIcon}
            label={trans.__('Remove the protection of %1', title)}
            onClick={() => void remove(model, protection)}
          />
        )}
      </span>
    </li>
  );
}

/** Ask before what was written is lost. */
async function leave(model: ProtectionsModel): Promise<void> {
  const { trans } = model.hub;
  if (model.editing?.isTouched) {
    const { button } = await showDialog({
      title: trans.__('Leave what you have written?'),
      body: trans.__('It was not saved.'),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Go on writing') }),
        Dialog.warnButton({ label: trans.__('Leave') })
      ]
    });
    if (!button.accept) {
      return;
    }
  }
  model.cancel();
}

/** Ask, take it away, and offer to bring it back. */
async function remove(model: ProtectionsModel, protection: IProtection): Promise<void> {
  const { trans } = model.hub;
  const { id, ...kept } = protection;
  const title = `${protection.prompts} : ${protection.branch}`;
  const { button } = await showDialog({
    title: trans.__('Remove the protection of %1?', title),
    body: trans.__('Its rules do not hold any more from then on, also for reviews that are open.'),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Remove') })
    ]
  });
  if (!button.accept) {
    return;
  }
  try {
    await model.remove(id);
    reportDone(trans.__('Removed the protection of %1', title), [
      {
        label: trans.__('Undo'),
        callback: () =>
          void model.hub.api.protections
            .create(draftOf(kept))
            .catch(error =>
              reportError(trans, trans.__('The protection was not brought back'), error)
            )
      }
    ]);
  } catch (error) {
    reportError(trans, trans.__('The protection was not removed'), error);
  }
}

/** Go to the first field, or back to where one came from. */
export function focusFirst(node: HTMLElement | null): void {
  const first = 'form input:not([disabled]), form button';
  const place = node?.querySelector('form') ? first : '.jp-PromptHub-header button:not([disabled])';
  node?.querySelector<HTMLElement>(place)?.focus();
}
