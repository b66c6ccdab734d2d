import { describe, expect, it } from 'vitest';
import type { IExecuteResponse } from '../../api';
import type { RunState, RunStep } from '../runstate';
import { IDLE, isRunning, step } from '../runstate';

const SUBJECT = { kind: 'draft' } as const;
const RESPONSE = { result: { completion: 'Hello!' } } as unknown as IExecuteResponse;

function after(...steps: RunStep[]): RunState {
  return steps.reduce(step, IDLE);
}

describe('a run', () => {
  it('waits, streams, and ends with the whole answer', () => {
    const waiting = after(
      { kind: 'begin', subject: SUBJECT },
      { kind: 'start', executionId: 'e1' }
    );
    expect(waiting).toMatchObject({ phase: 'waiting', executionId: 'e1', text: '' });
    const streaming = [
      { kind: 'delta', text: 'Hel' } as const,
      { kind: 'delta', text: 'lo' } as const
    ].reduce(step, waiting);
    expect(streaming).toMatchObject({ phase: 'streaming', text: 'Hello' });
    const done = step(streaming, { kind: 'result', response: RESPONSE });
    expect(done).toMatchObject({ phase: 'done', text: 'Hello!', response: RESPONSE });
    expect(isRunning(done)).toBe(false);
  });

  it('keeps what came when it is stopped or fails', () => {
    const begun = [
      { kind: 'begin', subject: SUBJECT },
      { kind: 'start', executionId: 'e1' },
      { kind: 'delta', text: 'Hel' }
    ] as const;
    expect(after(...begun, { kind: 'cancel' })).toMatchObject({ phase: 'cancelled', text: 'Hel' });
    const error = new Error('cut');
    expect(after(...begun, { kind: 'fail', error })).toEqual({
      phase: 'failed',
      subject: SUBJECT,
      executionId: 'e1',
      text: 'Hel',
      error
    });
  });

  it('changes nothing after its end', () => {
    const cancelled = after({ kind: 'begin', subject: SUBJECT }, { kind: 'cancel' });
    const late: RunStep[] = [
      { kind: 'delta', text: 'late' },
      { kind: 'result', response: RESPONSE },
      { kind: 'fail', error: new Error() },
      { kind: 'cancel' }
    ];
    for (const each of late) {
      expect(step(cancelled, each)).toBe(cancelled);
    }
  });

  it('does not begin twice, and begins anew after an end', () => {
    const begun = after({ kind: 'begin', subject: SUBJECT });
    expect(step(begun, { kind: 'begin', subject: SUBJECT })).toBe(begun);
    const again = step(step(begun, { kind: 'cancel' }), {
      kind: 'begin',
      subject: { kind: 'version', short: 'abc' }
    });
    expect(again).toMatchObject({ phase: 'waiting', text: '' });
  });
});
