import { Notification } from '@jupyterlab/apputils';
import type { IStateDB } from '@jupyterlab/statedb';
import { Signal } from '@lumino/signaling';
import { describe, expect, it, vi } from 'vitest';
import type { ExecuteEvent, IExecuteRequest } from '../../api';
import type { PromptModel } from '../../editor/model';
import type { IPromptHub } from '../../tokens';
import { sameAs } from '../columns';
import { SideBySide } from '../model';

/** Runs that end when the test says so. */
class Provider {
  readonly asked: IExecuteRequest[] = [];
  readonly end: ((text: string) => void)[] = [];

  async *stream(body: IExecuteRequest, signal: AbortSignal): AsyncGenerator<ExecuteEvent> {
    this.asked.push(body);
    const text = await new Promise<string>((resolve, reject) => {
      this.end.push(resolve);
      signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
    });
    const result = { completion: text, metadata: {} };
    yield { kind: 'result', response: { result } } as unknown as ExecuteEvent;
  }
}

interface ISetting {
  atOnce?: number;
  estimate?: (run: IExecuteRequest) => unknown;
  /** What the browser's workspace gives. */
  fetch?: () => Promise<unknown>;
}

function setting(options: ISetting = {}) {
  const provider = new Provider();
  const owner = {};
  const signal = () => new Signal<object, unknown>(owner);
  const compare = vi.fn((base: string, others: string[]) =>
    Promise.resolve({
      items: others.map(text => ({ similarity: 0, spans: [{ op: 'insert', text: base + text }] }))
    })
  );
  const api = {
    versions: { list: () => Promise.resolve({ items: [] }) },
    execution: {
      stream: (body: IExecuteRequest, abort: AbortSignal) => provider.stream(body, abort),
      compare,
      estimate: (runs: IExecuteRequest[]) =>
        Promise.resolve({ items: runs.map(run => options.estimate?.(run) ?? { refusal: null }) })
    }
  };
  const trans = { __: (text: string) => text };
  const hub = { api, trans, event: signal(), me: null, can: () => true } as unknown as IPromptHub;
  const model = (ref: string) => ({ ref, ready: true });
  const prompt = {
    hub,
    changed: signal(),
    key: { promptId: 'p', branch: 'main' },
    context: { path: 'PromptHub:p/main.prompt' },
    picked: '',
    content: { model: 'a/1' },
    models: { items: [model('a/1'), model('a/2'), model('a/3'), model('a/4')], default: null },
    inputs: { values: { x: 1 } },
    isDirty: false,
    whyNotRun: null,
    draft: { draft: { head_sha: 'f'.repeat(64) } },
    request: (inputs: object) => ({
      prompt_id: 'p',
      inputs,
      version: 'base',
      text: 'the draft'
    })
  } as unknown as PromptModel;
  const { fetch } = options;
  const state = fetch
    ? ({ fetch, save: () => Promise.reject(new Error('full')) } as unknown as IStateDB)
    : null;
  const made = new SideBySide({ prompt, atOnce: () => options.atOnce ?? 4, state });
  return { made, provider, compare };
}

async function begun(made: SideBySide): Promise<void> {
  await vi.waitFor(() => expect(made.columns).toHaveLength(2));
}

describe('runs side by side', () => {
  it('begin with the draft on its own model and on another', async () => {
    const { made } = setting();
    await begun(made);
    expect(made.columns.map(({ choice }) => choice)).toEqual([
      { version: '', model: '' },
      { version: '', model: 'a/2' }
    ]);
    made.dispose();
  });

  it('begin anew, and say so, where what was kept cannot be read', async () => {
    const warning = vi.spyOn(Notification, 'warning').mockReturnValue('');
    const console_ = vi.spyOn(console, 'warn').mockReturnValue();
    const { made, provider } = setting({ fetch: () => Promise.reject(new Error('gone')) });
    await begun(made);
    expect(warning).toHaveBeenCalledOnce();
    expect(warning.mock.calls[0]![0]).toContain('begin anew');
    made.runAll();
    await vi.waitFor(() => expect(provider.asked).toHaveLength(2));
    made.dispose();
    // what could not be kept is no notice
    await vi.waitFor(() => expect(console_).toHaveBeenCalledTimes(2));
    expect(warning).toHaveBeenCalledOnce();
    vi.restoreAllMocks();
  });

  it('take the columns that were kept, and none that are not columns', async () => {
    vi.spyOn(console, 'warn').mockReturnValue();
    const columns = [
      { version: '', model: 'a/4' },
      null,
      { model: 3 },
      { version: 'c', model: '' }
    ];
    const { made } = setting({ fetch: () => Promise.resolve({ columns }) });
    await begun(made);
    expect(made.columns.map(({ choice }) => choice)).toEqual([columns[0], columns[3]]);
    made.dispose();
    const broken = setting({ fetch: () => Promise.resolve({ columns: 'many' }) });
    await begun(broken.made);
    expect(broken.made.columns[1]!.choice.model).toBe('a/2');
    broken.made.dispose();
    vi.restoreAllMocks();
  });

  it('are two to six, and a new one takes a model that no column uses', async () => {
    const { made } = setting();
    await begun(made);
    made.remove(made.columns[0]!);
    expect(made.columns).toHaveLength(2);
    for (let n = 0; n < 6; n++) {
      made.add();
    }
    expect(made.columns).toHaveLength(6);
    expect(made.columns.map(({ choice }) => choice.model).slice(2, 4)).toEqual(['a/3', 'a/4']);
    expect(sameAs(made.columns, made.columns[5]!)).toBe(3);
    expect(sameAs(made.columns, made.columns[2]!)).toBe(-1);
    made.dispose();
  });

  it('send the draft’s text or a version, to the chosen model', async () => {
    const { made, provider } = setting();
    await begun(made);
    made.choose(made.columns[1]!, { version: 'c'.repeat(64) });
    made.runAll();
    await vi.waitFor(() => expect(provider.asked).toHaveLength(2));
    expect(provider.asked[0]).toMatchObject({ text: 'the draft', model: null, inputs: { x: 1 } });
    expect(provider.asked[1]).toMatchObject({
      text: null,
      version: 'c'.repeat(64),
      model: 'a/2'
    });
    made.dispose();
  });

  it('run a few at a time; the others wait, and can be taken back', async () => {
    const { made, provider } = setting({ atOnce: 2 });
    await begun(made);
    made.add();
    made.add();
    made.runAll();
    await vi.waitFor(() => expect(provider.asked).toHaveLength(2));
    expect(made.columns.map(({ isQueued }) => isQueued)).toEqual([false, false, true, true]);
    made.stop(made.columns[3]!);
    provider.end[0]!('one');
    await vi.waitFor(() => expect(provider.asked).toHaveLength(3));
    made.stopAll();
    await vi.waitFor(() => expect(made.isBusy).toBe(false));
    expect(made.columns.map(({ state }) => state.phase)).toEqual([
      'done',
      'cancelled',
      'cancelled',
      'idle'
    ]);
    made.dispose();
  });

  it('mark the words that differ from the baseline, whichever that is', async () => {
    const { made, provider, compare } = setting();
    await begun(made);
    made.runAll();
    await vi.waitFor(() => expect(provider.end).toHaveLength(2));
    provider.end[0]!('one');
    await vi.waitFor(() => expect(made.columns[0]!.answer).toBe('one'));
    expect(compare).not.toHaveBeenCalled();
    provider.end[1]!('two');
    await vi.waitFor(() => expect(made.columns[1]!.marks?.[0]?.text).toBe('onetwo'));
    made.compareWith(made.columns[1]!);
    await vi.waitFor(() => expect(made.columns[0]!.marks?.[0]?.text).toBe('twoone'));
    expect(made.columns[1]!.marks).toBeNull();
    made.dispose();
  });

  it('do not call what would be refused, and say why', async () => {
    const refusal = { code: 'contract', message: 'order is missing', details: {} };
    const { made, provider } = setting({
      estimate: run => ({ refusal: run.text === null ? refusal : null })
    });
    await begun(made);
    made.choose(made.columns[0]!, { version: 'c'.repeat(64) });
    await vi.waitFor(() => expect(made.whyNot(made.columns[0]!)).toBe('order is missing'));
    made.runAll();
    await vi.waitFor(() => expect(provider.asked).toHaveLength(1));
    expect(made.columns[0]!.isBusy).toBe(false);
    made.dispose();
  });
});
