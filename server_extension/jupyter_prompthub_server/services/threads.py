"""Conversations of a review: begun, gone on with, resolved; suggestions that become versions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.content import lf
from jupyter_prompthub.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from jupyter_prompthub.core.lines import line_end, written_at
from jupyter_prompthub.core.records import (
    Anchor,
    ApplySuggestion,
    CommentPatch,
    NewComment,
    NewThread,
    Thread,
    ThreadList,
    ThreadPatch,
    ThreadQuery,
)
from jupyter_prompthub.core.reviews import quote

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.clock import new_id
from ..store.tables import review_comment, review_mention, review_thread
from ..store.types import AnyRow
from ..targets import ReviewTarget, by_review, writable
from ..transaction import Tx
from . import heads, refs, versions
from .mentions import mentioned
from .review_events import NOTHING, Told
from .review_shown import in_source, shown
from .reviews import live, touch
from .thread_rows import content_of, thread_ids, threads
from .version_rows import load

__all__ = [
    "CommentTarget",
    "ThreadTarget",
    "add",
    "apply",
    "begin",
    "by_comment",
    "by_thread",
    "edit",
    "list_",
    "update_",
]

_MOST = 1_000
_MOST_COMMENTS = 200
"""of one conversation"""


@dataclass(frozen=True, slots=True)
class ThreadTarget:
    """A conversation of a review."""

    review: ReviewTarget
    thread: AnyRow


@dataclass(frozen=True, slots=True)
class CommentTarget(ThreadTarget):
    """A comment of a conversation."""

    comment: AnyRow


def by_thread(tx: Tx, prompt_id: str, number: str, thread_id: str) -> ThreadTarget:
    """A conversation of that review.

    Raises:
        NotFound: none of that id.
    """
    target = by_review(tx, prompt_id, number)
    row = tx.conn.execute(
        select(review_thread).where(*target.of(review_thread), review_thread.c.id == thread_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such conversation of this review.")
    return ThreadTarget(target, row)


def by_comment(tx: Tx, prompt_id: str, number: str, thread_id: str, comment_id: str) -> CommentTarget:
    """A comment of that conversation.

    Raises:
        NotFound: none of that id.
    """
    target = by_thread(tx, prompt_id, number, thread_id)
    row = tx.conn.execute(
        select(review_comment).where(
            review_comment.c.workspace_id == tx.workspace_id,
            review_comment.c.thread_id == thread_id,
            review_comment.c.id == comment_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such comment of this conversation.")
    return CommentTarget(target.review, target.thread, row)


@operation(Permission.REVIEW_READ, no_audit="read", target=by_review)
def list_(tx: Tx, target: ReviewTarget, query: ThreadQuery) -> ThreadList:
    """The conversations of a review, each where its place is now."""
    ids = thread_ids(tx, target, after=query.cursor, limit=query.limit + 1)
    page = ids[: query.limit]
    return ThreadList(
        items=threads(tx, target, page, shown(tx, target)[1]),
        next_cursor=page[-1] if len(ids) > query.limit else None,
    )


@operation(Permission.REVIEW_WRITE, tag=AuditTag.REVIEW_COMMENT, target=by_review)
def begin(tx: Tx, target: ReviewTarget, new: NewThread) -> Thread:
    """Begin a conversation, about a place or about the whole review."""
    prompt, row = target.prompt, target.review
    if len(thread_ids(tx, target)) >= _MOST:
        raise Conflict(f"This review has {_MOST} conversations, the most that are kept.")
    sha = new.version or refs.head(tx, prompt.id, row.source) or row.source_sha
    if sha is None:
        raise Conflict(f"The branch {row.source} is gone: name the version that this is about.")
    content = content_of(tx, prompt.id, sha)
    place = Anchor(path=new.path, start=new.start, end=new.end) if new.path is not None else None
    if place is not None:
        place = in_source(tx, target, new, place, content) if new.digest is not None else place
        quote(place, content)
    if new.suggestion is not None and not (new.path or "").startswith("segment/"):
        raise InvalidInput(
            "a suggestion replaces words of a message: expected a path such as segment/0/system"
        )
    made = new_id()
    tx.conn.execute(
        insert(review_thread).values(
            workspace_id=tx.workspace_id,
            id=made,
            prompt_id=prompt.id,
            number=row.number,
            version_sha=sha,
            path=place.path if place is not None else None,
            start=place.start if place is not None else None,
            end=place.end if place is not None else None,
            created_by=tx.caller.actor_id,
            created_at=tx.now,
        )
    )
    return _say(tx, by_thread(tx, prompt.id, str(row.number), made), new)


@operation(Permission.REVIEW_WRITE, tag=AuditTag.REVIEW_COMMENT, target=by_thread)
def add(tx: Tx, target: ThreadTarget, new: NewComment) -> Thread:
    """Go on with a conversation."""
    if new.suggestion is not None and not (target.thread.path or "").startswith("segment/"):
        raise InvalidInput("a suggestion replaces words of a message: this conversation is not about one")
    return _say(tx, target, new)


@operation(Permission.REVIEW_WRITE, tag=AuditTag.REVIEW_COMMENT, target=by_comment)
def edit(tx: Tx, target: CommentTarget, patch: CommentPatch) -> Thread:
    """Put one's own comment into other words: it mentions whom these name, and still whom it named by id."""
    if target.comment.author_id != tx.caller.actor_id:
        raise Forbidden("Only who wrote a comment may change it.", details={"permission": "own comment"})
    comment, body = target.comment, review_comment.c.body
    of_it = (review_mention.c.workspace_id == tx.workspace_id, review_mention.c.comment_id == comment.id)
    were = set(tx.conn.scalars(select(review_mention.c.actor_id).where(*of_it)))
    by_id = were - mentioned(tx, tx.codec.open(body, comment.id, comment.body))
    are = by_id | mentioned(tx, patch.body)
    tx.conn.execute(delete(review_mention).where(*of_it, review_mention.c.actor_id.in_(were - are)))
    _mention(tx, target, comment.id, are - were)
    tx.conn.execute(
        update(review_comment)
        .where(review_comment.c.workspace_id == tx.workspace_id, review_comment.c.id == comment.id)
        .values(body=tx.codec.seal(body, comment.id, patch.body), edited_at=tx.now)
    )
    tx.audit_content("body", patch.body)
    return _told(tx, target, {"mentioned": are - were})


@operation(Permission.REVIEW_WRITE, tag=AuditTag.REVIEW_COMMENT, target=by_thread)
def update_(tx: Tx, target: ThreadTarget, patch: ThreadPatch) -> Thread:
    """Resolve a conversation, or open it again."""
    if patch.resolved == (target.thread.resolved_at is not None):
        tx.unchanged()
        return _one(tx, target)
    _resolve(tx, target, resolved=patch.resolved)
    return _told(tx, target)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.VERSION_CREATE, target=by_comment)
def apply(tx: Tx, target: CommentTarget, new: ApplySuggestion) -> Thread:
    """Save what a comment suggests as a version of the source branch; who suggested it is an editor of that version."""
    tx.require(Permission.REVIEW_WRITE)
    live(target.review)
    prompt, row, comment = target.review.prompt, target.review.review, target.comment
    writable(prompt)
    if comment.suggestion is None:
        raise Conflict("This comment suggests nothing that could be applied.")
    if comment.applied_sha is not None:
        raise Conflict("This suggestion has been applied.", details={"version": comment.applied_sha})
    head = refs.head(tx, prompt.id, row.source)
    if head is None:
        raise Conflict(f"The branch {row.source} is gone.")
    if new.expected_head not in (None, head):
        raise heads.stale(new.expected_head, head)
    thread = _one(tx, target)
    text = load(tx, prompt.id, head).text
    document = promptfile.parse(text)
    if thread.anchor is None or quote(thread.anchor, document.content) != thread.quote:
        raise Conflict("The words that this would replace are not there any more: make a new suggestion.")
    segment = document.template.segments()[int(thread.anchor.path.split("/")[1])]
    start, end = segment.start, segment.end
    if thread.anchor.start is not None and thread.anchor.end is not None:
        start, end = (
            segment.start + written_at(segment.source, at) for at in (thread.anchor.start, thread.anchor.end)
        )
    suggested = lf(tx.codec.open(review_comment.c.suggestion, comment.id, comment.suggestion))
    made = versions.save_text(
        tx,
        prompt,
        text=text[:start] + suggested.replace("\n", line_end(text)) + text[end:],
        branch=row.source,
        message=new.commit_message or f"Apply a suggestion (#{row.number})",
        editors=(comment.author_id,),
        expected_head=head,
    )
    tx.conn.execute(
        update(review_comment)
        .where(review_comment.c.workspace_id == tx.workspace_id, review_comment.c.id == comment.id)
        .values(applied_sha=made.sha)
    )
    if target.thread.resolved_at is None:
        _resolve(tx, target, resolved=True)
    return _told(tx, target)


# ------------------------------------------------------------------ parts


def _say(tx: Tx, target: ThreadTarget, new: NewComment) -> Thread:
    count = tx.conn.execute(
        select(func.count()).where(
            review_comment.c.workspace_id == tx.workspace_id, review_comment.c.thread_id == target.thread.id
        )
    ).scalar_one()
    if count >= _MOST_COMMENTS:
        raise Conflict(
            f"This conversation has {_MOST_COMMENTS} comments, the most that are kept: begin another one."
        )
    made = new_id()
    seal = tx.codec.seal
    tx.conn.execute(
        insert(review_comment).values(
            workspace_id=tx.workspace_id,
            id=made,
            thread_id=target.thread.id,
            author_id=tx.caller.actor_id,
            body=seal(review_comment.c.body, made, new.body),
            suggestion=seal(review_comment.c.suggestion, made, new.suggestion)
            if new.suggestion is not None
            else None,
            prompt_id=target.review.prompt.id,
            created_at=tx.now,
        )
    )
    people = mentioned(tx, new.body, new.mentions)
    _mention(tx, target, made, people)
    tx.audit(comment=made)
    tx.audit_content("body", new.body)
    return _told(tx, target, {"mentioned": people})


def _mention(tx: Tx, target: ThreadTarget, comment_id: str, people: set[str]) -> None:
    rows = [
        {
            "workspace_id": tx.workspace_id,
            "comment_id": comment_id,
            "actor_id": one,
            "prompt_id": target.review.prompt.id,
            "number": target.review.review.number,
        }
        for one in sorted(people)
    ]
    if rows:
        tx.conn.execute(insert(review_mention), rows)


def _resolve(tx: Tx, target: ThreadTarget, *, resolved: bool) -> None:
    tx.conn.execute(
        update(review_thread)
        .where(review_thread.c.workspace_id == tx.workspace_id, review_thread.c.id == target.thread.id)
        .values(
            resolved_by=tx.caller.actor_id if resolved else None,
            resolved_at=tx.now if resolved else None,
        )
    )
    tx.audit(resolved=str(resolved).lower())


def _told(tx: Tx, target: ThreadTarget, told: Told = NOTHING) -> Thread:
    tx.audit(thread=target.thread.id)
    touch(tx, target.review, "review.commented", told=told)
    return _one(tx, target)


def _one(tx: Tx, target: ThreadTarget) -> Thread:
    return threads(tx, target.review, [target.thread.id], shown(tx, target.review)[1])[0]
