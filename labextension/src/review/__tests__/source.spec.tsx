import * as React from 'react';
import { act } from 'react';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IReview, ISourceBranch } from '../../api';
import type { IReviewPage } from '../context';
import { ReviewPageProvider } from '../context';
import { MergeBox } from '../MergeBox';
import { Writing } from '../writing';

const trans = {
  __: (text: string, ...args: unknown[]) =>
    args.reduce<string>((made, arg, index) => made.replace(`%${index + 1}`, String(arg)), text),
  _n: (one: string) => one
};

describe('the box of a merge', () => {
  let root: Root;
  let node: HTMLElement;
  const model = {
    hub: { trans },
    writing: new Writing(() => undefined),
    prompt: { archived: false },
    isBusy: false,
    isLive: false,
    mayChange: true,
    deleteSource: vi.fn(() => Promise.resolve(true)),
    restoreSource: vi.fn(() => Promise.resolve(true)),
    merge: vi.fn(() => Promise.resolve(true)),
    run: () => undefined
  };

  const show = (review: Partial<IReview>) =>
    act(() =>
      root.render(
        <ReviewPageProvider value={{ model } as unknown as IReviewPage}>
          <MergeBox
            review={
              {
                source: 'tone',
                target: 'main',
                title: 'Kinder',
                blocks: [],
                moves: [],
                bases: [],
                target_sha: null,
                merged_sha: null,
                source_branch: null,
                changes_requested_by: [],
                ...review
              } as unknown as IReview
            }
          />
        </ReviewPageProvider>
      )
    );
  const merged = (source_branch: ISourceBranch) => show({ state: 'merged', source_branch });
  const button = (name: string) =>
    [...node.querySelectorAll('button')].find(each => each.textContent === name);

  beforeEach(() => {
    (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
    node = document.body.appendChild(document.createElement('div'));
    root = createRoot(node);
    Object.assign(model, { isBusy: false, isLive: false, mayChange: true });
    vi.clearAllMocks();
  });

  afterEach(() => {
    act(() => root.unmount());
    node.remove();
  });

  it('deletes the branch, and makes it again with the same button, which keeps the focus', () => {
    merged({ head: 'h', blocks: [] });
    const one = button('Delete branch')!;
    one.focus();
    act(() => one.click());
    expect(model.deleteSource).toHaveBeenCalledTimes(1);
    merged({ head: null, blocks: [] });
    expect(node.textContent).toContain('tone was deleted; its versions stay.');
    expect(document.activeElement).toBe(button('Restore branch'));
    act(() => button('Restore branch')!.click());
    expect(model.restoreSource).toHaveBeenCalledTimes(1);
    model.isBusy = true;
    act(() => button('Restore branch')!.click());
    expect(model.restoreSource).toHaveBeenCalledTimes(1);
  });

  it('says why a branch stays, and offers nothing to who may not change it', () => {
    merged({ head: 'h', blocks: ['#2 (tone into main) needs it.'] });
    expect(node.textContent).toContain(
      'tone cannot be deleted here. #2 (tone into main) needs it.'
    );
    expect(button('Delete branch')).toBeUndefined();
    merged({ head: null, blocks: ['A version tag is called tone now.'] });
    expect(node.textContent).toContain('A version tag is called tone now.');
    expect(button('Restore branch')).toBeUndefined();
    model.mayChange = false;
    merged({ head: 'h', blocks: [] });
    expect(node.querySelector('[data-part=source]')).toBeNull();
  });

  it('says beside the button who asks for changes that no protection waits for', () => {
    model.isLive = true;
    const rob = { id: 'rob', display_name: 'Rob', kind: 'user' } as const;
    show({ state: 'open', changes_requested_by: [rob] });
    expect(button('Merge')!.disabled).toBe(false);
    expect(node.querySelector('[data-part=against]')!.textContent).toBe(
      'Changes are asked for by Rob; no protection of main waits for that.'
    );
    show({ state: 'open' });
    expect(node.querySelector('[data-part=against]')).toBeNull();
  });

  it('merges with Enter in the message, also while the button is off', () => {
    Object.assign(model, { isLive: true, isBusy: true });
    const block = { code: 'draft', message: 'A draft.', protection: null };
    show({ state: 'draft', blocks: [block] as unknown as IReview['blocks'] });
    const field = node.querySelector<HTMLInputElement>('input')!;
    expect(button('Merge')!.disabled).toBe(true);
    const press = (more: KeyboardEventInit) =>
      act(() => {
        field.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...more })
        );
      });
    press({ isComposing: true });
    expect(model.merge).not.toHaveBeenCalled();
    press({});
    expect(model.merge).toHaveBeenCalledWith({ mode: 'auto', commit_message: '' });
  });
});
