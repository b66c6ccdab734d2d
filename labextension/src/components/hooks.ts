import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

/** Render again whenever `signal` is emitted. */
export function useSignal<T>(signal: ISignal<T, unknown>): void {
  const [, update] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const slot = () => update();
    signal.connect(slot);
    // what changed between rendering and connecting
    update();
    return () => {
      signal.disconnect(slot);
    };
  }, [signal]);
}

/** The size of an element, followed. */
export function useSize(ref: React.RefObject<HTMLElement>): { width: number; height: number } {
  const [size, setSize] = React.useState({ width: 0, height: 0 });
  React.useLayoutEffect(() => {
    const node = ref.current;
    if (!node) {
      return;
    }
    const observer = new ResizeObserver(() =>
      setSize({ width: node.clientWidth, height: node.clientHeight })
    );
    observer.observe(node);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

/** When what is open closes, and the focus was in it, the focus goes to something in `box`. */
export function useFocusBack(
  isOpen: boolean,
  box: React.RefObject<HTMLElement>,
  selector = 'button'
): void {
  const was = React.useRef(isOpen);
  React.useEffect(() => {
    const isLost = !document.activeElement || document.activeElement === document.body;
    if (was.current && !isOpen && isLost) {
      box.current?.querySelector<HTMLElement>(selector)?.focus();
    }
    was.current = isOpen;
  }, [isOpen, box, selector]);
}
