/**
 * The commands of PromptHub.
 *
 * Those that act on a prompt take `{promptId?, branch?}` and fall back on the prompt document in front.
 */
export const CommandIDs = {
  newPrompt: 'prompthub:new-prompt',
  /** `{promptId, branch?}` */
  openPrompt: 'prompthub:open-prompt',
  openLibrary: 'prompthub:open-library',
  /** `{promptId?}` */
  openHistory: 'prompthub:open-history',
  /** `{promptId?, base, head}`: two refs */
  compareVersions: 'prompthub:compare-versions',
  /** `{promptId?, branch?, message?}`; asks for the message when not given */
  saveVersion: 'prompthub:save-version',
  /** `{promptId?, branch?, version}`: replace the draft by a version */
  restoreVersion: 'prompthub:restore-version',
  /** `{promptId?, branch?}`: take the branch's head into the draft */
  updateDraft: 'prompthub:update-draft',
  /** `{promptId?, version?, environment?}` */
  promote: 'prompthub:promote',
  /** `{promptId?, environment?}` */
  rollback: 'prompthub:rollback',
  /** `{promptId?, version?}`: a branch that starts at a version */
  createBranch: 'prompthub:create-branch',
  /** `{promptId?, branch?}`; asks which branch when not given */
  switchBranch: 'prompthub:switch-branch',
  /** `{promptId?, source?, target?}`: two branches */
  mergeBranch: 'prompthub:merge-branch',
  /** `{promptId?, branch?, source?, target?}`: ask to merge a branch */
  newReview: 'prompthub:new-review',
  /** The reviews that concern the caller, in the sidebar */
  openInbox: 'prompthub:open-inbox',
  /** `{prompt, number}`: the page of a review */
  openReview: 'prompthub:open-review',
  /** `{prompt, number}`: where its conflicts are decided */
  resolveReview: 'prompthub:resolve-review',
  /** `{promptId?, version}`, also the next two: a name that stays on it */
  tagVersion: 'prompthub:tag-version',
  /** Its change, made again on a branch */
  pickVersion: 'prompthub:cherry-pick',
  /** Its change, taken back on a branch */
  revertVersion: 'prompthub:revert-version',
  renamePrompt: 'prompthub:rename-prompt',
  editTags: 'prompthub:edit-tags',
  duplicatePrompt: 'prompthub:duplicate-prompt',
  archivePrompt: 'prompthub:archive-prompt',
  restorePrompt: 'prompthub:restore-prompt',
  /** `{promptId?, version?}`: `name@ref` to the clipboard */
  copyReference: 'prompthub:copy-reference',
  /** `{promptId?}`: a cell that runs it, into the notebook used last */
  insertCell: 'prompthub:insert-cell',
  import: 'prompthub:import',
  export: 'prompthub:export',
  /** `{promptId?}`: to a repository elsewhere, which is asked for */
  gitPush: 'prompthub:git-push',
  gitPull: 'prompthub:git-pull',
  /** `{ids?, folder?}` in these five: the prompts, or all in a folder; else those selected in the library */
  tagMany: 'prompthub:tag-selected',
  /** `{ids?, folder?, fromFolder?}`: into `folder`, which is asked for when not given */
  moveMany: 'prompthub:move-selected',
  archiveMany: 'prompthub:archive-selected',
  restoreMany: 'prompthub:restore-selected',
  exportMany: 'prompthub:export-selected',
  /** `{message, items}`: say what was done, and offer to undo it */
  offerUndo: 'prompthub:offer-undo',
  /** The name in the library, in its place */
  renameInPlace: 'prompthub:rename-in-place',
  saveFilter: 'prompthub:save-filter',
  /** `{name}` */
  renameFilter: 'prompthub:rename-filter',
  deleteFilter: 'prompthub:delete-filter',
  quickstart: 'prompthub:quickstart',
  connections: 'prompthub:connections',
  /** What branches ask before they change */
  protections: 'prompthub:protections',
  /** `{promptId, branch, message?}`: save a draft on a new branch, and ask for a review of it */
  saveElsewhere: 'prompthub:save-on-new-branch',
  /** Which keys do what */
  keyboard: 'prompthub:keyboard'
} as const;

/** The editor of prompt documents (`docmanager:open`'s `factory`). */
export const PROMPT_FACTORY = 'Prompt';

/** The id of the plugin that owns the settings (`schema/plugin.json`). */
export const SETTINGS_ID = 'jupyterlab-prompthub:plugin';
