import { describe, expect, it } from 'vitest';
import { itemsOf } from '../files';

describe('the prompts in a file', () => {
  it('of an export are taken with everything that an import takes, and nothing else', () => {
    const version = { text: 'One\n', commit_message: 'First', branch: 'main', base: null };
    const item = {
      name: 'a',
      title: 'A',
      description: '',
      tags: ['x'],
      branches: { side: 0 },
      deployments: { staging: 0 },
      samples: [{ name: 'angry', inputs: { x: 1 } }]
    };
    const told = { sha: 'abc', author: 'Ada', created_at: '2026-01-01T00:00:00.000Z' };
    const text = JSON.stringify({
      format: 'prompthub export v1',
      items: [
        { ...item, versions: [{ ...version, ...told }] },
        { ...item, name: 'draft', versions: [] }
      ]
    });
    expect(itemsOf('all.json', text)).toEqual([{ ...item, versions: [version] }]);
  });

  it('of an export from before branches and samples are taken without them', () => {
    const text = JSON.stringify({ items: [{ name: 'a', versions: [{ text: 'One\n' }] }] });
    const [item] = JSON.parse(JSON.stringify(itemsOf('all.json', text))) as unknown[];
    expect(item).toEqual({ name: 'a', versions: [{ text: 'One\n' }] });
  });

  it('of something else are refused with what was expected', () => {
    expect(() => itemsOf('all.json', '{"items": 3}')).toThrow('expected an export of PromptHub');
    expect(() => itemsOf('all.json', '{')).toThrow('all.json is not JSON');
  });
});
