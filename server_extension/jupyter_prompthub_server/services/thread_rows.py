"""Rows of conversations as records, each with its place as it is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from sqlalchemy import func, select

from jupyter_prompthub.core.errors import NotFound
from jupyter_prompthub.core.records import Anchor, Comment, Content, Thread
from jupyter_prompthub.core.reviews import Follower, quote

from ..store.clock import iso
from ..store.tables import review_comment, review_mention, review_thread, version
from ..store.types import AnyRow
from ..targets import ReviewTarget
from ..transaction import Tx
from . import refs
from .around import actors

__all__ = ["content_of", "open_threads", "thread_ids", "threads"]


def open_threads(tx: Tx, target: ReviewTarget) -> int:
    """How many conversations about a place are not resolved. One about the whole review is talk, and holds nothing up."""
    count: int = tx.conn.execute(
        select(func.count())
        .select_from(review_thread)
        .where(
            *target.of(review_thread),
            review_thread.c.resolved_at.is_(None),
            review_thread.c.path.is_not(None),
        )
    ).scalar_one()
    return count


def content_of(tx: Tx, prompt_id: str, sha: str) -> Content:
    """What a version of the prompt says.

    Raises:
        NotFound: no such version.
    """
    sealed = tx.conn.execute(
        select(version.c.content).where(
            version.c.workspace_id == tx.workspace_id, version.c.prompt_id == prompt_id, version.c.sha == sha
        )
    ).scalar_one_or_none()
    if sealed is None:
        raise NotFound("There is no such version.", details={"version": sha})
    return Content.model_validate_json(tx.codec.open(version.c.content, sha, sealed))


def thread_ids(
    tx: Tx, target: ReviewTarget, *, after: str | None = None, limit: int | None = None
) -> Sequence[str]:
    """Ids of the conversations of a review, oldest first."""
    wanted = select(review_thread.c.id).where(*target.of(review_thread)).order_by(review_thread.c.id)
    if after is not None:
        wanted = wanted.where(review_thread.c.id > after)
    return tx.conn.scalars(wanted.limit(limit)).all()


def threads(tx: Tx, target: ReviewTarget, ids: Sequence[str], result: Content | None) -> tuple[Thread, ...]:
    """Conversations of a review, oldest first.

    Args:
        result: what the review shows: what the target is after the merge; None while that is not known.
    """
    rows = tx.conn.execute(
        select(review_thread)
        .where(*target.of(review_thread), review_thread.c.id.in_(ids))
        .order_by(review_thread.c.id)
    ).all()
    if not rows:
        return ()
    said, mentions = _comments(tx, rows), _mentions(tx, rows)
    named = {one.author_id for each in said.values() for one in each}
    named |= {row.resolved_by for row in rows if row.resolved_by} | {
        one for each in mentions.values() for one in each
    }
    people = actors(tx, named)
    head = refs.head(tx, target.prompt.id, target.review.source) or target.review.source_sha

    @cache
    def content(sha: str) -> Content:
        return content_of(tx, target.prompt.id, sha)

    @cache
    def followed(sha: str) -> Follower:
        assert head is not None
        return Follower(content(sha), content(head))

    to_result = None
    if head is not None and result is not None and result != content(head):
        to_result = Follower(content(head), result)
    made = []
    for row in rows:
        original = now = None
        words = ""
        if row.path is not None:
            original = Anchor(path=row.path, start=row.start, end=row.end)
            before = content(row.version_sha)
            words = quote(original, before)
            if head is not None:
                now = original if head == row.version_sha else followed(row.version_sha)(original)
        shown = now
        if now is not None and to_result is not None:
            shown = to_result(now)
        made.append(
            Thread(
                id=row.id,
                anchor=now,
                shown=shown,
                outdated=original is not None and now is None,
                version_sha=row.version_sha,
                original=original,
                quote=words,
                resolved_by=people[row.resolved_by] if row.resolved_by else None,
                resolved_at=iso(row.resolved_at) if row.resolved_at else None,
                comments=tuple(
                    Comment(
                        id=one.id,
                        by=people[one.author_id],
                        body=tx.codec.open(review_comment.c.body, one.id, one.body),
                        suggestion=tx.codec.open(review_comment.c.suggestion, one.id, one.suggestion)
                        if one.suggestion is not None
                        else None,
                        applied_sha=one.applied_sha,
                        mentions=tuple(people[each] for each in mentions[one.id]),
                        at=iso(one.created_at),
                        edited_at=iso(one.edited_at) if one.edited_at else None,
                    )
                    for one in said[row.id]
                ),
            )
        )
    return tuple(made)


def _comments(tx: Tx, rows: Sequence[AnyRow]) -> defaultdict[str, list[AnyRow]]:
    made: defaultdict[str, list[AnyRow]] = defaultdict(list)
    for one in tx.conn.execute(
        select(review_comment)
        .where(
            review_comment.c.workspace_id == tx.workspace_id,
            review_comment.c.thread_id.in_([row.id for row in rows]),
        )
        .order_by(review_comment.c.id)
    ):
        made[one.thread_id].append(one)
    return made


def _mentions(tx: Tx, rows: Sequence[AnyRow]) -> defaultdict[str, list[str]]:
    made: defaultdict[str, list[str]] = defaultdict(list)
    for one in tx.conn.execute(
        select(review_mention.c.comment_id, review_mention.c.actor_id)
        .where(
            review_mention.c.workspace_id == tx.workspace_id,
            review_mention.c.prompt_id == rows[0].prompt_id,
            review_mention.c.number == rows[0].number,
        )
        .order_by(review_mention.c.actor_id)
    ):
        made[one.comment_id].append(one.actor_id)
    return made
