// What jsdom lacks and JupyterLab's modules touch when they are loaded.
const missing = globalThis as unknown as Record<string, unknown>;

missing['DragEvent'] ??= class DragEvent extends Event {};
missing['ResizeObserver'] ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
missing['matchMedia'] ??= (media: string) => ({
  media,
  matches: false,
  addEventListener(): void {},
  removeEventListener(): void {},
  addListener(): void {},
  removeListener(): void {}
});
missing['requestIdleCallback'] ??= (f: () => void) => setTimeout(f, 0);
missing['cancelIdleCallback'] ??= clearTimeout;

export {};
