import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ISocketProvider } from '../pulse';
import { Pulse } from '../pulse';

/** A websocket whose other side is played by hand. */
class Wire extends EventTarget {
  readyState: number = WebSocket.CONNECTING;
  onopen: unknown = null;
  onmessage: unknown = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  readonly sent: number[][] = [];
  send(data: Uint8Array): void {
    this.sent.push([...data]);
  }
  close(): void {
    this.readyState = WebSocket.CLOSING; // and never CLOSED: nobody answers
  }
  says(): void {
    this.dispatchEvent(new Event('message'));
  }
}

/** y-websocket, as far as a pulse sees it. */
class Provider {
  shouldConnect = true;
  synced = true;
  wsUnsuccessfulReconnects = 0;
  ws: Wire | null = null;
  readonly closes: number[] = [];
  private readonly _slots = new Map<string, ((event: never) => void)[]>();
  on(name: string, slot: (event: never) => void): void {
    this._slots.set(name, [...(this._slots.get(name) ?? []), slot]);
  }
  off(name: string, slot: (event: never) => void): void {
    this._slots.set(
      name,
      (this._slots.get(name) ?? []).filter(each => each !== slot)
    );
  }
  emit(name: string, event: unknown): void {
    this._slots.get(name)?.forEach(slot => slot(event as never));
  }
  connect(): void {
    const ws = (this.ws = new Wire());
    ws.onclose = event => {
      this.closes.push(event.code);
      this.emit('connection-close', event);
      this.ws = null;
    };
    this.emit('status', { status: 'connecting' });
  }
  opens(): Wire {
    this.ws!.readyState = WebSocket.OPEN;
    this.emit('status', { status: 'connected' });
    return this.ws!;
  }
  disconnect(): void {}
}

const page = new EventTarget();

function make() {
  const provider = new Provider();
  let lost = 0;
  provider.connect();
  const ws = provider.opens();
  const pulse = new Pulse(provider as unknown as ISocketProvider, () => lost++, page);
  return { provider, ws, pulse, lost: () => lost };
}

describe('the pulse of a connection', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks nothing while messages come', () => {
    const { ws, pulse } = make();
    for (let turn = 0; turn < 20; turn++) {
      vi.advanceTimersByTime(3_000);
      ws.says();
    }
    expect(ws.sent).toEqual([]);
    pulse.dispose();
  });

  it('asks a quiet connection, and keeps one that answers', () => {
    const { provider, ws, pulse, lost } = make();
    for (let turn = 1; turn <= 5; turn++) {
      vi.advanceTimersByTime(4_001);
      expect(ws.sent).toHaveLength(turn);
      ws.says();
    }
    expect(ws.sent[0]).toEqual([3]);
    expect(provider.closes).toEqual([]);
    expect(lost()).toBe(0);
    pulse.dispose();
  });

  it('gives a connection up that does not answer, without waiting for its close', () => {
    const { provider, ws, pulse, lost } = make();
    vi.advanceTimersByTime(9_000);
    expect(ws.sent).toHaveLength(1);
    expect(provider.closes).toEqual([1006]);
    expect(provider.ws).toBeNull();
    expect(lost()).toBe(1);
    pulse.dispose();
  });

  it('asks at once when the network changes', () => {
    const { provider, ws, pulse } = make();
    page.dispatchEvent(new Event('offline'));
    expect(ws.sent).toHaveLength(1);
    vi.advanceTimersByTime(4_100);
    expect(provider.closes).toEqual([1006]);
    pulse.dispose();
  });

  it('gives up a connection that does not open', () => {
    const { provider, pulse, lost } = make();
    provider.ws!.onclose!(new CloseEvent('close', { code: 1006 }));
    provider.connect();
    vi.advanceTimersByTime(4_100);
    expect(provider.closes).toEqual([1006, 1006]);
    expect(lost()).toBe(1);
    pulse.dispose();
  });

  it('takes a new connection when asked to, also in the place of one that hangs', () => {
    const { provider, ws, pulse } = make();
    pulse.renew();
    expect(provider.closes).toEqual([1006]);
    expect(provider.ws).not.toBe(ws);
    expect(provider.ws).not.toBeNull();
    pulse.dispose();
  });

  it('does nothing any more when disposed', () => {
    const { provider, ws, pulse } = make();
    pulse.dispose();
    vi.advanceTimersByTime(60_000);
    page.dispatchEvent(new Event('online'));
    expect(ws.sent).toEqual([]);
    expect(provider.closes).toEqual([]);
  });
});
