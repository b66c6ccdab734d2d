"""How an import from git writes one prompt: versions for the commits that are none yet, then branches and tags."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select

from jupyter_prompthub.core.canonical import text_hash
from jupyter_prompthub.core.errors import InvalidInput, TooLarge
from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.records import GitImport, GitReview, Problem

from ..store.tables import draft, git_commit, version, version_parent, version_tag
from ..store.types import AnyRow
from ..targets import by_prompt
from ..transaction import Tx
from . import draft_rows, heads, refs, saving
from .git_heads import Heads
from .import_item import REFUSALS, problems_of
from .prompts import insert_prompt

__all__ = ["Bringing", "Report"]

_MOST_TEXT = 64 * 1024 * 1024
"""bytes of new texts in one import"""
_MESSAGE = 2_000
_SAID = 200
"""problems that a report names"""


@dataclass(slots=True)
class Report:
    """What has come in so far."""

    created: list[str] = field(default_factory=list)
    prompts: set[str] = field(default_factory=set)
    versions: int = 0
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    reviews: list[GitReview] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    problems: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    written: list[list[str]] = field(default_factory=list)
    """for the audit log: [what, prompt id, name, SHA]"""
    bytes: int = 0

    def wrote(self, what: str, prompt_id: str, name: str, sha: str = "") -> None:
        """Note what was written."""
        self.written.append([what, prompt_id, name, sha])
        self.prompts.add(prompt_id)

    def record(self) -> GitImport:
        """The answer."""
        return GitImport(
            created=tuple(self.created),
            versions=self.versions,
            branches=self.branches,
            tags=self.tags,
            reviews=tuple(self.reviews),
            drafts=tuple(self.drafts),
            problems=self.problems,
            left=self.left,
        )


class Bringing:
    """One prompt's part of an import.

    Args:
        scan: the repository (``jupyter_prompthub.git.reading.Scan``).
        heads: its branches by their names here, ``main`` first.
        report: is added to.
        alone: the repository holds this prompt only.
    """

    def __init__(self, tx: Tx, scan: Any, heads: Mapping[str, int], report: Report, *, alone: bool) -> None:
        self._tx, self._scan, self._heads, self._report, self._alone = tx, scan, heads, report, alone
        self._row: AnyRow | None = None
        self._name = self._path = ""
        self._origins: list[dict[str, Any]] = []

    def run(self, name: str, row: AnyRow | None, paths: list[str]) -> None:
        """Bring in what the prompt lacks.

        Args:
            row: None: it is new.
            paths: where its file stands or stood; the last one counts most.
        """
        from jupyter_prompthub.git.mapping import Graph, map_prompt

        self._name, self._row, self._path = name, row, paths[-1]
        if why := self._no_entry(row, paths):
            self._report.left[paths[-1]] = why
            return
        self._graph = Graph(self._versions() if row is not None else {})
        known = self._known() if row is not None else {}
        tags = self._tags()
        self._made = map_prompt(
            self._scan, paths, self._graph, known, self._make, {*self._heads.values(), *tags.values()}
        )
        self._write_origins()
        if self._row is not None and self._row.versions:
            writer = Heads(self._tx, self._row, self._graph, self._report, fresh=row is None)
            for branch, at in self._heads.items():
                self._bring_head(writer, branch, at)
            self._bring_tags(tags)
        self._keep_drafts()

    def _no_entry(self, row: AnyRow | None, paths: list[str]) -> str | None:
        if row is not None:
            return "the prompt is archived: restore it first" if row.archived_at is not None else None
        main = self._heads.get(DEFAULT_BRANCH)
        if main is None or self._scan.objects.find(self._scan.commits[main].tree, paths[-1]) is None:
            return f"it is not on {DEFAULT_BRANCH}: a new prompt comes in once it is there"
        return refs.check_free_name(self._tx, self._name)

    # ------------------------------------------------------------------ what is there

    def _mine(self, table: Any) -> tuple[Any, ...]:
        assert self._row is not None
        return table.c.workspace_id == self._tx.workspace_id, table.c.prompt_id == self._row.id

    def _versions(self) -> dict[str, Any]:
        from jupyter_prompthub.git.mapping import Known

        parents: dict[str, list[str]] = {}
        edges = select(version_parent.c.sha, version_parent.c.parent_sha).where(*self._mine(version_parent))
        for edge in self._tx.conn.execute(edges.order_by(version_parent.c.sha, version_parent.c.position)):
            parents.setdefault(edge.sha, []).append(edge.parent_sha)
        rows = select(version.c.sha, version.c.number, version.c.text_hash).where(*self._mine(version))
        return {
            row.sha: Known(row.number, tuple(parents.get(row.sha, ())), row.text_hash)
            for row in self._tx.conn.execute(rows)
        }

    def _known(self) -> dict[bytes, str]:
        rows = select(git_commit.c.id, git_commit.c.sha).where(*self._mine(git_commit))
        return {row.id.encode(): row.sha for row in self._tx.conn.execute(rows)}

    # ------------------------------------------------------------------ versions

    def _make(self, commit: Any, parents: tuple[str, ...], blob: bytes) -> str | None:
        """A version from a commit; None: its text cannot become one."""
        from jupyter_prompthub.git.layout import without
        from jupyter_prompthub.git.people import author_of

        tx, objects = self._tx, self._scan.objects
        place = f"{self._path} at {commit.id.decode()[:12]}"
        text = objects.text(blob)
        if text is None:
            self._bad(place, (Problem(code="text", message=objects.no_text(blob)),))
            return None
        self._report.bytes += len(text)
        if self._report.bytes > _MOST_TEXT:
            raise TooLarge(
                f"the repository brings more than {_MOST_TEXT} characters of new texts; name some of its prompts first",
                details={"limit": _MOST_TEXT},
            )
        try:
            prepared = saving.prepare(tx, text, self._row.id if self._row else None, self._name)
        except REFUSALS as error:
            self._bad(place, problems_of(text, error))
            return None
        row = self._row or self._new_row()
        raw = objects.raw(commit.id, 1)
        message = without(raw.partition(b"\n\n")[2].decode("utf-8", "replace"))
        if len(message) > _MESSAGE:
            message = message[: _MESSAGE - 1] + "…"
        author, at = author_of(raw)
        sha = saving.add(
            tx,
            row,
            prepared,
            parents=parents,
            message=message,
            taken=self._graph.versions,
            wrote=(author, at or tx.now),
        )
        self._origins.append(
            {
                "workspace_id": tx.workspace_id,
                "prompt_id": row.id,
                "id": commit.id.decode(),
                "sha": sha,
                "raw": tx.codec.seal(git_commit.c.raw, sha, base64.b64encode(raw).decode()),
                "created_at": tx.now,
            }
        )
        self._report.versions += 1
        self._report.wrote("version", row.id, "", sha)
        return sha

    def _new_row(self) -> AnyRow:
        self._row = insert_prompt(self._tx, name=self._name, title=None, description="", tags=())
        self._report.created.append(self._name)
        self._report.wrote("prompt", self._row.id, self._name)
        return self._row

    def _bad(self, place: str, problems: tuple[Problem, ...]) -> None:
        if len(self._report.problems) < _SAID:
            self._report.problems[place] = problems

    def _write_origins(self) -> None:
        if self._origins:
            self._tx.conn.execute(insert(git_commit), self._origins)
        if self._row is not None:
            self._row = by_prompt(self._tx, self._row.id)

    # ------------------------------------------------------------------ branches, drafts, tags

    def _bring_head(self, writer: Heads, branch: str, at: int) -> None:
        sha = self._made.versions[at]
        said = f"{self._name}@{branch}"
        if at in self._made.gone:
            self._report.left[said] = (
                "its file was deleted in the repository: the prompt stays, archive it yourself"
            )
        elif sha is not None and (branch == DEFAULT_BRANCH or self._alone or self._own(branch, at, sha)):
            writer.bring(branch, sha)

    def _own(self, branch: str, at: int, sha: str) -> bool:
        """Whether a branch of a repository of many is meant for this prompt too: an export made it, which puts only those
        prompts there that have it; or there is something that ``main`` does not have."""
        main = self._heads.get(DEFAULT_BRANCH)
        if main is None or (there := self._made.versions[main]) is None or not self._graph.leads(sha, there):
            return True
        commit, objects = self._scan.commits[at], self._scan.objects
        if commit.said is not None and commit.said.branch == branch:
            return True
        on_main = self._scan.commits[main].tree
        return any(
            objects.find(on_main, path) is not None and objects.find(commit.tree, path) is None
            for path in self._scan.paths
        )

    def _keep_drafts(self) -> None:
        """Keep the last text of a branch that cannot become a version as a draft, where there is none."""
        tx = self._tx
        for branch, at in self._heads.items():
            blob = self._made.bad.get(at)
            text = self._scan.objects.text(blob.encode()) if blob is not None else None
            if text is None or (self._row is None and branch != DEFAULT_BRANCH):
                continue
            row = self._row or self._new_row()
            said = f"{self._name}@{branch}"
            base = refs.head(tx, row.id, branch)
            if branch != DEFAULT_BRANCH and base is None:
                self._report.left[said] = (
                    "its last text cannot become a version, and there is no such branch here"
                )
            elif draft_rows.draft_row(tx, row.id, branch) is not None:
                same = select(draft.c.text_hash).where(*self._mine(draft), draft.c.branch == branch)
                if tx.conn.execute(same).scalar_one() != text_hash(text):
                    self._report.left[said] = (
                        "its last text cannot become a version, and there is a draft already"
                    )
            else:
                draft_rows.start(tx, row, branch, text=text, base=base)
                self._report.drafts.append(said)
                self._report.wrote("draft", row.id, branch, text_hash(text))
                if not row.versions:
                    heads.reindex(tx, row, text)

    def _tags(self) -> dict[str, int]:
        """The repository's tags that are this prompt's, by their names here."""
        found: dict[str, int] = {}
        for tag, at in self._scan.tags.items():
            name, _, own = tag.rpartition("@")
            if name == self._name or (not name and self._alone):
                found[own] = at
        return found

    def _bring_tags(self, tags: Mapping[str, int]) -> None:
        tx, row = self._tx, self._row
        assert row is not None
        rows = tx.conn.execute(select(version_tag.c.name, version_tag.c.sha).where(*self._mine(version_tag)))
        there = {tagged.name: tagged.sha for tagged in rows}
        for tag, at in tags.items():
            sha = self._made.versions[at]
            if sha is None or there.get(tag) == sha:
                continue
            try:
                taken = (
                    "another version" if tag in there else refs.check_free_ref(tx, row.id, tag, "version tag")
                )
            except InvalidInput as error:
                taken = error.message
            if taken:
                self._report.left[f"tag {tag} of {self._name}"] = f"{taken} is called that here"
                continue
            tx.conn.execute(
                insert(version_tag).values(
                    workspace_id=tx.workspace_id, prompt_id=row.id, name=tag, sha=sha,
                    created_by=tx.caller.actor_id, created_at=tx.now,
                )
            )  # fmt: skip
            self._report.tags[f"{self._name}@{tag}"] = sha
            self._report.wrote("tag", row.id, tag, sha)
