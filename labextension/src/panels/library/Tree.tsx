import * as React from 'react';
import { useSize } from '../../components/hooks';
import { DragSource } from './drag';
import { Keys } from './keys';
import type { LibraryModel } from './model';
import { Row } from './Row';
import { VirtualRows } from './VirtualRows';

/** Heights of rows in px: of the tree, and of a search's results with the matching line. */
const HEIGHTS = { compact: [24, 42], comfortable: [32, 52] } as const;

export type Density = keyof typeof HEIGHTS;

/** The tree (or the flat list of a search), driven by mouse or keyboard. The focus is on the tree itself. */
export function Tree(props: { model: LibraryModel; density: Density }): JSX.Element {
  const { model } = props;
  const { active, selection, hub } = model;
  const id = React.useId();
  const list = React.useRef<HTMLDivElement>(null);
  const root = React.useRef<HTMLDivElement>(null);
  const reveal = React.useRef<((index: number) => void) | null>(null);
  const rowHeight = HEIGHTS[props.density][model.isFlat ? 1 : 0];
  const { height } = useSize(root);

  const context = React.useRef({ model, page: 1 }).current;
  context.page = Math.max(1, Math.floor(height / rowHeight) - 1);
  const keys = React.useMemo(() => new Keys(context), [context]);
  const source = React.useMemo(() => new DragSource(model), [model]);
  React.useEffect(() => () => source.dispose(), [source]);

  React.useEffect(() => {
    const slot = (_: unknown, index: number) => reveal.current?.(index);
    model.revealed.connect(slot);
    return () => void model.revealed.disconnect(slot);
  }, [model]);

  const onRange = React.useCallback((from: number, to: number) => model.show(from, to), [model]);
  const rowId = (index: number) => `${id}-${index}`;

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.target !== event.currentTarget) {
      return; // a name is being typed
    }
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      event.preventDefault();
      openMenu(document.getElementById(rowId(active)));
    } else if (keys.press(event.nativeEvent)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  const onClick = (index: number, event: React.MouseEvent): void => {
    const row = model.row(index);
    if (!row) {
      return;
    }
    list.current?.focus({ preventScroll: true });
    model.setActive(index, false);
    if (event.shiftKey) {
      keys.selectTo(index);
      return;
    }
    keys.anchorAt(index);
    if ((event.ctrlKey || event.metaKey) && row.kind === 'prompt') {
      if (row.prompt) {
        selection.toggle(row.prompt.id);
      }
      return;
    }
    selection.clear();
    keys.open(row);
  };

  return (
    <div className="jp-PromptHub-tree" ref={root} data-density={props.density}>
      <VirtualRows
        ref={list}
        count={model.count}
        rowHeight={rowHeight}
        active={active}
        keyOf={index => model.row(index)?.key ?? String(index)}
        onRange={onRange}
        initial={model.top}
        reveal={reveal}
        attributes={{
          role: 'tree',
          tabIndex: 0,
          'aria-label': hub.trans.__('Prompts'),
          'aria-multiselectable': true,
          'aria-busy': model.loading,
          'aria-activedescendant': model.count > 0 ? rowId(active) : undefined,
          onKeyDown,
          // a right click is about what it hits
          onContextMenu: event => {
            const hit = (event.target as Element).closest<HTMLElement>('[data-index]');
            if (hit) {
              const { promptId, index } = hit.dataset;
              model.setActive(Number(index), false);
              if (!promptId || !selection.has(promptId)) {
                selection.clear();
              }
            }
          },
          onPointerDown: event => source.press(event.nativeEvent)
        }}
        render={(index, style) => (
          <Row
            id={rowId(index)}
            model={model}
            index={index}
            style={style}
            onClick={event => onClick(index, event)}
            onRenamed={() => list.current?.focus({ preventScroll: true })}
          />
        )}
      />
    </div>
  );
}

/** The context menu of a row, by the keyboard. */
function openMenu(row: HTMLElement | null): void {
  const box = row?.getBoundingClientRect();
  if (row && box) {
    const clientX = box.left + Math.min(40, box.width / 2);
    const clientY = box.bottom - 2;
    const options = { bubbles: true, cancelable: true, view: window, clientX, clientY, button: 2 };
    row.dispatchEvent(new MouseEvent('contextmenu', options));
  }
}
