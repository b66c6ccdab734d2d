import { describe, expect, it, vi } from 'vitest';
import type { IPrompt, IPromptPage } from '../../../api';
import type { LoadPage } from '../pages';
import { Pages } from '../pages';

function prompt(id: string, more: Partial<IPrompt> = {}): IPrompt {
  return { id, name: id, highlight: null, ...more } as IPrompt;
}

/** A server of 1,000 prompts in every list, that answers when told. */
function server() {
  const asked: string[] = [];
  const aborted: string[] = [];
  const waiting: (() => void)[] = [];
  const load: LoadPage = (list, page, signal) => {
    const name = `${list}${page}`;
    asked.push(name);
    signal.addEventListener('abort', () => aborted.push(name));
    return new Promise<IPromptPage>((resolve, reject) => {
      signal.addEventListener('abort', () =>
        reject(Object.assign(new Error('stopped'), { name: 'AbortError' }))
      );
      waiting.push(() =>
        resolve({
          items: Array.from({ length: 10 }, (_, at) => prompt(`${list}${(page - 1) * 10 + at}`)),
          total: 1_000
        } as IPromptPage)
      );
    });
  };
  const answer = async () => {
    waiting.splice(0).forEach(each => each());
    await new Promise(resolve => setTimeout(resolve));
  };
  return { asked, aborted, load, answer };
}

function make(load: LoadPage) {
  const failed = vi.fn();
  return { failed, pages: new Pages(10, load, { loaded: () => undefined, failed }, 0) };
}

const rested = () => new Promise(resolve => setTimeout(resolve, 5));

describe('the pages of a list', () => {
  it('are loaded where they are in sight', async () => {
    const { asked, load, answer } = server();
    const { pages } = make(load);
    pages.show([['a/', 5, 12]]);
    expect(asked).toEqual(['a/1', 'a/2']);
    expect(pages.get('a/', 5)).toBeNull();
    await answer();
    expect(pages.get('a/', 12)?.id).toBe('a/12');
    expect(pages.find('a/12')).toMatchObject({ list: 'a/', place: 12 });
    pages.show([['a/', 0, 19]]);
    expect(asked).toHaveLength(2);
  });

  it('are not asked for when scrolling has passed them', async () => {
    const { asked, aborted, load, answer } = server();
    const { pages } = make(load);
    pages.show([['a/', 0, 9]]);
    await answer();
    pages.show([['a/', 100, 109]]);
    pages.show([['a/', 500, 509]]);
    await rested();
    expect(asked).toEqual(['a/1', 'a/51']);
    pages.show([['a/', 900, 909]]);
    expect(aborted).toEqual(['a/51']);
    await rested();
    await answer();
    expect(pages.get('a/', 500)).toBeNull();
    expect(pages.get('a/', 900)?.id).toBe('a/900');
  });

  it('stay on show while they are loaded again', async () => {
    const { asked, load, answer } = server();
    const { pages } = make(load);
    pages.show([['a/', 0, 9]]);
    await answer();
    pages.invalidate();
    expect(asked).toEqual(['a/1', 'a/1']);
    expect(pages.get('a/', 3)?.id).toBe('a/3');
    await answer();
    expect(pages.isLoading).toBe(false);
  });

  it('show newer data in its place, and keep the marks of a search', async () => {
    const { load, answer } = server();
    const { pages } = make(load);
    pages.show([['a/', 0, 9]]);
    await answer();
    pages.replace(new Map([['a/4', prompt('a/4', { title: 'newer', highlight: 'x' })]]));
    pages.replace(new Map([['a/4', prompt('a/4', { title: 'newest' })]]));
    expect(pages.get('a/', 4)).toMatchObject({ title: 'newest', highlight: 'x' });
    expect(pages.get('a/', 5)).toMatchObject({ id: 'a/5' });
  });

  it('that were not seen for long are forgotten, those in sight are not', async () => {
    const { load, answer } = server();
    const { pages } = make(load);
    for (let at = 0; at < 80; at++) {
      pages.show(
        [
          ['a/', 0, 9],
          ['b/', at * 10, at * 10 + 9]
        ],
        true
      );
      await answer();
    }
    expect(pages.get('a/', 0)).not.toBeNull();
    expect(pages.get('b/', 0)).toBeNull();
    expect(pages.get('b/', 790)).not.toBeNull();
  });

  it('that fail are told of, those that were stopped are not', async () => {
    const { pages, failed } = make(() => Promise.reject(new Error('down')));
    pages.show([['a/', 0, 9]]);
    await rested();
    expect(failed).toHaveBeenCalledOnce();
    pages.dispose();
  });
});
