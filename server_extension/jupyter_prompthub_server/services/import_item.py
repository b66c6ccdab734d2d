"""One item of an import: its versions in order, their branches and deployments, and what has errors as a draft."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from sqlalchemy import select

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.canonical import text_hash
from jupyter_prompthub.core.errors import (
    AlreadyExists,
    Conflict,
    ContractError,
    InvalidInput,
    LimitExceeded,
    PromptHubError,
    PromptSyntaxError,
    SnippetError,
)
from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.records import ImportItem, ImportVersion, Problem

from ..store.tables import draft, version
from ..store.types import AnyRow
from ..targets import by_prompt, writable
from ..transaction import Tx
from . import deployments, draft_rows, heads, refs, samples, saving
from .prompts import insert_prompt

__all__ = ["REFUSALS", "Brought", "ItemImport", "problems_of"]

_DRAFT: Final = "import"
REFUSALS = (PromptSyntaxError, SnippetError, ContractError, LimitExceeded)
"""why a text cannot become a version, and can be a draft"""


@dataclass(slots=True)
class Brought:
    """What came of one item.

    Attributes:
        state: a new prompt; new versions of one that is there; nothing, all is there; nothing, as that was asked for.
        written: what was written, in order: [what, prompt id, name, version SHA or hash of the text].
        drafts: names (``name@branch`` beside ``main``) whose last text is a draft now.
        problems: why.
    """

    state: Literal["new", "changed", "same", "skipped"]
    written: list[list[str]] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class ItemImport:
    """Brings in one item.

    Args:
        tx: the transaction of the import.
        item: what comes in.
        row: the prompt that has its name already.
    """

    def __init__(self, tx: Tx, item: ImportItem, row: AnyRow | None) -> None:
        self._tx, self._item, self._present = tx, item, row
        self._made = Brought("new" if row is None else "same")

    def run(self) -> Brought:
        """Write it.

        Raises (``details["name"]`` is the item's):
            AlreadyExists: the name, or that of a branch, leads elsewhere.
            PromptSyntaxError, SnippetError: a text in the middle of a history.
            InvalidInput, Conflict, Forbidden, Protected: an item that makes no sense, an archived prompt, a deployment or
                a branch that is not the caller's.
        """
        try:
            if self._present is None:
                self._create()
            else:
                self._extend(self._present)
        except PromptHubError as error:
            error.details.setdefault("name", self._item.name)
            raise
        return self._made

    def _create(self) -> None:
        tx, item = self._tx, self._item
        if taken := refs.check_free_name(tx, item.name):
            raise AlreadyExists(taken, details={"name": item.name})
        row = insert_prompt(
            tx, name=item.name, title=item.title.strip() or None, description=item.description, tags=item.tags
        )
        self._note("prompt", row, item.name)
        self._write(row, item.versions)
        self._samples(row)

    def _extend(self, row: AnyRow) -> None:
        """Add what the prompt does not have yet: all versions from the first one whose text it does not have."""
        writable(row)
        tx, item = self._tx, self._item
        stored = tx.conn.execute(
            select(version.c.text_hash, version.c.sha)
            .where(version.c.workspace_id == tx.workspace_id, version.c.prompt_id == row.id)
            .order_by(version.c.number)
        )
        known = {one.text_hash: one.sha for one in stored}
        hashes = [text_hash(one.text) for one in item.versions]
        fresh = next((at for at, one in enumerate(hashes) if one not in known), len(hashes))
        there = {at: known[one] for at, one in enumerate(hashes[:fresh])}
        self._write(row, item.versions[fresh:], first=fresh, there=there)
        if self._samples(row):
            tx.emit("sample.changed", prompt=row.id)
        if self._made.written:
            self._made.state = "changed"

    def _note(self, what: str, row: AnyRow, name: str, digest: str = "") -> None:
        self._made.written.append([what, row.id, name, digest])

    def _samples(self, row: AnyRow) -> bool:
        added = samples.insert_missing(self._tx, row, self._item.samples)
        for name in added:
            self._note("sample", row, name)
        return bool(added)

    def _write(
        self,
        row: AnyRow,
        versions: tuple[ImportVersion, ...],
        *,
        first: int = 0,
        there: Mapping[int, str] | None = None,
    ) -> None:
        """Write versions.

        Args:
            first: the index of the first of them in the item.
            there: SHA by index of those before, which the prompt has already: a branch may start from one.
        """
        item = self._item
        shas: dict[int, str] = {}
        reached = ChainMap(shas, dict(there or {}))
        last = {one.branch: at for at, one in enumerate(versions, first)}
        for at, one in enumerate(versions, first):
            self._branch(row, one, reached)
            try:
                prepared = saving.prepare(self._tx, one.text, row.id, item.name)
            except REFUSALS as error:
                if at != last[one.branch]:
                    raise self._in_history(at, error) from error
                self._draft(row, one, error)
                continue
            saved = saving.store(
                self._tx,
                row,
                prepared,
                name=one.branch,
                message=one.commit_message,
                fresh=self._present is None,
                made=shas.values(),
            )
            shas[at] = saved.sha
            if saved.created:
                self._note("version", row, one.branch, saved.sha)
                if self._present is not None:
                    self._tx.emit("version.created", prompt=row.id, version=saved.sha, branch=one.branch)
            row = by_prompt(self._tx, row.id)
        self._empty_branches(row, reached)
        self._deploy(row, shas)

    def _empty_branches(self, row: AnyRow, shas: Mapping[int, str]) -> None:
        """Make the branches that have no version of their own and are not there yet."""
        for name, at in self._item.branches.items():
            self._check_place(f"the branch {name!r} is to begin at", at)
            start = shas.get(at) or refs.head(self._tx, row.id)
            if start is not None and name != DEFAULT_BRANCH and refs.head(self._tx, row.id, name) is None:
                self._make_branch(row, name, start)

    def _branch(self, row: AnyRow, one: ImportVersion, shas: Mapping[int, str]) -> None:
        """Make the version's branch where there is none yet."""
        tx = self._tx
        if one.branch == DEFAULT_BRANCH or refs.head(tx, row.id, one.branch) is not None:
            return
        start = refs.head(tx, row.id)
        if one.base is not None:
            start = shas.get(one.base, start)
        self._make_branch(row, one.branch, start)

    def _make_branch(self, row: AnyRow, name: str, start: str | None) -> None:
        item = self._item
        if start is None:
            raise InvalidInput(
                f"{item.name}: the branch {name!r} has nothing to start from; the first version must be on main",
                details={"name": item.name},
            )
        if taken := refs.check_free_ref(self._tx, row.id, name, "branch name"):
            raise AlreadyExists(
                f"{item.name}: {taken} is called {name!r} already", details={"name": item.name}
            )
        self._insert_branch(row, name, start)

    def _insert_branch(self, row: AnyRow, name: str, head: str) -> None:
        heads.insert_branch(self._tx, row, name, head, fresh=self._present is None)
        self._note("branch", row, name, head)
        if self._present is not None:
            self._tx.emit("branch.created", prompt=row.id, branch=name)

    def _check_place(self, what: str, at: int) -> None:
        item = self._item
        if not 0 <= at < len(item.versions):
            raise InvalidInput(
                f"{item.name}: {what} version {at}, but there are {len(item.versions)} (counted from 0).",
                details={"name": item.name},
            )

    def _deploy(self, row: AnyRow, shas: Mapping[int, str]) -> None:
        tx = self._tx
        for name, at in self._item.deployments.items():
            self._check_place(f"{name} is to serve", at)
            deployments.require_deploy(tx, name)
            last = deployments.last_of(tx, row.id, name)
            sha = shas.get(at)  # None: a draft now, or there before
            if sha is None or (last is not None and last.version_sha == sha):
                continue
            deployments.serve(tx, row.id, name, sha, action="promote", reason="imported", last=last)
            self._note("deployment", row, name, sha)
            if self._present is not None:
                tx.emit("deployment.changed", prompt=row.id, environment=name, version=sha)

    # ------------------------------------------------------------------ what has errors

    def _draft(self, row: AnyRow, one: ImportVersion, error: PromptHubError) -> None:
        """Keep a text that cannot become a version as a draft; a draft that is there is left alone."""
        tx, item, name = self._tx, self._item, one.branch
        self._made.problems += problems_of(one.text, error)
        held = select(draft.c.branch).where(
            draft.c.workspace_id == tx.workspace_id,
            draft.c.prompt_id == row.id,
            draft.c.text_hash == text_hash(one.text),
        )
        if tx.conn.execute(held).first():
            return  # an earlier import brought it
        if draft_rows.draft_row(tx, row.id, name) is not None:
            start = refs.head(tx, row.id, name)
            if start is None:
                raise Conflict(
                    f"{item.name} is only a draft, and this text cannot become its first version: {error.message}. "
                    "Save the draft first.",
                    details={**error.details, "name": item.name},
                ) from error
            name = self._free_branch(row)
            self._insert_branch(row, name, start)
        head = refs.head(tx, row.id, name)
        draft_rows.start(tx, row, name, text=one.text, base=head)
        self._note("draft", row, name, text_hash(one.text))
        if head is None:
            heads.reindex(tx, row, one.text)
        self._made.drafts.append(item.name if name == DEFAULT_BRANCH else f"{item.name}@{name}")

    def _free_branch(self, row: AnyRow) -> str:
        name, number = _DRAFT, 1
        while refs.check_free_ref(self._tx, row.id, name, "branch name") or draft_rows.draft_row(
            self._tx, row.id, name
        ):
            number += 1
            name = f"{_DRAFT}-{number}"
        return name

    def _in_history(self, at: int, error: PromptHubError) -> PromptHubError:
        """Only the last text of a branch can be a draft."""
        item = self._item
        return type(error)(
            f"{item.name}, version {at + 1} of {len(item.versions)}: {error.message}",
            details={**error.details, "name": item.name, "version": at},
        )


def problems_of(text: str, error: PromptHubError) -> tuple[Problem, ...]:
    found = promptfile.check(text)[1]
    if any(problem.severity == "error" for problem in found):
        return found
    return (*found, Problem(code=error.code, message=error.message))
