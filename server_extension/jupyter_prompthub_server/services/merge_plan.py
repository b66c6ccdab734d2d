"""What a merge is made of: two versions and what they have in common, the merged text, and how it becomes a head."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import or_, select

from jupyter_prompthub.core import diff, promptfile
from jupyter_prompthub.core import merge as core
from jupyter_prompthub.core.blame import bringers
from jupyter_prompthub.core.errors import InvalidInput, NotFound, PromptHubError
from jupyter_prompthub.core.history import apart, merge_bases
from jupyter_prompthub.core.merge.several import settled
from jupyter_prompthub.core.names import Reference, check_name
from jupyter_prompthub.core.records import ConflictResolution, Diff, Merge, MergeResult, MergeState, Version
from jupyter_prompthub.git.people import NOWHERE, split

from ..store.tables import account, membership, version, version_editor
from ..store.types import AnyRow
from ..transaction import Tx
from . import heads, refs, saving
from .contents import Contents
from .edges import Edges
from .gate import Landed
from .many_refs import runs
from .snippets import locked_by
from .version_rows import SHORT, load, text_of

__all__ = [
    "Node",
    "Plan",
    "ahead",
    "as_expected",
    "authors",
    "base_of",
    "between",
    "brings",
    "brings_version",
    "by_number",
    "forward",
    "head_node",
    "impossible",
    "merged",
    "node",
    "plan_of",
    "restored",
    "save",
    "three",
    "unresolved",
    "writers",
]

_LOOKED_AT = 500
"""versions that are looked at for who wrote what comes back"""


@dataclass(frozen=True, slots=True)
class Node:
    """A version of the prompt."""

    sha: str
    number: int
    text: str

    @property
    def short(self) -> str:
        return self.sha[:SHORT]


@dataclass(frozen=True, slots=True)
class Plan:
    """Two versions and what they have in common."""

    source: Node
    target: Node
    bases: tuple[Node, ...]

    @property
    def is_up_to_date(self) -> bool:
        return any(base.sha == self.source.sha for base in self.bases)

    @property
    def is_forward(self) -> bool:
        """The target has nothing that the source does not have."""
        return any(base.sha == self.target.sha for base in self.bases)

    def record(self, state: MergeState, **more: object) -> Merge:
        return Merge(
            state=state,
            source_sha=self.source.sha,
            target_sha=self.target.sha,
            bases=tuple(base.sha for base in self.bases),
            **more,
        )


def plan_of(tx: Tx, prompt: AnyRow, source: str, target: str) -> Plan:
    """The head of ``target``, a branch, and the version that ``source`` names."""
    ours = head_node(tx, prompt, target)
    theirs = node(tx, prompt, refs.resolve(tx, prompt, source).sha)
    return between(tx, prompt, theirs, ours)


def between(tx: Tx, prompt: AnyRow, source: Node, target: Node) -> Plan:
    """Two versions with their merge bases."""
    bases = merge_bases(target.number, source.number, Edges(tx, prompt.id))
    return Plan(source, target, by_number(tx, prompt, bases))


def head_node(tx: Tx, prompt: AnyRow, name: str) -> Node:
    sha = refs.head(tx, prompt.id, name)
    if sha is None:
        raise NotFound(
            f"{prompt.name} has no branch {name!r} to merge into: create it first.", details={"branch": name}
        )
    return node(tx, prompt, sha)


def node(tx: Tx, prompt: AnyRow, sha: str) -> Node:
    return nodes(tx, prompt, version.c.sha == sha)[0]


def by_number(tx: Tx, prompt: AnyRow, numbers: Sequence[int]) -> tuple[Node, ...]:
    return nodes(tx, prompt, version.c.number.in_(numbers)) if numbers else ()


def nodes(tx: Tx, prompt: AnyRow, which: object) -> tuple[Node, ...]:
    rows = tx.conn.execute(
        select(version.c.sha, version.c.number, version.c.text)
        .where(version.c.workspace_id == tx.workspace_id, version.c.prompt_id == prompt.id, which)  # type: ignore[arg-type]
        .order_by(version.c.number)
    )
    return tuple(Node(row.sha, row.number, text_of(tx, row)) for row in rows)


def as_expected(plan: Plan, head: str | None, source: str | None) -> None:
    if head is not None and head != plan.target.sha:
        raise heads.stale(head, plan.target.sha)
    if source is not None and source != plan.source.sha:
        raise heads.stale(source, plan.source.sha)


def merged(
    tx: Tx,
    prompt: AnyRow,
    plan: Plan,
    resolutions: Sequence[ConflictResolution],
    *,
    parts: bool = False,
) -> MergeResult:
    """The merge of the plan; ``parts``: with what is settled while conflicts are open."""
    base = base_of(tx, prompt, plan.bases)
    return three(tx, base, plan.target.text, plan.source.text, resolutions, parts=parts)


def three(
    tx: Tx,
    base: str | core.Base,
    ours: str,
    theirs: str,
    resolutions: Sequence[ConflictResolution],
    *,
    parts: bool = False,
) -> MergeResult:
    return core.merge(
        base,
        ours,
        theirs,
        resolutions,
        unresolved=lambda name, ref: unresolved(tx, name, ref),
        parts=parts,
    )


def impossible(
    tx: Tx, prompt: AnyRow, plan: Plan, made: MergeResult, decided: Sequence[ConflictResolution]
) -> str | None:
    """Why no version can come of a merge with these resolutions, however the open conflicts are decided; None: one can.

    All that is open is decided for the one side, and for the other: where neither gives a version, it is not for that.
    """
    first = _completed(tx, prompt, plan, made, decided, "ours")
    if first is None or not made.conflicts:
        return first
    return None if _completed(tx, prompt, plan, made, decided, "theirs") is None else first


def _completed(
    tx: Tx,
    prompt: AnyRow,
    plan: Plan,
    made: MergeResult,
    decided: Sequence[ConflictResolution],
    side: Literal["ours", "theirs"],
) -> str | None:
    chosen = {one.id: one for one in decided}
    try:
        while made.conflicts:
            fresh = {one.id for one in made.conflicts} - chosen.keys()
            if not fresh:
                return (
                    None  # conflicts of meaning that one side alone does not end: nothing is said against it
                )
            chosen |= {id_: ConflictResolution(id=id_, pick=side) for id_ in fresh}
            made = merged(tx, prompt, plan, tuple(chosen.values()))
        assert made.text is not None
        saving.prepare(tx, made.text, prompt.id, prompt.name)
    except PromptHubError as error:
        return error.message
    return None


def unresolved(tx: Tx, name: str, ref: str) -> str | None:
    """Why a snippet cannot be included at a ref; None: it can."""
    try:
        row = refs.prompt_named(tx, Reference(check_name(name)))
        refs.resolve(tx, row, ref)
    except (NotFound, InvalidInput) as error:
        return error.message
    return "it is archived" if row.archived_at is not None else None


def base_of(tx: Tx, prompt: AnyRow, bases: Sequence[Node]) -> core.Base:
    """What both sides are compared with; of several merge bases their own merge, the oldest first."""
    if not bases:
        return core.Base("")
    oldest = bases[0]
    made = core.Base(oldest.text)
    for other in bases[1:]:
        common = merge_bases(oldest.number, other.number, Edges(tx, prompt.id))
        made = settled(base_of(tx, prompt, by_number(tx, prompt, common)), made, core.Base(other.text))
    return made


def brings(
    before: str,
    after: str,
    lock_before: Mapping[str, str] | None = None,
    lock_after: Mapping[str, str] | None = None,
) -> Diff:
    """What a text changes of another; with the locks (SHAs by the names of snippets) also which snippets move."""
    old, new = promptfile.parse(before).content, promptfile.parse(after).content
    return diff.diff(old, new, text_a=before, text_b=after, lock_a=lock_before, lock_b=lock_after)


def brings_version(tx: Tx, prompt: AnyRow, target: Node, text: str, sha: str) -> Diff:
    """What the version ``sha``, which says ``text``, changes of a head, with the snippets that move."""
    locks = locked_by(tx, prompt.id, {target.sha, sha})
    return brings(target.text, text, locks[target.sha], locks[sha])


def forward(tx: Tx, prompt: AnyRow, plan: Plan, target: str, *, landed: Landed | None = None) -> Merge:
    """Move the target to the source, which has all that it has."""
    heads.point(tx, prompt, target, plan.target.sha, plan.source.sha, plan.source.text, landed=landed)
    tx.audit(prompt=prompt.id, branch=target, version=plan.source.sha, before=plan.target.sha)
    tx.emit("branch.moved", prompt=prompt.id, branch=target)
    return plan.record(
        MergeState.FAST_FORWARD,
        text=plan.source.text,
        diff=brings_version(tx, prompt, plan.target, plan.source.text, plan.source.sha),
        version=load(tx, prompt.id, plan.source.sha),
    )


def save(
    tx: Tx,
    prompt: AnyRow,
    text: str,
    target: str,
    message: str,
    head: str,
    *,
    others: Sequence[str] = (),
    editors: Sequence[str] = (),
    landed: Landed | None = None,
) -> Version:
    """Make a text the head of a branch, and tell of it."""
    prepared = saving.prepare(tx, text, prompt.id, prompt.name)
    saved = saving.store(
        tx,
        prompt,
        prepared,
        name=target,
        message=message,
        editors=editors,
        expected_head=head,
        others=others,
        landed=landed,
    )
    tx.audit(prompt=prompt.id, version=saved.sha, branch=target)
    if saved.created:
        tx.audit_content("text", text)
        tx.emit("version.created", prompt=prompt.id, version=saved.sha, branch=target)
    else:
        tx.unchanged()
    return load(tx, prompt.id, saved.sha, created=saved.created, warnings=prepared.warnings)


def ahead(tx: Tx, prompt: AnyRow, plan: Plan) -> list[int]:
    """Numbers of the versions that the source has and the target has not, newest first."""
    mine, _ = apart(plan.source.number, plan.target.number, Edges(tx, prompt.id))
    return mine


def authors(tx: Tx, prompt: AnyRow, plan: Plan) -> tuple[str, ...]:
    """Who wrote the versions that the source has and the target has not, or edited their drafts."""
    return writers(tx, prompt, ahead(tx, prompt, plan))


def restored(tx: Tx, prompt: AnyRow, gone: Node, back: Node) -> tuple[str, ...]:
    """Who wrote what ``back`` says and ``gone`` does not: what comes back where one becomes the other."""
    contents = Contents(tx, prompt)
    brought = bringers(back.number, contents(gone.number), contents, Edges(tx, prompt.id), at_most=_LOOKED_AT)
    return writers(tx, prompt, sorted(brought))


def writers(tx: Tx, prompt: AnyRow, numbers: Sequence[int]) -> tuple[str, ...]:
    """Who wrote these versions, or edited their drafts; or whose mail address git gives as their author's."""
    found: set[str] = set()
    claimed: set[str] = set()
    for at in range(0, len(numbers), 500):
        mine = (
            version.c.workspace_id == tx.workspace_id,
            version.c.prompt_id == prompt.id,
            version.c.number.in_(numbers[at : at + 500]),
        )
        for one in tx.conn.execute(select(version.c.author_id, version.c.git_author).where(*mine).distinct()):
            found.add(one.author_id)
            claimed.add(one.git_author)
        edited = select(version_editor.c.actor_id).join(
            version,
            (version.c.workspace_id == version_editor.c.workspace_id)
            & (version.c.prompt_id == version_editor.c.prompt_id)
            & (version.c.sha == version_editor.c.sha),
        )
        found |= set(tx.conn.scalars(edited.where(*mine)))
    return tuple(sorted(found | _known(tx, claimed - {None})))


def _known(tx: Tx, claimed: Collection[str]) -> set[str]:
    """The members whose mail addresses these authors of git have. What git says is not verified, so it gives no right; that
    it takes one, to approve one's own words, is the safe side."""
    mails = {split(one)[1].lower() for one in claimed}
    found: set[str] = set()
    for some in runs(sorted(mails)):
        ids = [one.removesuffix(NOWHERE) for one in some if one.endswith(NOWHERE)]
        here = select(membership.c.actor_id).where(membership.c.workspace_id == tx.workspace_id)
        by_mail = select(account.c.actor_id).where(account.c.email.in_(some))
        found |= set(
            tx.conn.scalars(
                here.where(or_(membership.c.actor_id.in_(ids), membership.c.actor_id.in_(by_mail)))
            )
        )
    return found
