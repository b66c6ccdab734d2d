import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ICovered, IEvent, INewProtection, IProtection, IProtectionPatch } from '../../../api';
import { PromptHubError } from '../../../api';
import { free } from '../../../commands/elsewhere';
import type { IPromptHub } from '../../../tokens';
import { problemsOf, ProtectionsModel } from '../model';
import { under } from '../problems';
import { draftOf, inShort, needsReview, NO_RULES, who } from '../rules';

const LEA = { id: 'lea', display_name: 'Lea', kind: 'user' as const };
const trans = nullTranslator.load('');

function protection(updated_at: string): IProtection {
  const rules = { ...NO_RULES, approvals: 1 };
  const by = { created_by: LEA, updated_by: LEA };
  return { id: 'p', prompts: 'a/*', branch: 'main', rules, updated_at, ...by };
}

class Desk {
  readonly event = new Signal<object, IEvent>({});
  readonly meChanged = new Signal<object, void>({});
  readonly trans = trans;
  readonly can = () => true;
  items = [protection('1')];
  readonly protections = {
    list: vi.fn(() => Promise.resolve({ items: this.items })),
    covered: vi.fn(() => Promise.resolve<ICovered>({ prompts: 1, branches: 2, items: [] })),
    create: vi.fn((_: INewProtection) => Promise.resolve(protection('2'))),
    update: vi.fn((_: string, __: IProtectionPatch) => Promise.resolve(protection('2'))),
    delete: vi.fn(() => Promise.resolve(null))
  };
  readonly api = {
    protections: this.protections,
    reviews: { reviewers: () => Promise.resolve({ items: [{ actor: LEA, approves: true }] }) }
  };
  readonly model = new ProtectionsModel(this as unknown as IPromptHub, 10);
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function desk(): Promise<Desk> {
  const made = new Desk();
  await vi.advanceTimersByTimeAsync(20);
  return made;
}

it('asks once what patterns hold for that are typed quickly, and again when branches change', async () => {
  const { model, protections, event } = await desk();
  model.edit(null);
  await vi.advanceTimersByTimeAsync(20);
  expect(model.covered?.branches).toBe(2);
  model.write({ prompts: 'a' });
  model.write({ prompts: 'a/' });
  model.write({ prompts: 'a/*' });
  model.write({ rules: NO_RULES });
  await vi.advanceTimersByTimeAsync(20);
  expect(protections.covered.mock.calls).toHaveLength(2);
  event.emit({ seq: 1, kind: 'branch.created', at: '', ids: {} });
  await vi.advanceTimersByTimeAsync(20);
  expect(protections.covered.mock.calls).toHaveLength(3);
  model.dispose();
});

it('keeps what is written when somebody else changes it, says so, and keeps it when the server refuses', async () => {
  const made = await desk();
  const { model, protections } = made;
  model.edit(made.items[0]!);
  model.write({ branch: 'release/*' });
  made.items = [protection('2')];
  made.event.emit({ seq: 1, kind: 'protection.changed', at: '', ids: {} });
  await vi.advanceTimersByTimeAsync(20);
  expect([model.editing?.isStale, model.editing?.draft.branch]).toEqual([true, 'release/*']);
  const fields = [{ path: 'rules.owners.0.owners', message: 'expected at least 1' }];
  protections.update.mockRejectedValueOnce(
    new PromptHubError('does not fit', 'invalid_input', 422, { fields })
  );
  expect(await model.save()).toBe(false);
  expect(model.editing?.problems).toEqual({ 'rules.owners.0.owners': 'expected at least 1' });
  expect(await model.save()).toBe(true);
  expect(protections.update.mock.lastCall?.[1]).toMatchObject({ branch: 'release/*' });
  expect(model.editing).toBeNull();
  model.dispose();
});

it('shows what was asked for last, whichever answer is late', async () => {
  const { model, protections } = await desk();
  let answer: (found: { items: IProtection[] }) => void = () => undefined;
  protections.list.mockImplementationOnce(() => new Promise(resolve => (answer = resolve)));
  const late = model.reload();
  protections.list.mockResolvedValueOnce({ items: [protection('3')] });
  await model.reload();
  answer({ items: [protection('2')] });
  await late;
  expect(model.protections?.map(each => each.updated_at)).toEqual(['3']);
  model.dispose();
});

it('finds the problem of a list, and of what is in it', () => {
  const error = new PromptHubError('No.', 'conflict', 409);
  expect(problemsOf(error)).toEqual({ '': 'No.' });
  const problems = { 'rules.owners.0.units.2': 'x', 'rules.owners.10.units': 'y' };
  expect(under(problems, 'rules.owners.0.units')).toBe('x');
  expect(under(problems, 'rules.owners.1')).toBeUndefined();
});

it('says rules in short, and whom they name', () => {
  const draft = draftOf({
    prompts: '*',
    rules: { approvals: 2, may_push: ['role:team_lead', 'gone'], admins_included: false }
  });
  expect(inShort(draft.rules, [LEA], trans)).toEqual([
    '2 approvals',
    'pushed by team leads and admins, somebody who left',
    'admins are free of it'
  ]);
  expect(needsReview(draft.rules)).toBe(true);
  expect(needsReview(NO_RULES)).toBe(false);
  expect(who('lea', [LEA], trans)).toBe('Lea');
});

it.each<[string, string[], string]>([
  ['Kinder, and brief\nmore', [], 'kinder-and-brief'],
  ['Kinder, and brief', ['kinder-and-brief'], 'kinder-and-brief-2'],
  ['Ümläut!', [], 'umlaut'],
  ['日本', ['change', 'change-2'], 'change-3']
])('calls a branch for %o beside %o: %s', (message, taken, name) => {
  expect(free(message, taken)).toBe(name);
});
