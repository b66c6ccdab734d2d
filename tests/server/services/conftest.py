"""A library of prompts, used through the dispatcher by the people of two workspaces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_prompthub_server.dispatch import Dispatcher, Outcome
from jupyter_prompthub_server.operations import Caller, Operation
from jupyter_prompthub_server.services import branches, deployments, git_import, prompts, transfer, versions
from jupyter_prompthub_server.store.store import Store
from jupyter_prompthub_server.store.tables import audit_entry
from pydantic import BaseModel
from sqlalchemy import Engine, event, select

from jupyter_prompthub.core.records import (
    Branch,
    Deployment,
    ExportResponse,
    GitImport,
    ImportItem,
    ImportReport,
    ImportRequest,
    ImportVersion,
    NewBranch,
    NewPrompt,
    NewVersion,
    Promote,
    PromptDetail,
    PromptPage,
    PromptPatch,
    PromptQuery,
    Resolution,
    Version,
)
from jupyter_prompthub.git.packs import read_bundle
from tests.server.services.bringing import Bring
from tests.support.gitobjects import Made
from tests.support.people import People


class Library:
    """Short ways to run operations; the engineer runs them unless somebody else is named."""

    def __init__(self, store: Store, dispatcher: Dispatcher, people: People) -> None:
        self.store, self.dispatcher, self.people = store, dispatcher, people

    def run(
        self,
        op: Operation,
        path: dict[str, str] | None = None,
        new: BaseModel | None = None,
        by: Caller | None = None,
    ) -> Any:
        return self.dispatcher.run(op, by or self.people.engineer, path or {}, new)

    def told(
        self,
        op: Operation,
        path: dict[str, str] | None = None,
        new: BaseModel | None = None,
        by: Caller | None = None,
    ) -> Outcome[Any]:
        return self.dispatcher.run_with_receipt(op, by or self.people.engineer, path or {}, new)

    def create(
        self, name: str | None = None, text: str | None = "Hello\n", by: Caller | None = None, **more: Any
    ) -> PromptDetail:
        made: PromptDetail = self.run(prompts.create, new=NewPrompt(name=name, text=text, **more), by=by)
        return made

    def update(self, prompt_id: str, by: Caller | None = None, **fields: Any) -> PromptDetail:
        made: PromptDetail = self.run(prompts.update_, {"prompt_id": prompt_id}, PromptPatch(**fields), by)
        return made

    def get(self, prompt_id: str, by: Caller | None = None) -> PromptDetail:
        found: PromptDetail = self.run(prompts.get, {"prompt_id": prompt_id}, by=by or self.people.viewer)
        return found

    def search(self, by: Caller | None = None, **query: Any) -> PromptPage:
        page: PromptPage = self.run(prompts.search, new=PromptQuery(**query), by=by or self.people.viewer)
        return page

    def names(self, **query: Any) -> list[str]:
        return [item.name for item in self.search(**query).items]

    def save(
        self, prompt_id: str, text: str, message: str = "", by: Caller | None = None, **more: Any
    ) -> Version:
        new = NewVersion(text=text, commit_message=message, **more)
        saved: Version = self.run(versions.save, {"prompt_id": prompt_id}, new, by)
        return saved

    def branch(self, prompt_id: str, name: str, base: str = "latest") -> Branch:
        made: Branch = self.run(
            branches.create, {"prompt_id": prompt_id}, NewBranch(name=name, base_version=base)
        )
        return made

    def promote(
        self, prompt_id: str, environment: str, version: str = "latest", by: Caller | None = None
    ) -> Deployment:
        new = Promote(environment=environment, version=version)
        done: Deployment = self.run(
            deployments.promote, {"prompt_id": prompt_id}, new, by or self.people.admin
        )
        return done

    def resolve(self, ref: str, by: Caller | None = None) -> Resolution:
        found: Resolution = self.run(
            versions.resolve, new=versions.ResolveQuery(ref=ref), by=by or self.people.viewer
        )
        return found

    def import_(
        self, *items: ImportItem, on_conflict: Any = "fail", by: Caller | None = None
    ) -> ImportReport:
        request = ImportRequest(items=items, on_conflict=on_conflict)
        report: ImportReport = self.run(transfer.import_, new=request, by=by or self.people.admin)
        return report

    def export(self, *names: str, by: Caller | None = None) -> ExportResponse:
        query = transfer.ExportQuery(names=",".join(names))
        bundle: ExportResponse = self.run(transfer.export, new=query, by=by or self.people.viewer)
        return bundle

    def texts(self, prompt_id: str) -> list[str]:
        """The texts of all versions, oldest first."""
        found = self.run(versions.list_, {"prompt_id": prompt_id}, versions.VersionQuery(limit=200))
        return [
            self.run(versions.get, {"prompt_id": prompt_id, "ref": one.sha}).text
            for one in reversed(found.items)
        ]

    def entries(self, workspace_id: str | None = None) -> list[tuple[str, dict[str, str]]]:
        """Tags and targets in the audit log, oldest first."""
        with self.store.database.reading() as conn:
            rows = conn.execute(
                select(audit_entry.c.tag, audit_entry.c.target)
                .where(audit_entry.c.workspace_id == (workspace_id or self.people.workspace_id))
                .order_by(audit_entry.c.id)
            ).all()
        return [(row.tag, row.target) for row in rows]

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """The statements that readers run inside."""
        with counted(self.store.database.reader) as seen:
            yield seen


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that run on an engine's connections inside."""
    seen: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def library(store: Store, dispatcher: Dispatcher, people: People) -> Library:
    return Library(store, dispatcher, people)


def item(name: str, *texts: str | ImportVersion, **more: Any) -> ImportItem:
    """A prompt to import, with versions on main."""
    made = tuple(one if isinstance(one, ImportVersion) else ImportVersion(text=one) for one in texts)
    return ImportItem(name=name, versions=made, **more)


@pytest.fixture
def bring(library: Library, tmp_path: Path) -> Bring:
    """Import a repository, as the engineer."""
    count = iter(range(1_000_000))

    def run(made: Made | bytes, by: Caller | None = None, **more: Any) -> GitImport:
        refs, pack = read_bundle(made if isinstance(made, bytes) else made.bundle())
        folder = tmp_path / f"objects-{next(count)}"
        scan = git_import.scanned(refs, pack, folder)
        try:
            done: GitImport = library.run(git_import.bring, new=git_import.Incoming(scan=scan, **more), by=by)
        finally:
            scan.objects.close()
        return done

    return run
