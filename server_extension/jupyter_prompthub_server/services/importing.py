"""How an import writes: snippets before what includes them, versions in order, what has errors as a draft."""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import select

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.canonical import canonical, tagged_sha256, text_hash
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
from jupyter_prompthub.core.records import (
    ImportItem,
    ImportReport,
    ImportRequest,
    ImportVersion,
    Problem,
)

from ..store.tables import draft, prompt, version
from ..store.types import AnyRow
from ..targets import by_prompt, writable
from ..transaction import Tx
from . import deployments, draft_rows, heads, refs, samples, saving
from .prompts import insert_prompt

__all__ = ["REFUSALS", "Importer", "problems_of"]

_DRAFT: Final = "import"
REFUSALS = (PromptSyntaxError, SnippetError, ContractError, LimitExceeded)
"""why a text cannot become a version, and can be a draft"""


class Importer:
    """One import.

    Args:
        tx: its transaction.
        request: what comes in.

    Raises:
        InvalidInput: a name twice, or one that no prompt may have.
    """

    def __init__(self, tx: Tx, request: ImportRequest) -> None:
        self._tx = tx
        self._request = request
        self._created: list[str] = []
        self._updated: list[str] = []
        self._skipped: list[str] = []
        self._drafts: list[str] = []
        self._problems: dict[str, list[Problem]] = {}
        self._written: list[list[str]] = []
        names = [item.name for item in request.items]
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            raise InvalidInput(f"the import names {twice[0]!r} twice", details={"name": twice[0]})
        self.present: dict[str, AnyRow] = self._find(names)
        """the prompts that are there already, by name"""

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return bool(self._written)

    @property
    def root(self) -> str:
        """SHA-256 of ``prompthub import v2\\0`` + canonical JSON of what was written, in order: [what, prompt id, name,
        version SHA or hash of the text] (``docs/formats/export.md``)."""
        return tagged_sha256("prompthub import v2", canonical(self._written))

    def run(self) -> ImportReport:
        """Write everything.

        Raises:
            AlreadyExists: a name is taken, and ``on_conflict`` is ``fail``.
            PromptSyntaxError, SnippetError: a text in the middle of a history.
            InvalidInput, Conflict, Forbidden: an item that makes no sense, an archived prompt, a deployment that is
                not the caller's to make.
        """
        if self.present and self._request.on_conflict == "fail":
            taken = sorted(self.present)
            raise AlreadyExists(
                f"{', '.join(taken[:5])}{' …' if len(taken) > 5 else ''}: there already. Nothing was imported; "
                "say on_conflict skip or new_version.",
                details={"names": taken[:100]},
            )
        for item in _snippets_first(self._request.items):
            row = self.present.get(item.name)
            if row is None:
                self._create(item)
            elif self._request.on_conflict == "skip":
                self._skipped.append(item.name)
            else:
                self._extend(item, row)
        order = {item.name: at for at, item in enumerate(self._request.items)}

        def sorted_names(names: list[str]) -> tuple[str, ...]:
            return tuple(sorted(names, key=lambda name: order[name.partition("@")[0]]))

        return ImportReport(
            created=sorted_names(self._created),
            updated=sorted_names(self._updated),
            skipped=sorted_names(self._skipped),
            drafts=sorted_names(self._drafts),
            problems={name: tuple(found) for name, found in self._problems.items()},
        )

    # ------------------------------------------------------------------ items

    def _find(self, names: list[str]) -> dict[str, AnyRow]:
        found: dict[str, AnyRow] = {}
        for at in range(0, len(names), 500):
            rows = self._tx.conn.execute(
                select(prompt).where(
                    prompt.c.workspace_id == self._tx.workspace_id, prompt.c.name.in_(names[at : at + 500])
                )
            )
            found.update({row.name: row for row in rows})
        return found

    def _create(self, item: ImportItem) -> None:
        tx = self._tx
        if taken := refs.check_free_name(tx, item.name):
            raise AlreadyExists(f"{taken}; nothing was imported", details={"name": item.name})
        row = insert_prompt(
            tx, name=item.name, title=item.title.strip() or None, description=item.description, tags=item.tags
        )
        self._written.append(["prompt", row.id, item.name, ""])
        self._write(item, row, item.versions)
        self._samples(item, row)
        self._created.append(item.name)

    def _extend(self, item: ImportItem, row: AnyRow) -> None:
        """Add what the prompt does not have yet: all versions from the first one whose text it does not have."""
        writable(row)
        tx = self._tx
        stored = tx.conn.execute(
            select(version.c.text_hash, version.c.sha)
            .where(version.c.workspace_id == tx.workspace_id, version.c.prompt_id == row.id)
            .order_by(version.c.number)
        )
        known = {one.text_hash: one.sha for one in stored}
        hashes = [text_hash(one.text) for one in item.versions]
        fresh = next((at for at, one in enumerate(hashes) if one not in known), len(hashes))
        there = {at: known[one] for at, one in enumerate(hashes[:fresh])}
        before = len(self._written)
        self._write(item, row, item.versions[fresh:], first=fresh, there=there)
        if self._samples(item, row):
            tx.emit("sample.changed", prompt=row.id)
        (self._updated if len(self._written) > before else self._skipped).append(item.name)

    def _samples(self, item: ImportItem, row: AnyRow) -> bool:
        added = samples.insert_missing(self._tx, row, item.samples)
        self._written.extend(["sample", row.id, name, ""] for name in added)
        return bool(added)

    def _write(
        self,
        item: ImportItem,
        row: AnyRow,
        versions: tuple[ImportVersion, ...],
        *,
        first: int = 0,
        there: Mapping[int, str] | None = None,
    ) -> None:
        """Write versions.

        Args:
            first: the index of the first of them in ``item``.
            there: SHA by index of those before, which the prompt has already: a branch may start from one.
        """
        shas: dict[int, str] = {}
        reached = ChainMap(shas, dict(there or {}))
        last = {one.branch: at for at, one in enumerate(versions, first)}
        for at, one in enumerate(versions, first):
            self._branch(item, row, one, reached)
            try:
                prepared = saving.prepare(self._tx, one.text, row.id, item.name)
            except REFUSALS as error:
                if at != last[one.branch]:
                    raise self._in_history(item, at, error) from error
                self._draft(item, row, one, error)
                continue
            saved = saving.store(
                self._tx,
                row,
                prepared,
                name=one.branch,
                message=one.commit_message,
                fresh=item.name not in self.present,
            )
            shas[at] = saved.sha
            if saved.created:
                self._written.append(["version", row.id, one.branch, saved.sha])
                if item.name in self.present:
                    self._tx.emit("version.created", prompt=row.id, version=saved.sha, branch=one.branch)
            row = by_prompt(self._tx, row.id)
        self._empty_branches(item, row, reached)
        self._deploy(item, row, shas)

    def _empty_branches(self, item: ImportItem, row: AnyRow, shas: Mapping[int, str]) -> None:
        """Make the branches that have no version of their own and are not there yet."""
        for name, at in item.branches.items():
            self._check_place(item, f"the branch {name!r} is to begin at", at)
            start = shas.get(at) or refs.head(self._tx, row.id)
            if start is not None and name != DEFAULT_BRANCH and refs.head(self._tx, row.id, name) is None:
                self._make_branch(item, row, name, start)

    def _branch(self, item: ImportItem, row: AnyRow, one: ImportVersion, shas: Mapping[int, str]) -> None:
        """Make the version's branch where there is none yet."""
        tx = self._tx
        if one.branch == DEFAULT_BRANCH or refs.head(tx, row.id, one.branch) is not None:
            return
        start = refs.head(tx, row.id)
        if one.base is not None:
            start = shas.get(one.base, start)
        self._make_branch(item, row, one.branch, start)

    def _make_branch(self, item: ImportItem, row: AnyRow, name: str, start: str | None) -> None:
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
        heads.insert_branch(self._tx, row, name, head, fresh=row.name not in self.present)
        self._written.append(["branch", row.id, name, head])
        if row.name in self.present:
            self._tx.emit("branch.created", prompt=row.id, branch=name)

    def _check_place(self, item: ImportItem, what: str, at: int) -> None:
        if not 0 <= at < len(item.versions):
            raise InvalidInput(
                f"{item.name}: {what} version {at}, but there are {len(item.versions)} (counted from 0). Nothing was "
                "imported.",
                details={"name": item.name},
            )

    def _deploy(self, item: ImportItem, row: AnyRow, shas: Mapping[int, str]) -> None:
        tx = self._tx
        for name, at in item.deployments.items():
            self._check_place(item, f"{name} is to serve", at)
            deployments.require_deploy(tx, name)
            last = deployments.last_of(tx, row.id, name)
            sha = shas.get(at)  # None: a draft now, or there before
            if sha is None or (last is not None and last.version_sha == sha):
                continue
            deployments.serve(tx, row.id, name, sha, action="promote", reason="imported", last=last)
            self._written.append(["deployment", row.id, name, sha])
            if item.name in self.present:
                tx.emit("deployment.changed", prompt=row.id, environment=name, version=sha)

    # ------------------------------------------------------------------ what has errors

    def _draft(self, item: ImportItem, row: AnyRow, one: ImportVersion, error: PromptHubError) -> None:
        """Keep a text that cannot become a version as a draft; a draft that is there is left alone."""
        tx, name = self._tx, one.branch
        self._problems.setdefault(item.name, []).extend(problems_of(one.text, error))
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
                    "Save the draft first. Nothing was imported.",
                    details={**error.details, "name": item.name},
                ) from error
            name = self._free_branch(row)
            self._insert_branch(row, name, start)
        head = refs.head(tx, row.id, name)
        draft_rows.start(tx, row, name, text=one.text, base=head)
        self._written.append(["draft", row.id, name, text_hash(one.text)])
        if head is None:
            heads.reindex(tx, row, one.text)
        self._drafts.append(item.name if name == DEFAULT_BRANCH else f"{item.name}@{name}")

    def _free_branch(self, row: AnyRow) -> str:
        name, number = _DRAFT, 1
        while refs.check_free_ref(self._tx, row.id, name, "branch name") or draft_rows.draft_row(
            self._tx, row.id, name
        ):
            number += 1
            name = f"{_DRAFT}-{number}"
        return name

    def _in_history(self, item: ImportItem, at: int, error: PromptHubError) -> PromptHubError:
        """Only the last text of a branch can be a draft."""
        return type(error)(
            f"{item.name}, version {at + 1} of {len(item.versions)}: {error.message}. Nothing was imported.",
            details={**error.details, "name": item.name, "version": at},
        )


def problems_of(text: str, error: PromptHubError) -> tuple[Problem, ...]:
    found = promptfile.check(text)[1]
    if any(problem.severity == "error" for problem in found):
        return found
    return (*found, Problem(code=error.code, message=error.message))


def _snippets_first(items: tuple[ImportItem, ...]) -> Iterator[ImportItem]:
    """The items, each after those that it includes; the order is kept otherwise, and cycles are left to the lock."""
    by_name = {item.name: item for item in items}
    uses: dict[str, set[str]] = {}
    for item in items:
        wanted: set[str] = set()
        for one in item.versions:
            # a text without a snippet's marker need not be parsed twice
            document = promptfile.check(one.text)[0] if "{{>" in one.text or "{{~>" in one.text else None
            if document is not None:
                wanted |= document.content.snippets.keys() & by_name.keys()
        uses[item.name] = wanted - {item.name}
    done: set[str] = set()
    for item in items:
        waiting = [(item.name, iter(sorted(uses[item.name])))]
        begun = {item.name}
        while waiting:
            name, inside = waiting[-1]
            deeper = next((one for one in inside if one not in done and one not in begun), None)
            if deeper is not None:
                begun.add(deeper)
                waiting.append((deeper, iter(sorted(uses[deeper]))))
                continue
            waiting.pop()
            if name not in done:
                done.add(name)
                yield by_name[name]
