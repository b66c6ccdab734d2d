"""Reviews: asked for, changed, ended (``docs/formats/review.md``). What decides them is in ``review_decisions``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from jupyter_prompthub.core.errors import AlreadyExists, Conflict, InvalidInput, NotFound
from jupyter_prompthub.core.records import (
    MergeState,
    NewReview,
    Review,
    ReviewPage,
    ReviewPatch,
    ReviewQuery,
    ReviewState,
)

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.paging import Sort, fetch
from ..store.tables import prompt as prompt_table
from ..store.tables import review, review_mention, review_reviewer, version
from ..store.types import AnyRow
from ..targets import ReviewTarget, by_prompt, by_review, writable
from ..transaction import Tx
from . import refs
from .inbox import waits
from .persons import persons
from .review_events import NOTHING, Told, tell
from .review_rows import detail, summaries_of

__all__ = ["get", "list_", "live", "open_", "open_one", "touch", "update_"]


@operation(Permission.REVIEW_READ, no_audit="read")
def list_(tx: Tx, query: ReviewQuery) -> ReviewPage:
    """Reviews, newest change first: of a prompt, in a state, or the caller's inbox."""
    statement = (
        select(review)
        .join(
            prompt_table,
            (prompt_table.c.workspace_id == review.c.workspace_id)
            & (prompt_table.c.id == review.c.prompt_id),
        )
        .where(review.c.workspace_id == tx.workspace_id, prompt_table.c.archived_at.is_(None))
    )
    if query.prompt_id is not None:
        statement = statement.where(review.c.prompt_id == query.prompt_id)
    if query.state == "live":
        statement = statement.where(review.c.state.in_((ReviewState.DRAFT.value, ReviewState.OPEN.value)))
    elif query.state != "all":
        statement = statement.where(review.c.state == query.state)
    if query.inbox == "mine":
        statement = statement.where(review.c.author_id == tx.caller.actor_id)
    elif query.inbox == "to_review":
        statement = statement.where(waits(tx))
    elif query.inbox == "mentioned":
        mentioned = select(review_mention.c.number).where(
            review_mention.c.workspace_id == tx.workspace_id,
            review_mention.c.actor_id == tx.caller.actor_id,
            review_mention.c.prompt_id == review.c.prompt_id,
            review_mention.c.number == review.c.number,
        )
        statement = statement.where(mentioned.exists())
    for word in query.search.split():
        places = (review.c.title, review.c.source, review.c.target, prompt_table.c.name)
        statement = statement.where(or_(*(each.icontains(word, autoescape=True) for each in places)))
    order = [
        Sort(review.c.updated_at, descending=True),
        Sort(review.c.prompt_id),
        Sort(review.c.number, descending=True),
    ]
    asked = f"{query.prompt_id or ''} {query.state} {query.inbox or ''} {query.search}"
    named = f"reviews {asked} {tx.caller.actor_id if query.inbox else ''}"
    paged = fetch(tx.conn, statement, order, query, named=named)
    return ReviewPage(items=summaries_of(tx, paged.rows), **paged.fields())


@operation(Permission.REVIEW_READ, no_audit="read", target=by_review)
def get(tx: Tx, target: ReviewTarget) -> Review:
    """A review as its branches are now: what it would bring, who said what, and why it may not be merged."""
    return detail(tx, target)


@operation(Permission.REVIEW_WRITE, tag=AuditTag.REVIEW_OPEN, target=by_prompt)
def open_(tx: Tx, prompt: AnyRow, new: NewReview) -> Review:
    """Ask to merge a branch into another one."""
    return open_one(tx, prompt, new)


@operation(Permission.REVIEW_WRITE, tag=AuditTag.REVIEW_UPDATE, target=by_review)
def update_(tx: Tx, target: ReviewTarget, patch: ReviewPatch) -> Review:
    """Retitle, describe, make a draft, mark ready, close, open again, ask reviewers."""
    row = target.review
    values: dict[str, Any] = {}
    if patch.title is not None and patch.title != row.title:
        values["title"] = patch.title
    if patch.description is not None:
        said = tx.codec.open(review.c.description, target.key, row.description)
        if patch.description != said:
            values["description"] = tx.codec.seal(review.c.description, target.key, patch.description)
    kind = "review.changed"
    if patch.state is not None and patch.state != row.state:
        if row.state == ReviewState.MERGED:
            raise Conflict(
                "This review has been merged: what it brought can be taken back by a new one (revert)."
            )
        values |= _state(tx, target, ReviewState(patch.state))
        kind = {"closed": "review.closed", "draft": "review.changed"}.get(patch.state, "review.opened")
    fresh, gone = (set[str](), set[str]()) if patch.reviewers is None else _ask(tx, target, patch.reviewers)
    if not values and not fresh and not gone:
        tx.unchanged()
        return detail(tx, target)
    if kind == "review.opened":
        fresh = _reviewers(tx, target)
    asked = fresh if values.get("state", row.state) == ReviewState.OPEN else set()
    touch(tx, target, kind, told={"asked": asked}, **values)
    return detail(tx, by_review(tx, target.prompt.id, str(row.number)))


# ------------------------------------------------------------------ for other services


def open_one(
    tx: Tx, prompt: AnyRow, new: NewReview, *, reverts: int | None = None, apart: bool = False
) -> Review:
    """Open a review, and tell of it.

    Args:
        apart: it is one of many changes of the operation, with an audit entry of its own.

    Raises:
        NotFound: no such branch.
        Conflict: nothing to merge, or a review of these branches is there.
    """
    writable(prompt)
    if new.source == new.target:
        raise InvalidInput(f"a review merges one branch into another one, got {new.source} twice")
    heads = {name: refs.head(tx, prompt.id, name) for name in (new.source, new.target)}
    for name, head in heads.items():
        if head is None:
            raise NotFound(f"{prompt.name} has no branch {name!r}.", details={"branch": name})
    _not_there(tx, prompt, new.source, new.target)
    number = (
        1
        + tx.conn.execute(
            select(func.coalesce(func.max(review.c.number), 0)).where(
                review.c.workspace_id == tx.workspace_id, review.c.prompt_id == prompt.id
            )
        ).scalar_one()
    )
    key = f"{prompt.id}#{number}"
    tx.conn.execute(
        insert(review).values(
            workspace_id=tx.workspace_id,
            prompt_id=prompt.id,
            number=number,
            title=new.title or _title(tx, prompt, new.source, heads[new.source]),
            description=tx.codec.seal(review.c.description, key, new.description),
            source=new.source,
            target=new.target,
            state=(ReviewState.DRAFT if new.draft else ReviewState.OPEN).value,
            reverts=reverts,
            author_id=tx.caller.actor_id,
            created_at=tx.now,
            updated_at=tx.now,
        )
    )
    target = by_review(tx, prompt.id, str(number))
    asked, _ = _ask(tx, target, new.reviewers)
    made = detail(tx, target)
    if made.merge is MergeState.UP_TO_DATE:
        raise Conflict(f"{new.target} has everything that {new.source} has: there is nothing to review.")
    said = {"prompt": prompt.id, "review": str(number), "source": new.source, "target": new.target}
    if apart:
        tx.audit_also(AuditTag.REVIEW_OPEN, **said)
    else:
        tx.audit(**said)
        tx.audit_content("description", new.description)
    tell(tx, target.review, "review.opened", {"asked": set() if new.draft else asked})
    return made


def live(target: ReviewTarget) -> None:
    """Refuse to go on with a review that has ended.

    Raises:
        Conflict: it was merged or closed.
    """
    if target.review.state in (ReviewState.MERGED, ReviewState.CLOSED):
        raise Conflict(
            f"{target.prompt.name}#{target.review.number} is {target.review.state}: "
            + ("open it again first." if target.review.state == ReviewState.CLOSED else "open a new review.")
        )


def touch(tx: Tx, target: ReviewTarget, kind: str, *, told: Told = NOTHING, **values: Any) -> None:
    """Set columns of a review's row, and tell of it."""
    tx.conn.execute(update(review).where(*target.of(review)).values(updated_at=tx.now, **values))
    tx.audit(prompt=target.prompt.id, review=str(target.review.number))
    tell(tx, target.review, kind, told)


# ------------------------------------------------------------------ parts


def _state(tx: Tx, target: ReviewTarget, state: ReviewState) -> dict[str, Any]:
    tx.audit(state=state.value, before=target.review.state)
    if state is ReviewState.CLOSED:
        return {"state": state.value, "ended_at": tx.now, "ended_by": tx.caller.actor_id}
    row, prompt = target.review, target.prompt
    writable(prompt)
    if row.state == ReviewState.CLOSED:
        for name in (row.source, row.target):
            if refs.head(tx, prompt.id, name) is None:
                raise Conflict(f"The branch {name} is gone: this review cannot be opened again.")
        _not_there(tx, prompt, row.source, row.target)
    return {"state": state.value, "ended_at": None, "ended_by": None}


def _not_there(tx: Tx, prompt: AnyRow, source: str, target: str) -> None:
    found = tx.conn.execute(
        select(review.c.number).where(
            review.c.workspace_id == tx.workspace_id,
            review.c.prompt_id == prompt.id,
            review.c.source == source,
            review.c.target == target,
            review.c.state.in_((ReviewState.DRAFT.value, ReviewState.OPEN.value)),
        )
    ).scalar_one_or_none()
    if found is not None:
        raise AlreadyExists(
            f"{prompt.name}#{found} is a review of {source} into {target} already.", details={"number": found}
        )


def _ask(tx: Tx, target: ReviewTarget, wanted: Iterable[str]) -> tuple[set[str], set[str]]:
    """Make exactly these the reviewers; who is asked that was not before, and who no longer."""
    table = review_reviewer
    ids = set(wanted)
    present = _reviewers(tx, target)
    fresh, gone = ids - present, present - ids
    for one, person in persons(tx, fresh).items():
        if "review:write" not in person.permissions:
            raise InvalidInput(
                f"{person.called} cannot be asked to review: expected a member with review:write.",
                details={"actor": one},
            )
        if one == target.review.author_id:
            raise InvalidInput(
                f"{person.called} opened this review: a reviewer is somebody else, expected another member.",
                details={"actor": one},
            )
    if gone:
        tx.conn.execute(delete(table).where(*target.of(table), table.c.actor_id.in_(gone)))
    if fresh:
        tx.conn.execute(
            insert(table),
            [
                {
                    "workspace_id": tx.workspace_id,
                    "prompt_id": target.prompt.id,
                    "number": target.review.number,
                    "actor_id": one,
                    "asked_by": tx.caller.actor_id,
                    "created_at": tx.now,
                }
                for one in sorted(fresh)
            ],
        )
        tx.audit(asked=" ".join(sorted(fresh)))
    return fresh, gone


def _reviewers(tx: Tx, target: ReviewTarget) -> set[str]:
    table = review_reviewer
    return set(tx.conn.scalars(select(table.c.actor_id).where(*target.of(table))))


def _title(tx: Tx, prompt: AnyRow, source: str, head: str | None) -> str:
    said: str = tx.conn.execute(
        select(version.c.commit_message).where(
            version.c.workspace_id == tx.workspace_id, version.c.prompt_id == prompt.id, version.c.sha == head
        )
    ).scalar_one()
    return said.split("\n", 1)[0].strip()[:200] or f"Merge {source}"
