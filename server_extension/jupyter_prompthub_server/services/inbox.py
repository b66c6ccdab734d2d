"""Which reviews wait for somebody's word: one condition of one statement, without a merge being computed for any of them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.records import Decision, ReviewState

from ..store.tables import (
    branch,
    branch_move,
    review,
    review_decision,
    review_resolution,
    review_reviewer,
    version_snippet,
)
from ..transaction import Tx

__all__ = ["waits"]

_asked = review_reviewer.c
_word = review_decision.c
_newer = review_decision.alias("newer").c
_move = branch_move.c
_SNIPPETS = branch_move.alias("snippet_move")


def waits(tx: Tx) -> ColumnElement[bool]:
    """Whether a review waits for the caller: they were asked, and said nothing since that stands.

    The newest word counts that is no comment, if it came after the asking. A request for changes stands until its author
    says something else. An approval stands as long as what it was given for is the same, which is seen by what it is made
    of: the heads of both branches, the conflicts that were decided, and ``main`` of the snippets.
    """
    mine = (_asked.workspace_id == tx.workspace_id, _asked.actor_id == tx.caller.actor_id)
    of_review = (_asked.prompt_id == review.c.prompt_id, _asked.number == review.c.number)
    newest = (
        select(func.max(_newer.id))
        .where(
            _newer.workspace_id == tx.workspace_id,
            _newer.prompt_id == review.c.prompt_id,
            _newer.number == review.c.number,
            _newer.actor_id == tx.caller.actor_id,
            _newer.dismissed_at.is_(None),
            _newer.decision != Decision.COMMENT.value,
        )
        .correlate(review)
        .scalar_subquery()
    )
    stands = (
        exists()
        .where(
            _word.workspace_id == tx.workspace_id,
            _word.id == newest,
            _word.created_at >= _asked.created_at,
            or_(
                _word.decision == Decision.REQUEST_CHANGES.value,
                and_(
                    _same_head(tx, review.c.source),
                    _same_head(tx, review.c.target),
                    ~_decided(tx),
                    ~_included(tx),
                ),
            ),
        )
        .correlate(review, review_reviewer)
    )
    return and_(
        review.c.state == ReviewState.OPEN.value,
        exists().where(*mine, *of_review, ~stands).correlate(review),
    )


def _same_head(tx: Tx, name: ColumnElement[str]) -> ColumnElement[bool]:
    """A branch is where it was at the word: it did not move since, or came back. The first move since says where it was."""
    was = (
        select(_move.before)
        .where(
            _move.workspace_id == tx.workspace_id,
            _move.prompt_id == review.c.prompt_id,
            _move.branch == name,
            _move.id > _word.id,
        )
        .order_by(_move.id)
        .limit(1)
        .correlate(review, review_decision)
        .scalar_subquery()
    )
    head = (
        select(branch.c.head)
        .where(
            branch.c.workspace_id == tx.workspace_id,
            branch.c.prompt_id == review.c.prompt_id,
            branch.c.name == name,
        )
        .correlate(review)
        .scalar_subquery()
    )
    return func.coalesce(was, head) == head


def _decided(tx: Tx) -> ColumnElement[bool]:
    """A conflict was decided since."""
    return (
        exists()
        .where(
            review_resolution.c.workspace_id == tx.workspace_id,
            review_resolution.c.prompt_id == review.c.prompt_id,
            review_resolution.c.number == review.c.number,
            review_resolution.c.created_at > _word.created_at,
        )
        .correlate(review, review_decision)
    )


def _included(tx: Tx) -> ColumnElement[bool]:
    """A snippet of the source moved since."""
    return (
        exists()
        .where(
            branch.c.workspace_id == tx.workspace_id,
            branch.c.prompt_id == review.c.prompt_id,
            branch.c.name == review.c.source,
            version_snippet.c.workspace_id == tx.workspace_id,
            version_snippet.c.prompt_id == branch.c.prompt_id,
            version_snippet.c.sha == branch.c.head,
            _SNIPPETS.c.workspace_id == tx.workspace_id,
            _SNIPPETS.c.prompt_id == version_snippet.c.snippet_prompt_id,
            _SNIPPETS.c.branch == DEFAULT_BRANCH,
            _SNIPPETS.c.id > _word.id,
        )
        .correlate(review, review_decision)
    )
