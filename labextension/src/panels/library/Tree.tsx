import * as React from 'react';
import { CommandIDs } from '../../commands/ids';
import { VirtualList } from '../../components/virtuallist';
import type { LibraryModel } from './model';
import { Row } from './Row';
import type { LibraryRow } from './tree';

const TREE_ROW_PX = 26;
const SEARCH_ROW_PX = 44;
/** Rows that PageUp and PageDown move by. */
const PAGE_ROWS = 12;

/** The tree (or the flat list of a search), driven by mouse or keyboard. */
export function Tree(props: { model: LibraryModel }): JSX.Element {
  const { model } = props;
  const trans = model.hub.trans;
  const { rows } = model;
  const [activeKey, setActiveKey] = React.useState<string | null>(null);
  const wantFocus = React.useRef(false);
  const found = rows.findIndex(row => row.key === activeKey);
  const active = Math.max(found, 0);
  const root = React.useRef<HTMLDivElement>(null);

  React.useEffect(() => {
    if (wantFocus.current) {
      wantFocus.current = false;
      root.current?.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus();
    }
  });

  const move = (index: number): void => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (row) {
      wantFocus.current = true;
      setActiveKey(row.key);
    }
  };

  const open = (row: LibraryRow): void => {
    if (row.kind === 'folder') {
      model.setOpen(row.path, !row.open);
    } else {
      model.run(CommandIDs.openPrompt, { promptId: row.prompt.id });
    }
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const row = rows[active];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const keys: { [key: string]: () => void } = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      PageDown: () => move(active + PAGE_ROWS),
      PageUp: () => move(active - PAGE_ROWS),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      Enter: () => open(row),
      ' ': () => open(row),
      F2: () => {
        if (row.kind === 'prompt') {
          model.run(CommandIDs.renamePrompt, { promptId: row.prompt.id });
        }
      },
      Delete: () => {
        if (row.kind === 'prompt' && !row.prompt.archived) {
          model.run(CommandIDs.archivePrompt, { promptId: row.prompt.id });
        }
      },
      ArrowRight: () => {
        if (row.kind === 'folder') {
          if (row.open) {
            move(active + 1);
          } else {
            model.setOpen(row.path, true);
          }
        }
      },
      ArrowLeft: () => {
        if (row.kind === 'folder' && row.open) {
          model.setOpen(row.path, false);
        } else if (row.parent) {
          move(rows.findIndex(each => each.key === row.parent));
        }
      }
    };
    const action = keys[event.key];
    if (action) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  };

  return (
    <div className="jp-PromptHub-tree" ref={root}>
      <VirtualList
        items={rows}
        rowHeight={model.isSearching ? SEARCH_ROW_PX : TREE_ROW_PX}
        active={found}
        keyOf={row => row.key}
        onNearEnd={() => void model.loadMore()}
        attributes={{
          role: 'tree',
          'aria-label': trans.__('Prompts'),
          'aria-busy': model.loading,
          onKeyDown
        }}
        render={(row, index, style) => (
          <Row
            model={model}
            row={row}
            style={style}
            isActive={index === active}
            onOpen={() => {
              setActiveKey(row.key);
              open(row);
            }}
            onFocus={() => setActiveKey(row.key)}
          />
        )}
      />
    </div>
  );
}
