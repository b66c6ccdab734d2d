import { LabIcon } from '@jupyterlab/ui-components';

/** A line icon on a 24 × 24 grid. The theme fills whatever has both the class and a fill, `none` too: so they are apart. */
function line(name: string, paths: string): LabIcon {
  return new LabIcon({
    name: `prompthub:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g fill="none"><g class="jp-icon3" stroke="#616161" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${paths}</g></g>
</svg>`
  });
}

/** PromptHub: a speech bubble that holds a prompt. */
export const promptHubIcon = line(
  'icon',
  '<path d="M6 3.5h12a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-6.5L7 21.2v-3.7H6a3 3 0 0 1-3-3v-8a3 3 0 0 1 3-3z"/><path d="M8 8l3 2.6L8 13.2M13 13.2h3.4"/>'
);

/** One prompt. */
export const promptIcon = line(
  'prompt',
  '<path d="M6 5h12a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-6l-4.5 3.6V16H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z"/><path d="M8.5 9h7M8.5 12h4"/>'
);

export const newPromptIcon = line(
  'new-prompt',
  '<path d="M20 11.5V14a2 2 0 0 1-2 2h-6l-4.5 3.6V16H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2h6.5"/><path d="M18 2.5v7M14.5 6h7"/>'
);

export const branchIcon = line(
  'branch',
  '<circle cx="6.5" cy="5" r="2.3"/><circle cx="6.5" cy="19" r="2.3"/><circle cx="17.5" cy="7.5" r="2.3"/><path d="M6.5 7.3v9.4M17.5 9.8c0 4.4-8.2 2.7-10.6 6.4"/>'
);

/** A branch that asks to come in. */
export const reviewIcon = line(
  'review',
  '<circle cx="6" cy="5.5" r="2.3"/><circle cx="6" cy="18.5" r="2.3"/><circle cx="18" cy="18.5" r="2.3"/><path d="M6 7.8v8.4M18 16.2V9a3 3 0 0 0-3-3h-3M14.5 3L11.5 6l3 3"/>'
);

export const commentIcon = line(
  'comment',
  '<path d="M6 4.5h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6L7.5 20v-3.5H6a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z"/>'
);

export const versionIcon = line(
  'version',
  '<circle cx="12" cy="12" r="3.8"/><path d="M2.5 12h5.7M15.8 12h5.7"/>'
);

export const compareIcon = line(
  'compare',
  '<path d="M9 4H5a1.5 1.5 0 0 0-1.5 1.5v13A1.5 1.5 0 0 0 5 20h4M15 4h4a1.5 1.5 0 0 1 1.5 1.5v13A1.5 1.5 0 0 1 19 20h-4M12 2.5v19"/>'
);

export const promoteIcon = line('promote', '<path d="M12 20V9.5M7 13.5l5-5 5 5M5 4h14"/>');

export const rollbackIcon = line(
  'rollback',
  '<path d="M8 4.5L3.5 9 8 13.5M3.5 9h10.8a5.7 5.7 0 0 1 0 11.4H9"/>'
);

export const archiveIcon = line(
  'archive',
  '<path d="M3.5 4.5h17v4h-17zM5 8.5V18a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8.5M10 12.5h4"/>'
);

export const restoreIcon = line(
  'restore',
  '<path d="M4 5v5h5"/><path d="M4.6 10A8.2 8.2 0 1 1 4 14.5M12 8v4.5l3 2"/>'
);

export const importIcon = line(
  'import',
  '<path d="M12 3.5v11M7.5 10.5l4.5 4.5 4.5-4.5M4 16v2.5a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V16"/>'
);

export const exportIcon = line(
  'export',
  '<path d="M12 15V3.5M7.5 8L12 3.5 16.5 8M4 16v2.5a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V16"/>'
);

export const renameIcon = line(
  'rename',
  '<path d="M4 20h4L19 9a2.1 2.1 0 0 0-4-4L4 16zM13.5 6.5l4 4"/>'
);

export const movedIcon = line('moved', '<path d="M8 4v16M4 8l4-4 4 4M16 20V4M12 16l4 4 4-4"/>');

export const connectionIcon = line(
  'connection',
  '<path d="M9 3v5M15 3v5M6.5 8h11v3.5a5.5 5.5 0 0 1-11 0zM12 17v4.5"/>'
);

export const splitIcon = line(
  'split',
  '<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="M12 4.5v15"/>'
);

export const inlineIcon = line(
  'inline',
  '<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="M7.5 9h9M7.5 12h9M7.5 15h5"/>'
);

export const warningIcon = line('warning', '<path d="M12 4L2.8 19.5h18.4zM12 10v4.5M12 17.2v.1"/>');

export const emptyIcon = line(
  'empty',
  '<path d="M6 4h12a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-6l-5 4v-4H6a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z"/><path d="M12 7.5v6M9 10.5h6"/>'
);

/** Into a folder. */
export const moveIcon = line(
  'move',
  '<path d="M3.5 7.5v-1a2 2 0 0 1 2-2h4l2 2.5h7a2 2 0 0 1 2 2v8.5a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-2"/><path d="M3 11.5h9M9 8.5l3 3-3 3"/>'
);

export const tagsIcon = line(
  'tags',
  '<path d="M4 5.5V12l8.2 8.2a1.6 1.6 0 0 0 2.3 0l5.7-5.7a1.6 1.6 0 0 0 0-2.3L12 4H5.5A1.5 1.5 0 0 0 4 5.5z"/><path d="M8.4 8.4h.1"/>'
);
