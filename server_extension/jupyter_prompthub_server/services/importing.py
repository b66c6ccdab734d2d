"""How an import writes: all its items, snippets before what includes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from jupyter_prompthub.core.canonical import canonical, tagged_sha256
from jupyter_prompthub.core.errors import AlreadyExists, Forbidden, InvalidInput, PromptHubError, Protected
from jupyter_prompthub.core.records import ImportItem, ImportReport, ImportRequest, Problem

from ..access.permissions import Permission
from ..store.tables import prompt
from ..store.types import AnyRow
from ..transaction import Tx
from .import_item import Brought, ItemImport
from .import_order import snippets_first

__all__ = ["Importer", "twice"]

_TAKEN = "there already; say on_conflict skip or new_version."
_UNCHANGED = "Nothing was changed."
"""how refusals end that are not only an import's"""


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
        self._written: list[list[str]] = []
        names = [item.name for item in request.items]
        if again := [name for name, count in Counter(names).items() if count > 1]:
            raise twice(again[0])
        self._present = self._find(names)

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return bool(self._written)

    @property
    def root(self) -> str:
        """SHA-256 of ``prompthub import v2\0`` + canonical JSON of what was written, in order: [what, prompt id, name,
        version SHA or hash of the text] (``docs/formats/export.md``)."""
        return tagged_sha256("prompthub import v2", canonical(self._written))

    def allow(self) -> None:
        """Refuse who may not import as much: more than one new prompt needs ``workspace:write``.

        Raises:
            Forbidden
        """
        if len(self._request.items) != 1 or self._present:
            self._tx.require(Permission.WORKSPACE_WRITE)

    def run(self) -> ImportReport:
        """Write everything.

        Raises:
            AlreadyExists: a name is taken, and ``on_conflict`` is ``fail``.
            PromptHubError: what refuses one of the items (:meth:`ItemImport.run`).
        """
        if self._present and self._request.on_conflict == "fail":
            raise _there(sorted(self._present))
        found: dict[str, Brought] = {}
        for item in self.ordered():
            try:
                found[item.name] = self.bring(item)
            except PromptHubError as error:
                raise _all_or_nothing(item.name, error) from error
        made = [(item.name, found[item.name]) for item in self._request.items]

        def named(*states: str) -> tuple[str, ...]:
            return tuple(name for name, one in made if one.state in states)

        problems: dict[str, tuple[Problem, ...]] = {
            name: tuple(one.problems) for name, one in made if one.problems
        }
        return ImportReport(
            created=named("new"),
            updated=named("changed"),
            skipped=named("same", "skipped"),
            drafts=tuple(name for _, one in made for name in one.drafts),
            problems=problems,
        )

    def ordered(self) -> Iterator[ImportItem]:
        """The items, in the order in which they are to be brought in."""
        return snippets_first(self._request.items)

    def bring(self, item: ImportItem) -> Brought:
        """Write one item.

        Raises:
            PromptHubError: it is refused (:meth:`ItemImport.run`).
        """
        row = self._present.get(item.name)
        if row is not None and self._request.on_conflict == "fail":
            raise AlreadyExists(f"{item.name}: {_TAKEN}", details={"name": item.name})
        if row is not None and self._request.on_conflict == "skip":
            return Brought("skipped")
        made = ItemImport(self._tx, item, row).run()
        self._written += made.written
        return made

    def _find(self, names: list[str]) -> dict[str, AnyRow]:
        """The prompts that are there already, by name."""
        found: dict[str, AnyRow] = {}
        for at in range(0, len(names), 500):
            rows = self._tx.conn.execute(
                select(prompt).where(
                    prompt.c.workspace_id == self._tx.workspace_id, prompt.c.name.in_(names[at : at + 500])
                )
            )
            found.update({row.name: row for row in rows})
        return found


def twice(name: str) -> InvalidInput:
    """The refusal of a name that an import has twice."""
    return InvalidInput(f"the import names {name!r} twice", details={"name": name})


def _there(taken: list[str]) -> AlreadyExists:
    return AlreadyExists(
        f"{', '.join(taken[:5])}{' …' if len(taken) > 5 else ''}: {_TAKEN} Nothing was imported.",
        details={"names": taken[:100]},
    )


def _all_or_nothing(name: str, error: PromptHubError) -> PromptHubError:
    """What refuses an item, as what refuses the import."""
    said = f"{name}: {error.message}" if isinstance(error, Forbidden | Protected) else error.message
    if not said.endswith(_UNCHANGED):
        said = f"{said.removesuffix('.')}. Nothing was imported."
    return type(error)(said, details=error.details)
