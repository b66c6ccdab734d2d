import { ServerConnection } from '@jupyterlab/services';
import { describe, expect, it } from 'vitest';
import { isAbort } from '../errors';
import { createRequest } from '../request';

function fetching(answer: string, status = 200) {
  const sent: Request[] = [];
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://lab.example/',
    wsUrl: 'ws://lab.example/',
    fetch: (request: RequestInfo | URL) => {
      sent.push(request as Request);
      return Promise.resolve(new Response(answer, { status }));
    }
  });
  return { sent, request: createRequest(settings) };
}

describe('a request to the server', () => {
  it('says that its body is JSON', async () => {
    const { sent, request } = fetching('{}');
    await request('check', { method: 'POST', body: { text: 'Hi' } });
    expect(sent[0]!.headers.get('Content-Type')).toBe('application/json');
    expect(await sent[0]!.json()).toEqual({ text: 'Hi' });
  });

  it('gives the error that the server told', async () => {
    const { request } = fetching('{"error": {"code": "conflict", "message": "No."}}', 409);
    await expect(request('prompts')).rejects.toMatchObject({ code: 'conflict', message: 'No.' });
  });

  it('tells what was aborted from a server that does not answer', async () => {
    const aborting = new AbortController();
    const settings = ServerConnection.makeSettings({
      baseUrl: 'http://lab.example/',
      wsUrl: 'ws://lab.example/',
      fetch: () => Promise.reject(new TypeError('Failed to fetch'))
    });
    const request = createRequest(settings);
    const { signal } = aborting;
    await expect(request('prompts', { signal })).rejects.toMatchObject({ code: 'network' });
    aborting.abort();
    expect(await request('prompts', { signal }).catch(isAbort)).toBe(true);
  });
});
