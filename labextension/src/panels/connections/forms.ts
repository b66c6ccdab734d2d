import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { IConnection } from '../../api';
import type { FormValues } from '../../components/form';
import { askForm } from '../../components/form';
import { reportDone, reportError } from '../../components/notify';
import type { ConnectionsModel } from './model';

/** Providers offered first; any name that litellm knows works. `git` is a repository elsewhere. */
const PROVIDERS = [
  'openai_compatible',
  'openai',
  'anthropic',
  'azure',
  'gemini',
  'mistral',
  'groq',
  'bedrock',
  'git'
];

/** Ask for a new connection and add it. */
export async function addConnection(model: ConnectionsModel): Promise<void> {
  const { trans } = model.hub;
  const added = await askForm({
    title: trans.__('New connection'),
    text: trans.__('Connections live on the server; prompts only name models, never keys.'),
    fields: [
      {
        name: 'name',
        label: trans.__('Name'),
        placeholder: 'my-openai',
        hint: trans.__('Lower-case letters, digits, - and _'),
        required: true
      },
      {
        name: 'provider',
        label: trans.__('Provider'),
        value: 'openai_compatible',
        suggestions: PROVIDERS,
        required: true
      },
      {
        name: 'base_url',
        label: trans.__('Address'),
        placeholder: 'https://api.example.com/v1',
        hint: trans.__('Needed for openai_compatible, azure and git; others know theirs.')
      },
      {
        name: 'secret',
        label: trans.__('Secret key'),
        kind: 'secret',
        hint: trans.__('Write-only: kept sealed on the server, never shown again.')
      },
      {
        name: 'models',
        label: trans.__('Models'),
        placeholder: 'gpt-4o, gpt-4o-mini',
        hint: trans.__('Separated by commas; offered while editing.')
      },
      {
        name: 'allow_private_address',
        label: trans.__('The address may be on a private network'),
        kind: 'checkbox'
      }
    ],
    accept: trans.__('Add connection'),
    submit: values => model.add(connectionOf(values)),
    trans
  });
  if (added) {
    reportDone(trans.__('Added the connection %1', added.name));
  }
}

function connectionOf(values: FormValues): Parameters<ConnectionsModel['add']>[0] {
  const text = (name: string) => values[name]?.trim() || null;
  return {
    name: text('name') ?? '',
    provider: text('provider') ?? '',
    base_url: text('base_url'),
    secret: text('secret'),
    models: (values['models'] ?? '')
      .split(',')
      .map(each => each.trim())
      .filter(Boolean),
    allow_private_address: values['allow_private_address'] === 'true'
  };
}

/** Ask for a new secret. */
export async function renewSecret(model: ConnectionsModel, { name }: IConnection): Promise<void> {
  const { trans } = model.hub;
  const done = await askForm({
    title: trans.__('New secret key for %1', name),
    fields: [
      {
        name: 'secret',
        label: trans.__('Secret key'),
        kind: 'secret',
        required: true,
        hint: trans.__('Replaces the one before at once.')
      }
    ],
    accept: trans.__('Replace'),
    submit: ({ secret }) => model.renewSecret(name, secret ?? ''),
    trans
  });
  if (done) {
    reportDone(trans.__('Replaced the secret key of %1', name));
  }
}

/** Ask, and delete. */
export async function removeConnection(
  model: ConnectionsModel,
  { name }: IConnection
): Promise<void> {
  const { trans } = model.hub;
  const { button } = await showDialog({
    title: trans.__('Delete the connection %1?', name),
    body: trans.__(
      'Its key is erased. Prompts that ask for its models cannot run until there is another.'
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Delete') })
    ]
  });
  if (button.accept) {
    try {
      await model.remove(name);
      reportDone(trans.__('Deleted the connection %1', name));
    } catch (error) {
      reportError(trans, trans.__('The connection was not deleted'), error);
    }
  }
}
