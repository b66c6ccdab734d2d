"""How an import from git moves branches: forward where they may; what went another way, or may not move, as a review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from jupyter_prompthub.core.errors import Protected
from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.records import GitReview, NewReview, ReviewState

from ..access.permissions import Permission
from ..store.tables import review, version
from ..store.types import AnyRow
from ..transaction import Tx
from . import heads, refs, reviews
from .version_rows import text_of

if TYPE_CHECKING:
    from .git_bringing import Report

__all__ = ["Heads"]


class Heads:
    """The branches of one prompt.

    Args:
        graph: its versions (``jupyter_prompthub.git.mapping.Graph``).
        report: is added to.
        fresh: the prompt was made in this very transaction.
    """

    def __init__(self, tx: Tx, row: AnyRow, graph: Any, report: Report, *, fresh: bool) -> None:
        self._tx, self._row, self._graph, self._report, self._fresh = tx, row, graph, report, fresh

    def bring(self, branch: str, sha: str) -> None:
        """Move a branch to the version that the repository's has, make it, or ask for a review."""
        head = refs.head(self._tx, self._row.id, branch)
        if head is None:
            self._create(branch, sha)
        elif self._graph.leads(sha, head):
            return  # what the repository has is in here
        elif not self._graph.leads(head, sha):
            self._ask(branch, sha)
        else:
            try:
                self._forward(branch, head, sha)
            except Protected:
                self._ask(branch, sha)

    def _create(self, branch: str, sha: str) -> bool:
        tx, row = self._tx, self._row
        said = f"{row.name}@{branch}"
        if taken := refs.check_free_ref(tx, row.id, branch, "branch name"):
            self._report.left[said] = f"{taken} is called that here"
            return False
        try:
            heads.insert_branch(tx, row, branch, sha, fresh=self._fresh)
        except Protected as error:
            self._report.left[said] = error.message
            return False
        if branch == DEFAULT_BRANCH:
            heads.reindex(tx, row, self._text(sha))
        self._moved(branch, sha, "branch.created")
        return True

    def _forward(self, branch: str, head: str, sha: str) -> None:
        heads.point(self._tx, self._row, branch, head, sha, self._text(sha))
        self._moved(branch, sha, "branch.moved")

    def _moved(self, branch: str, sha: str, kind: str) -> None:
        self._report.branches[f"{self._row.name}@{branch}"] = sha
        self._report.wrote("branch", self._row.id, branch, sha)
        if not self._fresh:
            self._tx.emit(kind, prompt=self._row.id, branch=branch)

    def _ask(self, target: str, sha: str) -> None:
        """Bring a version in on a branch beside, and ask for a review; once that was done, it is not asked again."""
        source = self._beside(target, sha)
        if source is None or self._is_open(source, target):
            return
        self._tx.require(Permission.REVIEW_WRITE)
        new = NewReview(source=source, target=target, description="From a git repository.")
        opened = reviews.open_one(self._tx, self._row, new, apart=True)
        self._report.reviews.append(
            GitReview(prompt=self._row.name, number=opened.number, source=source, target=target)
        )

    def _beside(self, target: str, sha: str) -> str | None:
        """The branch that holds the version now; None: one did before."""
        from jupyter_prompthub.git.layout import BESIDE

        number = 1
        while True:
            name = f"{BESIDE}{target}" if number == 1 else f"{BESIDE}{target}-{number}"
            head = refs.head(self._tx, self._row.id, name)
            if head is None:
                if refs.check_free_ref(self._tx, self._row.id, name, "branch name") is None:
                    return name if self._create(name, sha) else None
            elif self._graph.leads(sha, head):
                return None
            elif self._graph.leads(head, sha):
                try:
                    self._forward(name, head, sha)
                except Protected as error:
                    self._report.left[f"{self._row.name}@{name}"] = error.message
                    return None
                return name
            number += 1

    def _is_open(self, source: str, target: str) -> bool:
        found = select(review.c.number).where(
            review.c.workspace_id == self._tx.workspace_id,
            review.c.prompt_id == self._row.id,
            review.c.source == source,
            review.c.target == target,
            review.c.state.in_((ReviewState.DRAFT.value, ReviewState.OPEN.value)),
        )
        return self._tx.conn.execute(found).first() is not None

    def _text(self, sha: str) -> str:
        row = self._tx.conn.execute(
            select(version.c.sha, version.c.text).where(
                version.c.workspace_id == self._tx.workspace_id,
                version.c.prompt_id == self._row.id,
                version.c.sha == sha,
            )
        ).one()
        return text_of(self._tx, row)
