// Generated from jupyter_prompthub/core/records/ by scripts/generate_types.py. Do not edit.

export type UnitKind =
  'segment' | 'variable' | 'model' | 'parameter' | 'tool' | 'output' | 'snippet' | 'metadata';
/**
 * Why a branch may not be moved.
 */
export type BlockCode =
  | 'draft'
  | 'closed'
  | 'merged'
  | 'conflicts'
  | 'up_to_date'
  | 'review_needed'
  | 'approvals'
  | 'changes_requested'
  | 'check_missing'
  | 'check_stale'
  | 'check_failed'
  | 'check_suite'
  | 'check_poster'
  | 'owners'
  | 'conversations'
  | 'linear_history'
  | 'may_push'
  | 'may_merge'
  | 'create'
  | 'delete';
/**
 * One of the two that are merged.
 */
export type Side = 'ours' | 'theirs';
export type ChangeOp = 'added' | 'removed' | 'changed' | 'moved' | 'renamed';
/**
 * What a check found.
 */
export type Verdict = 'passed' | 'failed' | 'inconclusive';
/**
 * `message`: one role's part; `history`: a top-level `{{history}}`;
 * `block`: an opaque block that holds a role marker or history inside.
 */
export type SegmentKind = 'message' | 'history' | 'block';
/**
 * What both sides did.
 */
export type ConflictKind =
  'value' | 'renamed' | 'added' | 'removed' | 'order' | 'text' | 'semantic';
/**
 * What a reviewer says of it.
 */
export type Decision = 'approve' | 'request_changes' | 'comment';
/**
 * `unchanged`: what it sends stays the same; `changed`; `breaks`: it would not resolve, or its callers break.
 */
export type Effect = 'unchanged' | 'changed' | 'breaks';
/**
 * `same`: the ref still names that version. `moved`: another one. `unknown`: another one, and the version
 * that ran is not here (it came from another store). `gone`: nothing has that name or ref any more.
 */
export type DriftState = 'same' | 'moved' | 'unknown' | 'gone';
export type ExecutionState = 'pending' | 'succeeded' | 'failed' | 'cancelled' | 'incomplete';
/**
 * The formats that can be read and written (`docs/interchange.md`); `auto` and `prompthub` only read.
 */
export type FileFormat =
  'auto' | 'dotprompt' | 'prompthub' | 'prompty' | 'promptfoo' | 'langfuse' | 'openai' | 'plain';
/**
 * What came of it. `ready`: of a query, it could be merged. `conflicts`: nothing was written; decide them, and ask
 * again with `resolutions`.
 */
export type MergeState = 'up_to_date' | 'fast_forward' | 'ready' | 'conflicts' | 'merged';
/**
 * `draft` and `open` ones go on, `merged` is the end, a `closed` one can be opened again.
 */
export type ReviewState = 'draft' | 'open' | 'merged' | 'closed';
/**
 * Whether an approval counts, or why not.
 */
export type Standing = 'counts' | 'dismissed' | 'author' | 'last_pusher' | 'shared' | 'no_right';

export interface IAccount {
  id: string;
  email: string;
  full_name: string;
  role: string;
  workspace: IWorkspace | null;
}
export interface IWorkspace {
  id: string;
  name: string;
}
/**
 * An actor as others see it.
 */
export interface IActorRef {
  id: string;
  display_name: string;
  kind: string;
}
/**
 * A place in a content: a unit, and in a segment also a range of its source (code points).
 */
export interface IAnchor {
  path: string;
  start: number | null;
  end: number | null;
}
export interface IApiKey {
  id: string;
  name: string;
  last4: string;
  role: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}
export interface IApiKeyList {
  items: IApiKey[];
}
/**
 * Save what a comment suggests as a version of the source branch.
 */
export interface IApplySuggestion {
  commit_message?: string;
  expected_head?: string | null;
}
export interface IAuditEntry {
  id: string;
  tag: string;
  actor_id: string;
  credential_id: string | null;
  via: string;
  target: {
    [k: string]: string;
  };
  created_at: string;
  leaf_hash: string;
}
export interface IAuditPage {
  next_cursor: string | null;
  page: number | null;
  limit: number;
  total: number | null;
  items: IAuditEntry[];
}
/**
 * Every unit of a version. `versions` are those that are named, newest first.
 */
export interface IBlame {
  sha: string;
  units: IBlameUnit[];
  versions: IVersionSummary[];
  complete: boolean;
}
/**
 * A unit, and the version that brought it as it is. `lines` are those of a segment.
 */
export interface IBlameUnit {
  unit: UnitKind;
  path: string;
  sha: string;
  lines: IBlameLine[];
}
export interface IBlameLine {
  text: string;
  sha: string;
}
export interface IVersionSummary {
  sha: string;
  short: string;
  prompt_id: string;
  number: number;
  content_hash: string;
  text_hash: string;
  parents: string[];
  author: IActorRef;
  git_author: IGitAuthor | null;
  editors: IActorRef[];
  created_at: string;
  commit_message: string;
  tags: string[];
  branches: string[];
  served_in: string[];
}
/**
 * Who wrote a text in git, as its commit says: nobody has verified it.
 */
export interface IGitAuthor {
  name: string;
  email: string;
  at: string;
}
export interface IBlameQuery {
  ref?: string;
}
/**
 * One reason why not.
 */
export interface IBlock {
  code: BlockCode;
  message: string;
  protection: string | null;
}
export interface IBranch {
  name: string;
  head: string;
  short: string;
  created_at: string;
  updated_at: string;
  created_by: IActorRef;
  ahead: number;
  behind: number;
}
export interface IBranchList {
  items: IBranch[];
}
/**
 * Point a branch at another version. `expected_head` makes it a compare-and-set.
 */
export interface IBranchMove {
  version: string;
  expected_head?: string | null;
}
/**
 * The same change of many prompts. What one of them refuses is reported, and the others are changed.
 *
 * `folder` moves them there, under the last part of their names; with `from_folder`, what follows that folder
 * in their names is kept (a folder is renamed so).
 */
export interface IBulkChange {
  /**
   * @minItems 1
   * @maxItems 500
   */
  items: IBulkItem[];
  /**
   * @maxItems 50
   */
  add_tags?: string[];
  /**
   * @maxItems 50
   */
  remove_tags?: string[];
  archived?: boolean | null;
  folder?: string | null;
  from_folder?: string | null;
}
/**
 * One prompt of a bulk change, and what it alone gets. None leaves a field as it is.
 *
 * `name_before`: it gets `name` only if this is what it is called now; else it is refused.
 */
export interface IBulkItem {
  id: string;
  name?: string | null;
  name_before?: string | null;
  /**
   * @maxItems 50
   */
  add_tags?: string[];
  /**
   * @maxItems 50
   */
  remove_tags?: string[];
  archived?: boolean | null;
}
export interface IBulkFailure {
  id: string;
  name: string;
  code: string;
  message: string;
}
/**
 * `undo` are the items that take back what the change did, and nothing that others did since.
 */
export interface IBulkReport {
  changed: number;
  unchanged: number;
  failed: IBulkFailure[];
  undo: IBulkItem[];
}
/**
 * A bundle (`docs/formats/bundle.md`), signed with the private part of `public_key`.
 */
export interface IBundleFile {
  public_key: string;
  data: string;
  sha256: string;
  prompts: number;
  versions: number;
}
/**
 * The public key of this server's bundles.
 */
export interface IBundleKey {
  public_key: string;
}
/**
 * `names`: comma-separated names or ids; `tags`: all must match; neither: all prompts. `environment`: only what it
 * serves.
 */
export interface IBundleQuery {
  names?: string;
  tags?: string;
  environment?: string | null;
}
/**
 * Where a call came from, as the caller says.
 */
export interface ICallerInfo {
  kind?: string;
  notebook?: string | null;
  cell_id?: string | null;
}
/**
 * The latest first. `looked_at` executions were looked at, the latest ones.
 */
export interface ICallerList {
  items: IKnownCaller[];
  looked_at: number;
  more: boolean;
}
/**
 * One place that runs the prompt: a notebook's cell; else one person or key, by one way in.
 */
export interface IKnownCaller {
  caller: ICallerInfo;
  actor: IActorRef;
  runs: number;
  last_at: string;
  execution_id: string;
  version_sha: string | null;
  environment: string | null;
  inputs: string[] | null;
}
/**
 * `variable`: only callers whose last run gave it.
 */
export interface ICallersQuery {
  variable?: string | null;
  limit?: number;
}
/**
 * What one side did, of the two things that do not go together.
 */
export interface ICause {
  side: Side;
  path: string;
  label: string;
}
/**
 * A version as a notebook cell that runs it.
 */
export interface ICellCopy {
  reference: string;
  text: string;
}
/**
 * The newest verdict of one name.
 */
export interface ICheck {
  name: string;
  verdict: Verdict;
  digest: string;
  evidence: IEvidence;
  evidence_digest: string;
  url: string | null;
  summary: string;
  by: IActorRef;
  at: string;
  stale: boolean;
  required: boolean;
}
/**
 * What a verdict rests on, beside content and lock: identifiers or hashes, never contents.
 */
export interface IEvidence {
  suite?: string | null;
  dataset?: string | null;
  judge?: string | null;
  thresholds?: {
    [k: string]: unknown;
  };
  /**
   * @maxItems 50
   */
  models?: string[];
  parameters?: {
    [k: string]: unknown;
  };
}
/**
 * A text to check, and optionally to render: what the editor sends, debounced.
 */
export interface ICheckText {
  text: string;
  prompt_id?: string | null;
  inputs?: {
    [k: string]: unknown;
  } | null;
}
/**
 * `content` is None when the text does not parse; `rendered` None when not asked for, or when
 * the inputs do not fit (then `problems` says so).
 */
export interface IChecked {
  content: IContent | null;
  text_hash: string;
  problems: IProblem[];
  variables: IVariable[];
  tools: ITool[];
  rendered: IRendered | null;
  outline: IOutlineItem[];
  places: INamePlace[];
  includes: IInclude[];
}
/**
 * What one version says. Maps are sorted by key where they are hashed.
 */
export interface IContent {
  segments: ISegment[];
  variables: IVariable[];
  model: string | null;
  parameters: {
    [k: string]: unknown;
  };
  tools: unknown[];
  output: IOutputSpec | null;
  snippets: {
    [k: string]: string;
  };
  metadata: {
    [k: string]: unknown;
  };
}
/**
 * One role's part of the template's *source* (not rendered text).
 */
export interface ISegment {
  kind: SegmentKind;
  role: string;
  source: string;
}
/**
 * A named, typed hole. `schema_` is its JSON Schema; `type` a short display name
 * (`string`, `integer`, `number`, `boolean`, `array`, `object`, `enum`, `any`).
 */
export interface IVariable {
  name: string;
  type: string;
  required: boolean;
  description: string;
  default: unknown;
  has_default: boolean;
  examples: unknown[];
  declared: boolean;
  schema: {
    [k: string]: unknown;
  };
}
/**
 * What an answer must look like. `schema_` is a JSON Schema.
 */
export interface IOutputSpec {
  format: string | null;
  schema: {
    [k: string]: unknown;
  } | null;
}
/**
 * One thing wrong (or worth knowing) in a `.prompt` text, with its place.
 */
export interface IProblem {
  severity: 'error' | 'warning' | 'info';
  code: string;
  message: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  start: number;
  end: number;
  fixes: IFix[];
}
/**
 * One way to mend a problem: edits of the very text that was checked.
 */
export interface IFix {
  title: string;
  edits: ITextEdit[];
}
/**
 * Replace `start`..`end` (code points) of a text by `text`.
 */
export interface ITextEdit {
  start: number;
  end: number;
  text: string;
}
/**
 * A tool as a model is told of it. `schema_` is the JSON Schema of what it takes; None: none is given.
 */
export interface ITool {
  name: string;
  description: string;
  is_defined: boolean;
  schema: {
    [k: string]: unknown;
  } | null;
  problem: string | null;
}
/**
 * The result of rendering: messages, and warnings such as an unused input.
 */
export interface IRendered {
  messages: IMessage[];
  warnings: IProblem[];
  rendered_hash: string;
}
/**
 * One rendered message. `role` is `system`, `user`, `model` or `tool`.
 */
export interface IMessage {
  role: string;
  content: (ITextPart | IMediaPart | IDataPart)[];
  metadata: {
    [k: string]: unknown;
  };
}
export interface ITextPart {
  type: 'text';
  text: string;
}
export interface IMediaPart {
  type: 'media';
  url: string;
  content_type: string | null;
}
/**
 * Any other part of a history message (tool request or response, data), passed through.
 */
export interface IDataPart {
  type: 'data';
  data: unknown;
}
/**
 * One heading of a text's outline. `level` is 1 for front matter and segments, more inside of them.
 */
export interface IOutlineItem {
  kind: 'front_matter' | 'message' | 'history' | 'block' | 'section' | 'snippet' | 'variable';
  title: string;
  level: number;
  start: number;
  line: number;
}
/**
 * Where the name of a variable or of a snippet stands, in front matter or template.
 */
export interface INamePlace {
  kind: 'variable' | 'snippet';
  name: string;
  start: number;
  end: number;
}
/**
 * A snippet that a text names, and what it is now. `prompt_id` is None where there is none of that name.
 */
export interface IInclude {
  name: string;
  ref: string;
  prompt_id: string | null;
  branch: string | null;
  sha: string | null;
}
/**
 * One contribution.
 */
export interface IComment {
  id: string;
  by: IActorRef;
  body: string;
  suggestion: string | null;
  applied_sha: string | null;
  mentions: IActorRef[];
  at: string;
  edited_at: string | null;
}
/**
 * Other words for one's own comment.
 */
export interface ICommentPatch {
  body: string;
}
/**
 * Texts to compare with one base.
 */
export interface ICompareTexts {
  base: string;
  /**
   * @minItems 1
   * @maxItems 8
   */
  others: string[];
}
/**
 * Two versions compared: `base` is the older side as asked (`a...b`: a).
 */
export interface IComparison {
  base: IVersion;
  head: IVersion;
  diff: IDiff;
  compatibility: ICompatibility;
}
export interface IVersion {
  sha: string;
  short: string;
  prompt_id: string;
  number: number;
  content_hash: string;
  text_hash: string;
  parents: string[];
  author: IActorRef;
  git_author: IGitAuthor | null;
  editors: IActorRef[];
  created_at: string;
  commit_message: string;
  tags: string[];
  branches: string[];
  served_in: string[];
  text: string;
  content: IContent;
  lock: {
    [k: string]: string;
  };
  created: boolean;
  warnings: IProblem[];
}
/**
 * An ordered list of operations that turns `base` into `head`.
 */
export interface IDiff {
  format: 'prompthub diff v1';
  changes: IUnitChange[];
  text_only: boolean;
}
/**
 * One operation on one unit. `before` and `after` are the unit's source text (a segment)
 * or its YAML (anything else); None where the unit does not exist. A segment may be moved and
 * changed at once: then `op` is `moved` and `spans` tell the change.
 */
export interface IUnitChange {
  op: ChangeOp;
  unit: UnitKind;
  path: string;
  path_before: string | null;
  label: string;
  role: string | null;
  position_before: number | null;
  position_after: number | null;
  before: string | null;
  after: string | null;
  spans: IDiffSpan[];
}
/**
 * A run of text: in both (`equal`), only before (`delete`), only after (`insert`).
 */
export interface IDiffSpan {
  op: 'equal' | 'delete' | 'insert';
  text: string;
}
/**
 * Whether callers of the older contract can call the newer one (`docs/formats/compatibility.md`).
 */
export interface ICompatibility {
  compatible: boolean;
  reasons: string[];
  breaks: IContractBreak[];
}
/**
 * One unit on which callers of the older contract rely, and that the newer one does not keep.
 */
export interface IContractBreak {
  unit: UnitKind;
  name: string;
  path: string;
  reason: string;
  label: string;
}
/**
 * A text and a place in it. A text without front matter is a template.
 */
export interface ICompleteText {
  text: string;
  position: number;
  prompt_id?: string | null;
  cell_line?: string | null;
  explicit?: boolean;
}
/**
 * What may stand at a place. `start`..`end` (code points) is what an offer replaces.
 */
export interface ICompleted {
  start: number;
  end: number;
  items: ICompletion[];
  complete: boolean;
}
/**
 * One offer. `insert` replaces the completion's range; lines after its first are indented as the line of the
 * place is. `stops` are visited in order.
 */
export interface ICompletion {
  label: string;
  kind:
    | 'variable'
    | 'loop'
    | 'helper'
    | 'block'
    | 'role'
    | 'snippet'
    | 'key'
    | 'type'
    | 'model'
    | 'parameter'
    | 'ref'
    | 'value';
  detail: string;
  info: string;
  insert: string;
  stops: ITabStop[];
}
/**
 * A place in an inserted text that is to be filled in, in code points of it.
 */
export interface ITabStop {
  start: number;
  end: number;
}
export interface IComponentHealth {
  status: 'ok' | 'degraded' | 'down';
  detail: string;
}
/**
 * One unit that a person must decide.
 */
export interface IConflict {
  id: string;
  kind: ConflictKind;
  unit: UnitKind;
  path: string;
  label: string;
  base: string | null;
  ours: string | null;
  theirs: string | null;
  chunks: IMergeChunk[];
  check: string | null;
  causes: ICause[];
}
/**
 * A run of merged lines: `text`, or, where it is open, the lines of the three sides.
 */
export interface IMergeChunk {
  text: string | null;
  base: string;
  ours: string;
  theirs: string;
}
/**
 * What a side of a conflict says now, against what it said when it was decided.
 */
export interface IConflictChange {
  side: 'base' | 'ours' | 'theirs';
  spans: IDiffSpan[];
}
/**
 * A person's choice for one conflict: exactly one of `pick`, `picks` and `text`.
 */
export interface IConflictResolution {
  id: string;
  pick?: ('base' | 'ours' | 'theirs' | 'keep') | null;
  picks?: ('base' | 'ours' | 'theirs')[] | null;
  text?: string | null;
}
/**
 * A named, server-side address with its key. The key is write-only.
 */
export interface IConnection {
  name: string;
  provider: string;
  base_url: string | null;
  secret_last4: string | null;
  models: string[];
  source: 'store' | 'environment' | 'builtin';
  input_nano_usd_per_token: number | null;
  output_nano_usd_per_token: number | null;
  allow_private_address: boolean;
}
export interface IConnectionList {
  items: IConnection[];
}
/**
 * A changed `base_url` needs `secret` again.
 */
export interface IConnectionPatch {
  base_url?: string | null;
  secret?: string | null;
  models?: string[] | null;
  api_version?: string | null;
  input_nano_usd_per_token?: number | null;
  output_nano_usd_per_token?: number | null;
  allow_private_address?: boolean | null;
}
/**
 * As what: a test case, a notebook cell, or a curl request.
 */
export interface ICopyQuery {
  form: 'case' | 'cell' | 'curl';
}
/**
 * What patterns hold for now: so many prompts and branches, and the first 20 of these prompts by name.
 */
export interface ICovered {
  prompts: number;
  branches: number;
  items: ICoveredPrompt[];
}
/**
 * A prompt with those of its branches that fit.
 */
export interface ICoveredPrompt {
  id: string;
  name: string;
  branches: string[];
}
/**
 * Patterns, as those of a protection.
 */
export interface ICoveredQuery {
  prompts?: string;
  branch?: string;
}
export interface ICreatedApiKey {
  id: string;
  name: string;
  last4: string;
  role: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  key: string;
}
/**
 * One version that is current somewhere and includes the snippet.
 */
export interface IDependent {
  prompt_id: string;
  name: string;
  title: string;
  version_sha: string;
  branches: string[];
  environments: string[];
  direct: boolean;
  ref: string | null;
  snippet_sha: string;
  effect: Effect | null;
  reasons: string[];
}
/**
 * By name. `prompts` counts all that depend on it, on this page and others.
 */
export interface IDependentList {
  items: IDependent[];
  prompts: number;
  next_cursor: string | null;
}
/**
 * A change of the snippet: to `text`, else to the version `after` (any ref; a branch's draft is given as text).
 */
export interface IDependentsPreview {
  limit?: number;
  cursor?: string | null;
  text?: string | null;
  after?: string;
}
/**
 * `cursor`: the name of the last prompt of the page before.
 */
export interface IDependentsQuery {
  limit?: number;
  cursor?: string | null;
}
export interface IDeployment {
  id: string;
  environment: string;
  prompt_id: string;
  version_sha: string;
  short: string;
  previous_sha: string | null;
  actor: IActorRef;
  created_at: string;
  reason: string;
  action: 'promote' | 'rollback';
}
export interface IDeploymentPage {
  next_cursor: string | null;
  page: number | null;
  limit: number;
  total: number | null;
  items: IDeployment[];
}
/**
 * Why a reviewer's word does not count any more.
 */
export interface IDismissal {
  reason: string;
}
/**
 * The draft of (prompt, branch): what its room holds.
 */
export interface IDraft {
  prompt_id: string;
  branch: string;
  base_sha: string | null;
  head_sha: string | null;
  behind: number;
  dirty: boolean;
  text: string;
  text_hash: string;
  editors: IActorRef[];
  updated_at: string | null;
  problems: IProblem[];
  kept_at: string | null;
}
/**
 * The answer for one item.
 */
export interface IDrift {
  prompt: string;
  ref: string;
  version_sha: string;
  state: DriftState;
  prompt_id: string | null;
  current_sha: string | null;
  changed: boolean;
  behind_by: number | null;
  ahead_by: number | null;
  changes: string[];
  changes_count: number;
  breaks: string[];
  reason: string;
}
/**
 * `version_sha` is what ran; `ref` is what was asked for then.
 */
export interface IDriftItem {
  prompt: string;
  ref?: string;
  version_sha: string;
}
/**
 * One for each item, in the order asked.
 */
export interface IDriftList {
  items: IDrift[];
}
export interface IDriftQuery {
  /**
   * @maxItems 200
   */
  items: IDriftItem[];
}
/**
 * A copy of a prompt. `name`: None makes one (`support/refund-copy`).
 */
export interface IDuplicate {
  name?: string | null;
}
export interface IEnvironment {
  name: string;
  position: number;
}
export interface IEnvironmentList {
  items: IEnvironment[];
}
export interface IErrorBody {
  code: string;
  message: string;
  details: {
    [k: string]: unknown;
  };
  trace_id: string;
}
export interface IErrorResponse {
  error: IErrorBody;
}
/**
 * Tokens and cost of one run. `refusal` says why it cannot be run; then the numbers are None.
 *
 * `exact`: the model's own tokenizer counted; otherwise by the rule of `core/tokens.py`.
 */
export interface IEstimate {
  model: string | null;
  connection: string | null;
  provider: string | null;
  message_tokens: number[];
  input_tokens: number | null;
  exact: boolean;
  max_output_tokens: number | null;
  input_cost_nano_usd: number | null;
  max_output_cost_nano_usd: number | null;
  price_source: ('connection' | 'litellm' | 'local') | null;
  price: string;
  refusal: IRefusal | null;
}
/**
 * Why a run would be refused before anything is called.
 */
export interface IRefusal {
  code: string;
  message: string;
  details: {
    [k: string]: unknown;
  };
}
/**
 * Runs as `POST execute` would take them; nothing is called.
 */
export interface IEstimateRequest {
  /**
   * @minItems 1
   * @maxItems 12
   */
  runs: IExecuteRequest[];
}
/**
 * Run a version, or (`text`) an unsaved draft of it; without `prompt_id` a `text` that is no prompt of the library
 * (a plain file). `provider` and `model` override the prompt's own model; `connection` names a server-side
 * connection. No address, key or header can be given here.
 */
export interface IExecuteRequest {
  prompt_id?: string | null;
  version?: string;
  inputs?: {
    [k: string]: unknown;
  };
  provider?: string | null;
  model?: string | null;
  connection?: string | null;
  parameters?: {
    [k: string]: unknown;
  } | null;
  text?: string | null;
  environment?: string | null;
  subject?: string | null;
  history?: IMessage[];
  caller?: ICallerInfo;
  stream?: boolean;
  timeout_s?: number | null;
}
/**
 * One for each run, in their order.
 */
export interface IEstimates {
  items: IEstimate[];
}
/**
 * A notice that something changed: ids only.
 */
export interface IEvent {
  seq: number;
  kind: string;
  at: string;
  ids: {
    [k: string]: string;
  };
}
export interface IExecuteResponse {
  result: IExecutionResult;
  execution_id: string;
  timestamp: string;
  warnings: IProblem[];
}
export interface IExecutionResult {
  completion: string;
  metadata: IExecutionMetadata;
  tool_calls: {
    [k: string]: string;
  }[];
}
export interface IExecutionMetadata {
  tokens_used: number | null;
  latency_ms: number;
  cost_usd: number | null;
  provider: string;
  model: string;
  first_token_ms: number | null;
  finish_reason: string | null;
  usage: IUsage;
  connection: string | null;
  version_sha: string | null;
  rendered_hash: string | null;
  state: ExecutionState;
}
/**
 * Tokens by kind; None where the provider did not say.
 */
export interface IUsage {
  input_tokens: number | null;
  output_tokens: number | null;
  cached_tokens: number | null;
  total_tokens: number | null;
}
/**
 * One recorded model call. `inputs` and `output` are None once erased. Without `prompt_id` a text was run that is
 * no prompt of the library; `text_hash` is the SHA-256 of a text that is no version (of a draft too).
 */
export interface IExecution {
  id: string;
  prompt_id: string | null;
  version_sha: string | null;
  text_hash: string | null;
  state: ExecutionState;
  model_asked: string;
  model: string | null;
  provider: string | null;
  connection: string | null;
  environment: string | null;
  subject: string | null;
  actor: IActorRef;
  caller: ICallerInfo;
  created_at: string;
  first_token_at: string | null;
  ended_at: string | null;
  latency_ms: number | null;
  usage: IUsage;
  cost_nano_usd: number | null;
  finish_reason: string | null;
  error_code: string | null;
  error_message: string | null;
  inputs: {
    [k: string]: unknown;
  } | null;
  messages: IMessage[] | null;
  output: string | null;
  rendered_hash: string | null;
}
/**
 * An execution as a text to take elsewhere.
 */
export interface IExecutionCopy {
  form: 'case' | 'cell' | 'curl';
  text: string;
}
export interface IExecutionPage {
  next_cursor: string | null;
  page: number | null;
  limit: number;
  total: number | null;
  items: IExecution[];
}
/**
 * `notebook`: the caller's own executions from this notebook or file, as they said when they ran it.
 */
export interface IExecutionQuery {
  limit?: number;
  cursor?: string | null;
  page?: number | null;
  prompt_id?: string | null;
  notebook?: string | null;
  state?: ExecutionState | null;
}
export interface IExportResponse {
  format: 'prompthub export v1';
  items: IExportedPrompt[];
}
export interface IExportedPrompt {
  name: string;
  title: string;
  description: string;
  tags: string[];
  versions: IExportedVersion[];
  branches: {
    [k: string]: number;
  };
  deployments: {
    [k: string]: number;
  };
  samples: INewSample[];
}
export interface IExportedVersion {
  text: string;
  commit_message: string;
  branch: string;
  base: number | null;
  sha: string;
  author: string;
  created_at: string;
}
/**
 * `inputs` need not fit the variables of any version: those change, and Run says what is missing.
 */
export interface INewSample {
  name: string;
  inputs?: {
    [k: string]: unknown;
  };
}
/**
 * Which format.
 */
export interface IFileQuery {
  format?: FileFormat;
}
/**
 * What is in one file. `items` is what an import takes; `refused` says why there is nothing, else it is empty.
 */
export interface IFileRead {
  path: string;
  format: FileFormat;
  items: IImportItem[];
  losses: ILoss[];
  refused: string;
  bad: IRefusedItem[];
}
/**
 * One prompt with its versions, oldest first.
 */
export interface IImportItem {
  name: string;
  title?: string;
  description?: string;
  /**
   * @maxItems 50
   */
  tags?: string[];
  /**
   * @minItems 1
   * @maxItems 1000
   */
  versions: IImportVersion[];
  branches?: {
    [k: string]: number;
  };
  deployments?: {
    [k: string]: number;
  };
  /**
   * @maxItems 100
   */
  samples?: INewSample[];
}
/**
 * One version. The first one of a branch makes the branch, at `base`: the index of another version of
 * the same prompt (None: the head of `main` as of then).
 */
export interface IImportVersion {
  text: string;
  commit_message?: string;
  branch?: string;
  base?: number | null;
}
/**
 * One thing that a format cannot say: where it stands in the source, and what became of it.
 */
export interface ILoss {
  place: string;
  message: string;
}
/**
 * A prompt of an export that does not fit, and what was expected and got.
 */
export interface IRefusedItem {
  name: string;
  message: string;
}
/**
 * `path` is only looked at: with the folders that are to be part of the name.
 */
export interface IFileToRead {
  path: string;
  text: string;
}
/**
 * In the order of the request.
 */
export interface IFilesRead {
  files: IFileRead[];
}
/**
 * A folder that holds prompts itself. `path` ends with a slash; the top is empty.
 */
export interface IFolderCount {
  path: string;
  prompts: number;
}
/**
 * All folders that hold a matching prompt, by path, and how many prompts there are in all.
 */
export interface IFolderList {
  items: IFolderCount[];
  total: number;
}
/**
 * A commit that a version was made from by an import.
 */
export interface IGitCommit {
  id: string;
  sha: string;
  raw: string;
}
/**
 * What an export wrote.
 */
export interface IGitExport {
  commits: number;
  refs: {
    [k: string]: string;
  };
  left: {
    [k: string]: string;
  };
}
/**
 * What a repository is written from.
 */
export interface IGitHistory {
  format: 'prompthub git v1';
  items: IGitPrompt[];
}
/**
 * A prompt with its whole graph.
 */
export interface IGitPrompt {
  id: string;
  name: string;
  former: string[];
  versions: IGitVersion[];
  branches: {
    [k: string]: string;
  };
  tags: {
    [k: string]: string;
  };
  commits: IGitCommit[];
}
/**
 * A version with all that its SHA is made of.
 */
export interface IGitVersion {
  sha: string;
  number: number;
  text: string;
  text_hash: string;
  lock: {
    [k: string]: string;
  };
  parents: string[];
  author: IActorRef;
  created_at: string;
  commit_message: string;
}
/**
 * What an import brought.
 */
export interface IGitImport {
  created: string[];
  versions: number;
  branches: {
    [k: string]: string;
  };
  tags: {
    [k: string]: string;
  };
  reviews: IGitReview[];
  drafts: string[];
  problems: {
    [k: string]: IProblem[];
  };
  left: {
    [k: string]: string;
  };
}
/**
 * A review that an import opened, because a branch could not just move.
 */
export interface IGitReview {
  prompt: string;
  number: number;
  source: string;
  target: string;
}
/**
 * From where to bring in prompts: a connection of the provider `git`.
 */
export interface IGitPull {
  remote: string;
  /**
   * @maxItems 5000
   */
  names?: string[];
  dry_run?: boolean;
}
/**
 * Where to write prompts: a connection of the provider `git`.
 */
export interface IGitPush {
  remote: string;
  /**
   * @maxItems 5000
   */
  names?: string[];
}
/**
 * `names`: comma-separated names or ids; none: all that are not archived.
 */
export interface IGitQuery {
  names?: string;
}
/**
 * From a lane to another one, in half a row; `lane` gives it its colour.
 */
export interface IGraphLine {
  top: number;
  bottom: number;
  lane: number;
}
/**
 * A version in its lane, and the lines in the half above and the half below it.
 */
export interface IGraphNode {
  version: IVersionSummary;
  lane: number;
  above: IGraphLine[];
  below: IGraphLine[];
}
/**
 * Newest first: every version stands before all that it came from. `lanes` are in use at most on this page.
 */
export interface IGraphPage {
  items: IGraphNode[];
  lanes: number;
  next_cursor: string | null;
}
/**
 * `branch`: only what its head (or any ref) came from.
 */
export interface IGraphQuery {
  branch?: string | null;
  limit?: number;
  cursor?: string | null;
}
export interface IHealth {
  status: 'ok' | 'degraded' | 'down';
  version: string;
  components: {
    [k: string]: IComponentHealth;
  };
}
export interface IImportPreview {
  items: IImportPreviewItem[];
  refused: string;
}
/**
 * What an import does with an item, and would do if those before it that are refused were left out.
 *
 * `new`: a new prompt; `changed`: new versions of one that is there; `same`: nothing, all is there; `skipped`:
 * nothing, because `on_conflict` is `skip`; `refused`: it cannot come in, for the reason in `message`.
 */
export interface IImportPreviewItem {
  name: string;
  state: 'new' | 'changed' | 'same' | 'skipped' | 'refused';
  message: string;
  drafts: string[];
  problems: IProblem[];
}
/**
 * What is to be imported, as it is: also items that an import would refuse.
 */
export interface IImportPreviewRequest {
  /**
   * @maxItems 10000
   */
  items: {
    [k: string]: unknown;
  }[];
  on_conflict?: 'fail' | 'skip' | 'new_version';
  one_by_one?: boolean;
}
export interface IImportReport {
  created: string[];
  updated: string[];
  skipped: string[];
  drafts: string[];
  problems: {
    [k: string]: IProblem[];
  };
}
/**
 * All or nothing, in one transaction. `on_conflict` says what to do with a name that exists.
 */
export interface IImportRequest {
  /**
   * @maxItems 10000
   */
  items: IImportItem[];
  on_conflict?: 'fail' | 'skip' | 'new_version';
}
/**
 * What a draft would take from its branch head, and what it holds itself, both since the draft's base.
 */
export interface IIncoming {
  base_sha: string | null;
  head_sha: string | null;
  behind: number;
  theirs: IDiff;
  mine: IDiff | null;
  both: string[];
  merges: boolean;
}
export interface IInvitation {
  token: string;
  role: string;
  expires_at: string;
}
/**
 * A person's choice for a conflict. `applies`: the conflict is there, as it was when it was decided.
 */
export interface IKeptResolution {
  resolution: IConflictResolution;
  by: IActorRef;
  at: string;
  applies: boolean;
  decision: string;
  conflict: IShownConflict | null;
  changes: IConflictChange[];
}
/**
 * A conflict as a person sees it.
 */
export interface IShownConflict {
  id: string;
  kind: ConflictKind;
  unit: UnitKind;
  path: string;
  label: string;
  base: string | null;
  ours: string | null;
  theirs: string | null;
  chunks: IMergeChunk[];
  check: string | null;
  causes: ICause[];
  digest: string;
  marks: IMarks;
  runs: IMarks[];
}
/**
 * What each side made of a text, word by word. Without a base: what it has that the other side has not.
 */
export interface IMarks {
  ours: IDiffSpan[];
  theirs: IDiffSpan[];
}
export interface ILogin {
  email: string;
  password: string;
}
/**
 * Who is asking, and what it may do here.
 */
export interface IMe {
  actor: IActorRef;
  workspace: IWorkspace;
  role: string;
  permissions: string[];
  mode: 'laptop' | 'http' | 'hub';
  via: string;
}
export interface IMember {
  actor: IActorRef;
  email: string | null;
  role: string;
  disabled: boolean;
}
export interface IMemberList {
  items: IMember[];
}
export interface IMemberPatch {
  role?: ('viewer' | 'engineer' | 'team_lead' | 'admin') | null;
  disabled?: boolean | null;
}
/**
 * A merge, or what it would be. `diff` is what it brings to the target.
 */
export interface IMerge {
  state: MergeState;
  source_sha: string;
  target_sha: string;
  bases: string[];
  text: string | null;
  diff: IDiff | null;
  conflicts: IShownConflict[];
  so_far: IResultPart[];
  version: IVersion | null;
}
/**
 * A part of a merge result while conflicts are open: a unit, or a run of text of a message.
 */
export interface IResultPart {
  unit: UnitKind;
  path: string;
  text: string;
  conflict: string | null;
  open: boolean;
}
/**
 * What a merge would come to. `source` is any ref, `target` a branch.
 */
export interface IMergeQuery {
  source: string;
  target?: string;
  /**
   * @maxItems 500
   */
  resolutions?: IConflictResolution[];
}
/**
 * The merged text, or what must be decided first. `text` is null while a conflict is open.
 */
export interface IMergeResult {
  format: string;
  text: string | null;
  conflicts: IConflict[];
  so_far: IResultPart[];
}
/**
 * Merge it. `digest` (what was looked at) and `expected_head` (of the target) refuse when either is another one now.
 *
 * `auto` moves the target where that will do, else makes a version of two parents; under a linear history it squashes
 * instead.
 */
export interface IMergeReview {
  mode?: 'auto' | 'merge' | 'squash' | 'fast_forward';
  commit_message?: string;
  digest?: string | null;
  expected_head?: string | null;
}
/**
 * A model that can be asked for now. `ref` is what goes into a prompt's `model`.
 */
export interface IModelInfo {
  ref: string;
  connection: string;
  provider: string;
  label: string;
  local: boolean;
  ready: boolean;
  hint: string;
}
export interface IModelList {
  items: IModelInfo[];
  default: string | null;
}
export interface INewApiKey {
  name: string;
  role?: ('viewer' | 'engineer' | 'team_lead' | 'admin') | null;
  expires_in_days?: number | null;
}
export interface INewBranch {
  name: string;
  base_version?: string;
}
/**
 * A verdict on what a review would merge. `digest` is the review digest that it was made for.
 */
export interface INewCheck {
  name: string;
  verdict: Verdict;
  digest: string;
  dependent?: string | null;
  evidence?: IEvidence;
  evidence_digest?: string | null;
  url?: string | null;
  summary?: string;
}
/**
 * What somebody says. `suggestion` replaces the anchored words (or the whole message) when it is applied; `mentions`
 * are actor ids, beside the `@name` in the text.
 */
export interface INewComment {
  body: string;
  suggestion?: string | null;
  /**
   * @maxItems 50
   */
  mentions?: string[];
}
/**
 * `provider`: `openai_compatible` (direct door), `local`, `replay`, a litellm provider name
 * (`openai`, `anthropic`, `azure`, ...), or `git` (a repository elsewhere, no models).
 */
export interface INewConnection {
  name: string;
  provider: string;
  base_url?: string | null;
  secret?: string | null;
  models?: string[];
  api_version?: string | null;
  input_nano_usd_per_token?: number | null;
  output_nano_usd_per_token?: number | null;
  allow_private_address?: boolean;
}
/**
 * A reviewer's word. `digest` is the review digest of what was looked at; an approval must name it.
 */
export interface INewDecision {
  decision: Decision;
  digest?: string | null;
  body?: string;
}
/**
 * A repository to bring in; all or nothing.
 */
export interface INewGitImport {
  bundle: string;
  /**
   * @maxItems 5000
   */
  names?: string[];
  dry_run?: boolean;
}
export interface INewInvitation {
  email?: string | null;
  role?: 'viewer' | 'engineer' | 'team_lead' | 'admin';
}
/**
 * A merge into `target`. `auto` moves the branch where that will do and else makes a version of two parents;
 * `merge` always makes one; `squash` makes one of a single parent; `fast_forward` only moves.
 *
 * `expected_head` and `expected_source` make it a compare-and-set of what was looked at.
 */
export interface INewMerge {
  source: string;
  target?: string;
  /**
   * @maxItems 500
   */
  resolutions?: IConflictResolution[];
  mode?: 'auto' | 'merge' | 'squash' | 'fast_forward';
  commit_message?: string;
  expected_head?: string | null;
  expected_source?: string | null;
}
/**
 * The change that one version made, made again on `target` (or taken back there). `mainline` says against which of
 * its parents (from 1) a version of several is a change.
 */
export interface INewPick {
  version: string;
  target?: string;
  mainline?: number | null;
  /**
   * @maxItems 500
   */
  resolutions?: IConflictResolution[];
  commit_message?: string;
  expected_head?: string | null;
}
/**
 * A new prompt: `content` is template text with `parameters` beside it, or `text` is a whole
 * `.prompt` file; exactly one of the two (none: an empty starter prompt).
 */
export interface INewPrompt {
  title?: string | null;
  name?: string | null;
  content?: string | null;
  text?: string | null;
  parameters?: {
    [k: string]: unknown;
  } | null;
  /**
   * @maxItems 50
   */
  tags?: string[];
  description?: string;
  commit_message?: string;
}
/**
 * Rules for all branches whose name fits `branch`, of all prompts whose name fits `prompts`.
 */
export interface INewProtection {
  prompts?: string;
  branch?: string;
  rules?: IRules;
}
/**
 * What a branch asks of a change. Left out, a rule asks nothing.
 */
export interface IRules {
  approvals?: number;
  /**
   * @maxItems 50
   */
  approvers?: string[];
  exclude_authors?: boolean;
  exclude_last_pusher?: boolean;
  /**
   * @maxItems 50
   */
  checks?: IRequiredCheck[];
  /**
   * @maxItems 50
   */
  owners?: IOwnerRule[];
  conversations_resolved?: boolean;
  linear_history?: boolean;
  /**
   * @maxItems 50
   */
  may_push?: string[];
  /**
   * @maxItems 50
   */
  may_merge?: string[];
  admins_included?: boolean;
}
/**
 * A check that must have passed on exactly what is merged.
 */
export interface IRequiredCheck {
  name: string;
  suite?: string | null;
  /**
   * @maxItems 50
   */
  posted_by?: string[];
}
/**
 * Who must approve changes of some units. A unit is `segment:ROLE`, `section:NAME`, `variable:NAME`,
 * `parameter:NAME`, `tool:NAME`, `output:PROPERTY`, `snippet:NAME`, `metadata:NAME`, `model` or `text`
 * (layout and comments).
 */
export interface IOwnerRule {
  name: string;
  /**
   * @minItems 1
   * @maxItems 50
   */
  owners: string[];
  /**
   * @minItems 1
   * @maxItems 50
   */
  units?: string[];
  prompts?: string;
  approvals?: number;
}
/**
 * Ask to merge `source` into `target`, both branches. Without a title it is that of the newest version.
 */
export interface INewReview {
  source: string;
  target?: string;
  title?: string | null;
  description?: string;
  draft?: boolean;
  /**
   * @maxItems 50
   */
  reviewers?: string[];
}
/**
 * Begin a conversation: about a unit of a version (the source's head unless said); without `path`, about all of it.
 *
 * With `digest` the place is in the merge result of that review digest, as the review shows it.
 */
export interface INewThread {
  body: string;
  suggestion?: string | null;
  /**
   * @maxItems 50
   */
  mentions?: string[];
  path?: string | null;
  start?: number | null;
  end?: number | null;
  version?: string | null;
  digest?: string | null;
}
/**
 * A new version on `branch`: template `content` (the head's front matter is kept), or a whole
 * `text`; neither: what the draft's room holds. `expected_head` makes it a compare-and-set.
 */
export interface INewVersion {
  content?: string | null;
  text?: string | null;
  parameters?: {
    [k: string]: unknown;
  } | null;
  commit_message?: string;
  branch?: string;
  expected_head?: string | null;
}
export interface INewVersionTag {
  name: string;
  version: string;
}
/**
 * A notebook in the Jupyter format, and what its file is called.
 */
export interface INotebookFile {
  name: string;
  content: {
    [k: string]: unknown;
  };
}
/**
 * One page. `next_cursor` is None on the last; `total` counts all matches up to 10,000.
 */
export interface IPage {
  next_cursor: string | null;
  page: number | null;
  limit: number;
  total: number | null;
}
/**
 * A page by `cursor` (any depth) or by `page` (offset up to row 10,000).
 */
export interface IPageQuery {
  limit?: number;
  cursor?: string | null;
  page?: number | null;
}
/**
 * `position`: how many matching prompts come before `name` in the order of names.
 */
export interface IPosition {
  position: number;
  name: string | null;
}
/**
 * `name`: a name or its beginning.
 */
export interface IPositionQuery {
  search?: string;
  tags?: string;
  folder?: string;
  direct?: boolean;
  archived?: boolean;
  draft?: boolean;
  served?: string;
  behind?: boolean;
  mine?: boolean;
  sort?: 'name' | 'updated' | 'created';
  name: string;
}
export interface IPromote {
  environment: string;
  version?: string;
  reason?: string;
}
export interface IPrompt {
  id: string;
  workspace_id: string;
  name: string;
  title: string;
  description: string;
  tags: string[];
  archived: boolean;
  created_at: string;
  updated_at: string;
  created_by: IActorRef;
  head: IVersionSummary | null;
  versions: number;
  branches: string[];
  has_draft: boolean;
  served: IServedIn[];
  snippet_of: number;
  open_reviews: number;
  failing: string[];
  highlight: string | null;
}
/**
 * What an environment serves of a prompt.
 */
export interface IServedIn {
  environment: string;
  version_sha: string;
  short: string;
}
/**
 * One prompt, with the head's template as the promised `content` and `parameters`.
 */
export interface IPromptDetail {
  id: string;
  workspace_id: string;
  name: string;
  title: string;
  description: string;
  tags: string[];
  archived: boolean;
  created_at: string;
  updated_at: string;
  created_by: IActorRef;
  head: IVersionSummary | null;
  versions: number;
  branches: string[];
  has_draft: boolean;
  served: IServedIn[];
  snippet_of: number;
  open_reviews: number;
  failing: string[];
  highlight: string | null;
  content: string;
  parameters: {
    [k: string]: unknown;
  };
  text: string;
  variables: IVariable[];
}
/**
 * Which prompts: everything that is said must hold.
 */
export interface IPromptFilter {
  search?: string;
  tags?: string;
  folder?: string;
  direct?: boolean;
  archived?: boolean;
  draft?: boolean;
  served?: string;
  behind?: boolean;
  mine?: boolean;
  sort?: 'name' | 'updated' | 'created';
}
/**
 * The ids of matching prompts in their order, at most 10,000.
 */
export interface IPromptIds {
  ids: string[];
}
/**
 * The metadata `prompthub` of an output (`docs/notebook.md`): which version the cell ran.
 */
export interface IPromptOutput {
  format: 1;
  kind: 'run' | 'use' | 'save';
  reference: string;
  prompt: string;
  prompt_id: string;
  ref: string;
  version_sha: string | null;
  base_sha: string | null;
  content_hash: string | null;
  text_hash: string | null;
  lock: {
    [k: string]: string;
  };
  locked: boolean;
  rendered_hash: string | null;
  execution_id: string | null;
  model: string | null;
  at: string;
}
export interface IPromptPage {
  next_cursor: string | null;
  page: number | null;
  limit: number;
  total: number | null;
  items: IPrompt[];
}
/**
 * Rename (leaves a redirect), retitle, describe, retag. None leaves a field as it is.
 */
export interface IPromptPatch {
  name?: string | null;
  title?: string | null;
  description?: string | null;
  tags?: string[] | null;
}
export interface IPromptQuery {
  search?: string;
  tags?: string;
  folder?: string;
  direct?: boolean;
  archived?: boolean;
  draft?: boolean;
  served?: string;
  behind?: boolean;
  mine?: boolean;
  sort?: 'name' | 'updated' | 'created';
  limit?: number;
  cursor?: string | null;
  page?: number | null;
  ids?: string;
}
/**
 * Rules that hold. Where several protections fit a branch, all of them hold.
 */
export interface IProtection {
  id: string;
  prompts: string;
  branch: string;
  rules: IRules;
  created_by: IActorRef;
  updated_by: IActorRef;
  updated_at: string;
}
/**
 * By pattern.
 */
export interface IProtectionList {
  items: IProtection[];
}
/**
 * Other patterns, other rules (as a whole), or both.
 */
export interface IProtectionPatch {
  prompts?: string | null;
  branch?: string | null;
  rules?: IRules | null;
}
/**
 * Make `text` the draft's text (what was there is kept).
 */
export interface IPutDraft {
  text: string;
}
/**
 * Files to be read into what an import takes.
 */
export interface IReadFiles {
  /**
   * @maxItems 10000
   */
  files: IFileToRead[];
  format?: FileFormat;
}
export interface IRefresh {
  refresh_token: string;
}
/**
 * `organization` becomes a workspace with this person as its admin; or join one by `invitation`.
 */
export interface IRegister {
  email: string;
  password: string;
  full_name: string;
  organization?: string | null;
  invitation?: string | null;
}
/**
 * What a reference names.
 */
export interface IResolution {
  workspace_id: string;
  prompt_id: string;
  name: string;
  ref: string;
  version: IVersion;
  environment: string | null;
  deployment_id: string | null;
}
/**
 * Replace the draft's text by a version's, as one undoable step (the state before is kept).
 */
export interface IRestoreDraft {
  version: string;
}
/**
 * Take the merge of a review back by a review of its own, from a new branch (`revert-NUMBER` unless said).
 */
export interface IRevertReview {
  branch?: string | null;
  /**
   * @maxItems 500
   */
  resolutions?: IConflictResolution[];
}
/**
 * A review, computed as the branches are now (of a merged one: as they were).
 */
export interface IReview {
  prompt_id: string;
  prompt_name: string;
  number: number;
  title: string;
  state: ReviewState;
  source: string;
  target: string;
  author: IActorRef;
  reviewers: IActorRef[];
  approved_by: IActorRef[];
  changes_requested_by: IActorRef[];
  failing: string[];
  created_at: string;
  updated_at: string;
  reverts: number | null;
  description: string;
  ended_at: string | null;
  ended_by: IActorRef | null;
  source_sha: string | null;
  target_sha: string | null;
  merged_sha: string | null;
  source_branch: ISourceBranch | null;
  bases: string[];
  merge: MergeState | null;
  moves: ('auto' | 'merge' | 'squash' | 'fast_forward')[];
  digest: string | null;
  text: string | null;
  diff: IDiff | null;
  compatibility: ICompatibility | null;
  units: string[];
  conflicts: IShownConflict[];
  so_far: IResultPart[];
  resolutions: IKeptResolution[];
  problem: string | null;
  versions: IVersionSummary[];
  version_count: number;
  authors: IActorRef[];
  last_pusher: IActorRef | null;
  decisions: IReviewDecision[];
  checks: ICheck[];
  dependents: IReviewDependent[];
  dependent_prompts: number;
  open_threads: number;
  blocks: IBlock[];
}
/**
 * The source branch of a merged review as it is now. `blocks`: why the caller may not delete it (it is there) or make
 * it again (it is gone), as sentences; empty: they may.
 */
export interface ISourceBranch {
  head: string | null;
  blocks: string[];
}
/**
 * One reviewer's latest word. `standing` is of an approval.
 */
export interface IReviewDecision {
  by: IActorRef;
  decision: Decision;
  digest: string | null;
  body: string;
  at: string;
  standing: Standing | null;
}
/**
 * One version that includes the snippet under review, and what the merge does to it once its lock is renewed.
 */
export interface IReviewDependent {
  prompt_id: string;
  name: string;
  title: string;
  version_sha: string;
  branches: string[];
  environments: string[];
  direct: boolean;
  ref: string | null;
  snippet_sha: string;
  effect: Effect | null;
  reasons: string[];
  digest: string | null;
  required: string[];
  checks: ICheck[];
  before: string | null;
  after: string | null;
  cut: boolean;
}
/**
 * By name. `prompts` counts all that include it, on this page and others.
 */
export interface IReviewDependentPage {
  items: IReviewDependent[];
  prompts: number;
  next_cursor: string | null;
}
/**
 * `cursor`: the name of the last prompt of the page before.
 */
export interface IReviewDependentsQuery {
  limit?: number;
  cursor?: string | null;
}
/**
 * Newest change first.
 */
export interface IReviewPage {
  next_cursor: string | null;
  page: number | null;
  limit: number;
  total: number | null;
  items: IReviewSummary[];
}
/**
 * A review in a list.
 */
export interface IReviewSummary {
  prompt_id: string;
  prompt_name: string;
  number: number;
  title: string;
  state: ReviewState;
  source: string;
  target: string;
  author: IActorRef;
  reviewers: IActorRef[];
  approved_by: IActorRef[];
  changes_requested_by: IActorRef[];
  failing: string[];
  created_at: string;
  updated_at: string;
  reverts: number | null;
}
/**
 * What is to change. `state` makes it a draft, marks it ready (`open`, also of a closed one), or closes it;
 * `reviewers` are those who are asked from now on.
 */
export interface IReviewPatch {
  title?: string | null;
  description?: string | null;
  state?: ('draft' | 'open' | 'closed') | null;
  reviewers?: string[] | null;
}
/**
 * Which reviews. `inbox`: those that wait for the caller's word, that they opened, or where they are mentioned.
 * `search`: words that are all in the title, the prompt's name or the branches.
 */
export interface IReviewQuery {
  limit?: number;
  cursor?: string | null;
  page?: number | null;
  prompt_id?: string | null;
  state?: 'live' | 'draft' | 'open' | 'merged' | 'closed' | 'all';
  inbox?: ('to_review' | 'mine' | 'mentioned') | null;
  search?: string;
}
/**
 * What was decided about conflicts: kept with the review, for as long as those conflicts are the same. `remove` names
 * conflicts that are to be open again.
 *
 * `seen`, by the ids of conflicts, makes it a compare-and-set of what was looked at: a conflict that says something else
 * now is refused with `stale_head`, one that has another decision with `decided_meanwhile`.
 */
export interface IReviewResolutions {
  /**
   * @maxItems 500
   */
  resolutions?: IConflictResolution[];
  /**
   * @maxItems 500
   */
  remove?: string[];
  seen?: {
    [k: string]: ISeenConflict;
  };
}
/**
 * What somebody saw of a conflict when they decided about it.
 */
export interface ISeenConflict {
  digest?: string | null;
  decision?: string | null;
}
/**
 * Somebody who may be asked to review. `approves`: their approval counts where a protection names nobody.
 */
export interface IReviewer {
  actor: IActorRef;
  approves: boolean;
}
/**
 * By name.
 */
export interface IReviewerList {
  items: IReviewer[];
}
/**
 * Serve again what was served before. `reason` is asked for.
 */
export interface IRollback {
  environment: string;
  reason: string;
}
/**
 * Inputs that anybody in the workspace may run the prompt with.
 */
export interface ISample {
  id: string;
  prompt_id: string;
  name: string;
  inputs: {
    [k: string]: unknown;
  };
  created_by: IActorRef;
  updated_by: IActorRef;
  updated_at: string;
}
/**
 * By name.
 */
export interface ISampleList {
  items: ISample[];
}
/**
 * Another name, other inputs, or both.
 */
export interface ISamplePatch {
  name?: string | null;
  inputs?: {
    [k: string]: unknown;
  } | null;
}
/**
 * Save what the room holds as a version. `text_hash` refuses when the room moved on. `expected_head`
 * saves on a head that is not the draft's base: for who has looked at it and means it. `new_branch` saves on a branch
 * of that name, which is made where the draft began; the draft stays as it is.
 */
export interface ISaveDraft {
  commit_message?: string;
  text_hash?: string | null;
  expected_head?: string | null;
  new_branch?: string | null;
}
export interface ITagCount {
  tag: string;
  prompts: number;
}
export interface ITagList {
  items: ITagCount[];
}
/**
 * A version in which a text stands `after` times, and `before` times in its (first) parent.
 */
export interface ITextChange {
  version: IVersionSummary;
  before: number;
  after: number;
}
/**
 * Newest first. A page looks at a bounded number of versions: it may be short, or empty, and still have a next one.
 */
export interface ITextChangePage {
  items: ITextChange[];
  looked_at: number;
  next_cursor: string | null;
}
/**
 * Which versions brought `text` or took it away (as it is written, upper and lower case alike).
 */
export interface ITextChangeQuery {
  text: string;
  limit?: number;
  cursor?: string | null;
}
/**
 * What turns the base into this text.
 */
export interface ITextComparison {
  spans: IDiffSpan[];
  similarity: number;
}
/**
 * One for each of the other texts, in their order.
 */
export interface ITextComparisons {
  items: ITextComparison[];
}
/**
 * A conversation. `anchor` is where its place is now, in the source's head; null when that is gone (`outdated`), and
 * for one about the whole review. `shown` is the same place in what the review shows: its `text`.
 */
export interface IThread {
  id: string;
  anchor: IAnchor | null;
  shown: IAnchor | null;
  outdated: boolean;
  version_sha: string;
  original: IAnchor | null;
  quote: string;
  resolved_by: IActorRef | null;
  resolved_at: string | null;
  comments: IComment[];
}
/**
 * Oldest first.
 */
export interface IThreadList {
  items: IThread[];
  next_cursor: string | null;
}
/**
 * Resolve it, or open it again.
 */
export interface IThreadPatch {
  resolved: boolean;
}
/**
 * `cursor`: what the page before said.
 */
export interface IThreadQuery {
  limit?: number;
  cursor?: string | null;
}
export interface ITokenResponse {
  access_token: string;
  token_type: 'bearer';
  expires_in: number;
  refresh_token: string;
  user: IAccount;
}
/**
 * Take the branch head. Where there are unsaved edits, `merge` brings both together, and `force` replaces them; the
 * text before is kept.
 */
export interface IUpdateDraft {
  force?: boolean;
  merge?: boolean;
}
/**
 * Merge the target into the source, so that the source has all that the target has. What was decided in the review holds
 * there too; `resolutions` go before it.
 */
export interface IUpdateReview {
  /**
   * @maxItems 500
   */
  resolutions?: IConflictResolution[];
  expected_head?: string | null;
}
export interface IVersionPage {
  next_cursor: string | null;
  page: number | null;
  limit: number;
  total: number | null;
  items: IVersionSummary[];
}
export interface IVersionQuery {
  limit?: number;
  cursor?: string | null;
  page?: number | null;
  branch?: string | null;
  author?: string | null;
  search?: string;
}
/**
 * A version in a format: a file's name, its text, and what is not in it.
 */
export interface IWrittenFile {
  name: string;
  format: FileFormat;
  text: string;
  losses: ILoss[];
}
