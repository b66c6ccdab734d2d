"""The nouns: one frozen model per noun, shared by server, client, command line and (generated) TypeScript.

``NewX`` and ``XPatch`` are inputs and forbid extra fields; the others are answers and are
allow-lists of what leaves the server. Times are UTC, ISO 8601 with milliseconds and ``Z``.
SHAs and hashes are 64 lower-case hex digits; ``short`` is their first 12. Money is integer nano-USD
unless the name says ``usd``. Offsets count Unicode code points from 0, lines and columns from 1.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

JsonValue = Any
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
ParameterName = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Tag = Annotated[str, StringConstraints(pattern=r"^[\w][\w.:/-]{0,63}$")]


class Record(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Input(BaseModel):
    """A request body or query: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


# --------------------------------------------------------------------------- content


class Problem(Record):
    """One thing wrong (or worth knowing) in a ``.prompt`` text, with its place."""

    severity: Literal["error", "warning", "info"] = "error"
    code: str
    message: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    start: int = 0
    end: int = 0


class SegmentKind(StrEnum):
    """``message``: one role's part; ``history``: a top-level ``{{history}}``;
    ``block``: an opaque block that holds a role marker or history inside."""

    MESSAGE = "message"
    HISTORY = "history"
    BLOCK = "block"


class Segment(Record):
    """One role's part of the template's *source* (not rendered text)."""

    kind: SegmentKind = SegmentKind.MESSAGE
    role: str = "user"
    source: str = ""


class Variable(Record):
    """A named, typed hole. ``schema_`` is its JSON Schema; ``type`` a short display name
    (``string``, ``integer``, ``number``, ``boolean``, ``array``, ``object``, ``enum``, ``any``)."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    name: str
    type: str = "string"
    required: bool = True
    description: str = ""
    default: JsonValue = None
    has_default: bool = False
    declared: bool = True
    schema_: dict[str, JsonValue] = Field(default_factory=dict, alias="schema")


class OutputSpec(Record):
    """What an answer must look like. ``schema_`` is a JSON Schema."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    format: str | None = None
    schema_: dict[str, JsonValue] | None = Field(default=None, alias="schema")


class Content(Record):
    """What one version says. Maps are sorted by key where they are hashed."""

    segments: tuple[Segment, ...] = ()
    variables: tuple[Variable, ...] = ()
    model: str | None = None
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    tools: tuple[JsonValue, ...] = ()
    output: OutputSpec | None = None
    snippets: dict[str, str] = Field(default_factory=dict)
    """snippet name -> ref, for every snippet that the template includes"""
    metadata: dict[str, JsonValue] = Field(default_factory=dict)
    """front-matter fields that are not ours (kept, hashed, diffed as one unit each)"""


class TextPart(Record):
    type: Literal["text"] = "text"
    text: str


class MediaPart(Record):
    type: Literal["media"] = "media"
    url: str
    content_type: str | None = None


class DataPart(Record):
    """Any other part of a history message (tool request or response, data), passed through."""

    type: Literal["data"] = "data"
    data: JsonValue


Part = Annotated[TextPart | MediaPart | DataPart, Field(discriminator="type")]


class Message(Record):
    """One rendered message. ``role`` is ``system``, ``user``, ``model`` or ``tool``."""

    role: str
    content: tuple[Part, ...] = ()
    metadata: dict[str, JsonValue] = Field(default_factory=dict)


class Rendered(Record):
    """The result of rendering: messages, and warnings such as an unused input."""

    messages: tuple[Message, ...]
    warnings: tuple[Problem, ...] = ()
    rendered_hash: str = ""
    """SHA-256 of ``prompthub rendered v1\\0`` + canonical JSON of the messages"""


# --------------------------------------------------------------------------- diff


class UnitKind(StrEnum):
    SEGMENT = "segment"
    VARIABLE = "variable"
    MODEL = "model"
    PARAMETER = "parameter"
    TOOL = "tool"
    OUTPUT = "output"
    SNIPPET = "snippet"
    METADATA = "metadata"


class ChangeOp(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    RENAMED = "renamed"


class DiffSpan(Record):
    """A run of text: in both (``equal``), only before (``delete``), only after (``insert``)."""

    op: Literal["equal", "delete", "insert"]
    text: str


class UnitChange(Record):
    """One operation on one unit. ``before`` and ``after`` are the unit's source text (a segment)
    or its YAML (anything else); None where the unit does not exist. A segment may be moved and
    changed at once: then ``op`` is ``moved`` and ``spans`` tell the change."""

    op: ChangeOp
    unit: UnitKind
    path: str
    """unit path in the newer content (in the older for ``removed``), e.g. ``segment/2/user``, ``variable/order``"""
    path_before: str | None = None
    label: str
    """one plain line for people: ``variable order: now required``"""
    role: str | None = None
    position_before: int | None = None
    position_after: int | None = None
    before: str | None = None
    after: str | None = None
    spans: tuple[DiffSpan, ...] = ()


class Diff(Record):
    """An ordered list of operations that turns ``base`` into ``head``."""

    format: Literal["prompthub diff v1"] = "prompthub diff v1"
    changes: tuple[UnitChange, ...] = ()
    text_only: bool = False
    """the contents are equal, but the texts differ (layout, comments)"""


class Compatibility(Record):
    """Whether callers of the older contract can call the newer one."""

    compatible: bool = True
    reasons: tuple[str, ...] = ()


# --------------------------------------------------------------------------- people


class ActorRef(Record):
    """An actor as others see it."""

    id: str
    display_name: str = ""
    kind: str = "person"


class Me(Record):
    """Who is asking, and what it may do here."""

    actor: ActorRef
    workspace: Workspace
    role: str
    permissions: tuple[str, ...]
    mode: Literal["laptop", "http", "hub"]
    via: str


class Workspace(Record):
    id: str
    name: str


# --------------------------------------------------------------------------- prompts, versions, branches


class NewPrompt(Input):
    """A new prompt: ``content`` is template text with ``parameters`` beside it, or ``text`` is a whole
    ``.prompt`` file; exactly one of the two (none: an empty starter prompt)."""

    title: Title | None = None
    name: Name | None = None
    content: str | None = None
    text: str | None = None
    parameters: dict[ParameterName, JsonValue] | None = None
    tags: tuple[Tag, ...] = ()
    description: str = Field(default="", max_length=4000)
    commit_message: str = Field(default="", max_length=2000)


class PromptPatch(Input):
    """Rename (leaves a redirect), retitle, describe, retag. None leaves a field as it is."""

    name: Name | None = None
    title: Title | None = None
    description: str | None = Field(default=None, max_length=4000)
    tags: tuple[Tag, ...] | None = None


class NewVersion(Input):
    """A new version on ``branch``: template ``content`` (the head's front matter is kept), or a whole
    ``text``; neither: what the draft's room holds. ``expected_head`` makes it a compare-and-set."""

    content: str | None = None
    text: str | None = None
    parameters: dict[ParameterName, JsonValue] | None = None
    commit_message: str = Field(default="", max_length=2000)
    branch: str = "main"
    expected_head: str | None = None


class ServedIn(Record):
    """What an environment serves of a prompt."""

    environment: str
    version_sha: str
    short: str


class VersionSummary(Record):
    sha: str
    short: str
    prompt_id: str
    number: int
    """1, 2, ... in order of creation in the prompt: for people, never a ref"""
    content_hash: str
    text_hash: str
    parents: tuple[str, ...]
    author: ActorRef
    editors: tuple[ActorRef, ...] = ()
    """who edited the draft since the version before"""
    created_at: str
    commit_message: str
    tags: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    """branches whose head this is"""
    served_in: tuple[str, ...] = ()
    """environments that serve it now"""


class Version(VersionSummary):
    text: str
    content: Content
    lock: dict[str, str] = Field(default_factory=dict)
    """prompt id -> version SHA of every snippet, transitively"""
    created: bool = True
    """False when saving found nothing new: this is the head as it was"""
    warnings: tuple[Problem, ...] = ()


class Prompt(Record):
    id: str
    workspace_id: str
    name: str
    title: str
    description: str = ""
    tags: tuple[str, ...] = ()
    archived: bool = False
    created_at: str
    updated_at: str
    created_by: ActorRef
    head: VersionSummary | None = None
    """head of ``main``"""
    versions: int = 0
    branches: tuple[str, ...] = ("main",)
    has_draft: bool = False
    """a draft (of any branch) holds unsaved edits"""
    served: tuple[ServedIn, ...] = ()
    snippet_of: int = 0
    """how many prompts include it at their head"""
    highlight: str | None = None
    """for a search: the matching line, matches between U+0001 and U+0002"""


class PromptDetail(Prompt):
    """One prompt, with the head's template as the promised ``content`` and ``parameters``."""

    content: str = ""
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    text: str = ""
    variables: tuple[Variable, ...] = ()


class PageQuery(Input):
    """A page by ``cursor`` (any depth) or by ``page`` (offset up to row 10,000)."""

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=500)
    page: int | None = Field(default=None, ge=1)


class PromptQuery(PageQuery):
    search: str = Field(default="", max_length=400)
    tags: str = Field(default="", max_length=1000)
    """comma-separated; all must match"""
    folder: str = Field(default="", max_length=200)
    archived: bool = False
    sort: Literal["name", "updated"] = "name"


class VersionQuery(PageQuery):
    branch: str | None = None
    author: str | None = None
    search: str = Field(default="", max_length=400)


class Page(Record):
    """One page. ``next_cursor`` is None on the last; ``total`` counts all matches up to 10,000."""

    next_cursor: str | None = None
    page: int | None = None
    limit: int = 50
    total: int | None = None


class PromptPage(Page):
    items: tuple[Prompt, ...] = ()


class VersionPage(Page):
    items: tuple[VersionSummary, ...] = ()


class Branch(Record):
    name: str
    head: str
    short: str
    created_at: str
    updated_at: str
    created_by: ActorRef
    ahead: int = 0
    """versions on it that ``main`` does not have"""
    behind: int = 0


class BranchList(Record):
    items: tuple[Branch, ...]


class NewBranch(Input):
    name: Name
    base_version: str = "latest"
    """any ref"""


class BranchMove(Input):
    """Point a branch at another version. ``expected_head`` makes it a compare-and-set."""

    version: str
    expected_head: str | None = None


class TagCount(Record):
    tag: str
    prompts: int


class TagList(Record):
    items: tuple[TagCount, ...]


class NewVersionTag(Input):
    name: Name
    version: str


class Comparison(Record):
    """Two versions compared: ``base`` is the older side as asked (``a...b``: a)."""

    base: Version
    head: Version
    diff: Diff
    compatibility: Compatibility


class Resolution(Record):
    """What a reference names."""

    workspace_id: str
    prompt_id: str
    name: str
    ref: str
    version: Version
    environment: str | None = None
    deployment_id: str | None = None


# --------------------------------------------------------------------------- drafts, checking, previewing


class Draft(Record):
    """The draft of (prompt, branch): what its room holds."""

    prompt_id: str
    branch: str
    base_sha: str | None
    head_sha: str | None
    behind: int = 0
    """versions on the branch since ``base_sha``"""
    dirty: bool = False
    """holds edits that are not saved as a version"""
    text: str
    text_hash: str
    editors: tuple[ActorRef, ...] = ()
    updated_at: str | None = None
    problems: tuple[Problem, ...] = ()
    kept_at: str | None = None
    """when a text was last kept before it was replaced (restore, update, put, undo): ``undo`` brings it back"""


class SaveDraft(Input):
    """Save what the room holds as a version. ``text_hash`` refuses when the room moved on. ``expected_head``
    saves on a head that is not the draft's base: for who has looked at it and means it."""

    commit_message: str = Field(default="", max_length=2000)
    text_hash: str | None = None
    expected_head: str | None = None


class PutDraft(Input):
    """Make ``text`` the draft's text (what was there is kept)."""

    text: str = Field(max_length=2 * 1024 * 1024)


class UpdateDraft(Input):
    """Take the branch head. ``force`` does it also where unsaved edits are replaced (they are kept)."""

    force: bool = False


class RestoreDraft(Input):
    """Replace the draft's text by a version's, as one undoable step (the state before is kept)."""

    version: str


class CheckText(Input):
    """A text to check, and optionally to render: what the editor sends, debounced."""

    text: str
    prompt_id: str | None = None
    inputs: dict[str, JsonValue] | None = None
    """None: do not render"""


class Checked(Record):
    """``content`` is None when the text does not parse; ``rendered`` None when not asked for, or when
    the inputs do not fit (then ``problems`` says so)."""

    content: Content | None = None
    text_hash: str
    problems: tuple[Problem, ...] = ()
    variables: tuple[Variable, ...] = ()
    """with the ones that snippets bring in"""
    rendered: Rendered | None = None


# --------------------------------------------------------------------------- environments


class Environment(Record):
    name: str
    position: int


class EnvironmentList(Record):
    items: tuple[Environment, ...]


class Deployment(Record):
    id: str
    environment: str
    prompt_id: str
    version_sha: str
    short: str
    previous_sha: str | None = None
    actor: ActorRef
    created_at: str
    reason: str = ""
    action: Literal["promote", "rollback"] = "promote"


class DeploymentPage(Page):
    items: tuple[Deployment, ...] = ()


class Promote(Input):
    environment: Name
    version: str = "latest"
    reason: str = Field(default="", max_length=2000)


class Rollback(Input):
    """Serve again what was served before. ``reason`` is asked for."""

    environment: Name
    reason: Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]


# --------------------------------------------------------------------------- execution


class ExecutionState(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INCOMPLETE = "incomplete"


class CallerInfo(Input):
    """Where a call came from, as the caller says."""

    kind: str = Field(default="api", max_length=40)
    notebook: str | None = Field(default=None, max_length=1000)
    cell_id: str | None = Field(default=None, max_length=100)


class ExecuteRequest(Input):
    """Run a version, or (``text``) an unsaved draft of it. ``provider`` and ``model`` override the
    prompt's own model; ``connection`` names a server-side connection. No address, key or header can
    be given here."""

    prompt_id: str
    version: str = "latest"
    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    provider: str | None = None
    model: str | None = None
    connection: str | None = None
    parameters: dict[ParameterName, JsonValue] | None = None
    text: str | None = None
    environment: str | None = None
    subject: str | None = Field(default=None, max_length=200)
    history: tuple[Message, ...] = ()
    caller: CallerInfo = CallerInfo()
    stream: bool = False
    timeout_s: float | None = Field(default=None, gt=0, le=3600)


class Usage(Record):
    """Tokens by kind; None where the provider did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    total_tokens: int | None = None


class ExecutionMetadata(Record):
    tokens_used: int | None = None
    latency_ms: float
    cost_usd: float | None = None
    provider: str
    model: str
    first_token_ms: float | None = None
    finish_reason: str | None = None
    usage: Usage = Usage()
    connection: str | None = None
    version_sha: str | None = None
    rendered_hash: str | None = None
    state: ExecutionState = ExecutionState.SUCCEEDED


class ExecutionResult(Record):
    completion: str
    metadata: ExecutionMetadata
    tool_calls: tuple[dict[str, str], ...] = ()
    """what the model asks to be called: ``id``, ``name``, ``arguments`` (JSON text)"""


class ExecuteResponse(Record):
    result: ExecutionResult
    execution_id: str
    timestamp: str
    warnings: tuple[Problem, ...] = ()


class Execution(Record):
    """One recorded model call. ``inputs`` and ``output`` are None once erased."""

    id: str
    prompt_id: str
    version_sha: str | None
    state: ExecutionState
    model_asked: str
    model: str | None = None
    provider: str | None = None
    connection: str | None = None
    environment: str | None = None
    subject: str | None = None
    actor: ActorRef
    caller: CallerInfo
    created_at: str
    first_token_at: str | None = None
    ended_at: str | None = None
    latency_ms: float | None = None
    usage: Usage = Usage()
    cost_nano_usd: int | None = None
    finish_reason: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    inputs: dict[str, JsonValue] | None = None
    messages: tuple[Message, ...] | None = None
    output: str | None = None
    rendered_hash: str | None = None


class ExecutionQuery(PageQuery):
    prompt_id: str | None = None
    state: ExecutionState | None = None


class ExecutionPage(Page):
    items: tuple[Execution, ...] = ()


class ModelInfo(Record):
    """A model that can be asked for now. ``ref`` is what goes into a prompt's ``model``."""

    ref: str
    connection: str
    provider: str
    label: str
    local: bool = False
    ready: bool = True
    hint: str = ""
    """when not ready: what to do"""


class ModelList(Record):
    items: tuple[ModelInfo, ...]
    default: str | None = None


class Connection(Record):
    """A named, server-side address with its key. The key is write-only."""

    name: str
    provider: str
    base_url: str | None = None
    secret_last4: str | None = None
    models: tuple[str, ...] = ()
    source: Literal["store", "environment", "builtin"] = "store"
    input_nano_usd_per_token: int | None = None
    output_nano_usd_per_token: int | None = None
    allow_private_address: bool = False


class ConnectionList(Record):
    items: tuple[Connection, ...]


class NewConnection(Input):
    """``provider``: ``openai_compatible`` (direct door), ``local``, ``replay``, or a litellm provider name
    (``openai``, ``anthropic``, ``azure``, ...)."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
    provider: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,62}$")]
    base_url: str | None = Field(default=None, max_length=1000)
    secret: str | None = Field(default=None, max_length=4000, repr=False)
    models: tuple[str, ...] = ()
    api_version: str | None = Field(default=None, max_length=40)
    input_nano_usd_per_token: int | None = Field(default=None, ge=0)
    output_nano_usd_per_token: int | None = Field(default=None, ge=0)
    allow_private_address: bool = False


class ConnectionPatch(Input):
    """A changed ``base_url`` needs ``secret`` again."""

    base_url: str | None = Field(default=None, max_length=1000)
    secret: str | None = Field(default=None, max_length=4000, repr=False)
    models: tuple[str, ...] | None = None
    api_version: str | None = Field(default=None, max_length=40)
    input_nano_usd_per_token: int | None = Field(default=None, ge=0)
    output_nano_usd_per_token: int | None = Field(default=None, ge=0)
    allow_private_address: bool | None = None


# --------------------------------------------------------------------------- accounts (plain HTTP)


class Register(Input):
    """``organization`` becomes a workspace with this person as its admin; or join one by ``invitation``."""

    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
    password: Annotated[str, StringConstraints(min_length=10, max_length=1024)] = Field(repr=False)
    full_name: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
    organization: str | None = Field(default=None, max_length=200)
    invitation: str | None = Field(default=None, max_length=200, repr=False)


class Login(Input):
    email: str = Field(max_length=254)
    password: str = Field(max_length=1024, repr=False)


class Refresh(Input):
    refresh_token: str = Field(max_length=4000, repr=False)


class Account(Record):
    id: str
    email: str
    full_name: str
    role: str
    workspace: Workspace | None = None


class TokenResponse(Record):
    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int
    refresh_token: str
    user: Account


class NewInvitation(Input):
    email: str | None = Field(default=None, max_length=254)
    role: Literal["viewer", "engineer", "team_lead", "admin"] = "engineer"


class Invitation(Record):
    token: str
    role: str
    expires_at: str


class Member(Record):
    actor: ActorRef
    email: str | None = None
    role: str
    disabled: bool = False


class MemberList(Record):
    items: tuple[Member, ...]


class MemberPatch(Input):
    role: Literal["viewer", "engineer", "team_lead", "admin"] | None = None
    disabled: bool | None = None


class NewApiKey(Input):
    name: Title
    role: Literal["viewer", "engineer", "team_lead", "admin"] | None = None
    """never wider than the owner's; None: the owner's"""
    expires_in_days: int | None = Field(default=None, ge=1, le=3650)


class ApiKey(Record):
    id: str
    name: str
    last4: str
    role: str
    created_at: str
    expires_at: str | None = None
    last_used_at: str | None = None


class CreatedApiKey(ApiKey):
    key: str
    """shown once"""


class ApiKeyList(Record):
    items: tuple[ApiKey, ...]


# --------------------------------------------------------------------------- import, export, audit, events, health


class ImportItem(Input):
    """One prompt with its versions, oldest first."""

    name: Name
    title: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = ""
    description: str = Field(default="", max_length=4000)
    tags: tuple[Tag, ...] = ()
    versions: tuple[ImportVersion, ...] = Field(min_length=1, max_length=1000)
    deployments: dict[str, int] = Field(default_factory=dict)
    """environment -> index into ``versions``"""


class ImportVersion(Input):
    """One version. The first one of a branch makes the branch, at ``base``: the index of another version of
    the same prompt (None: the head of ``main`` as of then)."""

    text: str
    commit_message: str = Field(default="", max_length=2000)
    branch: str = "main"
    base: int | None = Field(default=None, ge=0)


class ImportRequest(Input):
    """All or nothing, in one transaction. ``on_conflict`` says what to do with a name that exists."""

    items: tuple[ImportItem, ...] = Field(max_length=10_000)
    on_conflict: Literal["fail", "skip", "new_version"] = "fail"


class ImportReport(Record):
    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    """names (``name@branch`` beside ``main``) whose last text could not become a version (unknown snippet, syntax)
    and is a draft now"""
    problems: dict[str, tuple[Problem, ...]] = Field(default_factory=dict)


class ExportedPrompt(Record):
    name: str
    title: str
    description: str
    tags: tuple[str, ...]
    versions: tuple[ExportedVersion, ...]
    deployments: dict[str, int]


class ExportedVersion(Record):
    text: str
    commit_message: str
    branch: str
    base: int | None = None
    """where the branch started, as an import takes it"""
    sha: str
    author: str
    created_at: str


class ExportResponse(Record):
    format: Literal["prompthub export v1"] = "prompthub export v1"
    items: tuple[ExportedPrompt, ...]


class AuditEntry(Record):
    id: str
    tag: str
    actor_id: str
    credential_id: str | None
    via: str
    target: dict[str, str]
    created_at: str
    leaf_hash: str


class AuditPage(Page):
    items: tuple[AuditEntry, ...] = ()


class Event(Record):
    """A notice that something changed: ids only."""

    seq: int
    kind: str
    at: str
    ids: dict[str, str]


class ComponentHealth(Record):
    status: Literal["ok", "degraded", "down"]
    detail: str = ""


class Health(Record):
    status: Literal["ok", "degraded", "down"]
    version: str
    components: dict[str, ComponentHealth] = Field(default_factory=dict)


class ErrorBody(Record):
    code: str
    message: str
    details: dict[str, JsonValue] = Field(default_factory=dict)
    trace_id: str


class ErrorResponse(Record):
    error: ErrorBody


for _model in (Me, ImportItem, ExportedPrompt, ImportRequest, ExportResponse):
    _model.model_rebuild()
