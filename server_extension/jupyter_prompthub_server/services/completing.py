"""Completion for an editor: the text, its place, and what the workspace has. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, exists, literal, select, union_all

from jupyter_prompthub.core import completing as core
from jupyter_prompthub.core.cellmagic import cell_reference
from jupyter_prompthub.core.errors import InvalidInput, NotFound
from jupyter_prompthub.core.names import LATEST, Reference, check_name, parse_reference
from jupyter_prompthub.core.offers import Ref, SnippetName
from jupyter_prompthub.core.promptfile import MAX_TEXT, brings_front_matter, with_body
from jupyter_prompthub.core.records import Completed, CompleteText, ModelInfo

from ..access.permissions import Permission
from ..execution.choice import list_models
from ..operations import operation
from ..store.tables import branch, deployment, prompt, version_snippet, version_tag
from ..targets import by_prompt
from ..transaction import Tx
from .connections import usable
from .refs import prompt_named, resolve
from .version_rows import load

__all__ = ["complete", "snippet_names"]

_MOST_REFS = 200
_MOST_NAMES = 2000


@operation(Permission.PROMPT_READ, no_audit="read")
def complete(tx: Tx, new: CompleteText) -> Completed:
    """What may stand at a place of a text: variables, helpers, snippets, models, refs, keys, types."""
    if len(new.text) > MAX_TEXT:
        raise InvalidInput(f"the text has {len(new.text)} characters; at most {MAX_TEXT} are allowed")
    own = by_prompt(tx, new.prompt_id).id if new.prompt_id is not None else None
    text, before = new.text, 0
    if new.cell_line is not None:
        own, text = _cell(tx, new.cell_line, new.text)
        before = len(text) - len(new.text)
    done = core.complete(text, new.position + before, library=_Workspace(tx, own), explicit=new.explicit)
    return done.model_copy(update={"start": done.start - before, "end": done.end - before})


def _cell(tx: Tx, line: str, cell: str) -> tuple[str | None, str]:
    """A cell's prompt, and its text in that prompt's front matter; a prompt that is not there (yet) has none."""
    try:
        named = parse_reference(cell_reference(line) or "")
        row = prompt_named(tx, named)
        head = load(tx, row.id, resolve(tx, row, named.ref).sha)
    except (NotFound, InvalidInput):
        return None, cell
    return row.id, cell if brings_front_matter(cell) else with_body(head.text, cell)


def snippet_names(tx: Tx, name: str) -> Sequence[str]:
    """Names that ``name`` could be a misspelling of: those with the same first letter somewhere."""
    return [one.name for one in _Workspace(tx, None).snippets(name[:1], _MOST_NAMES)]


class _Workspace:
    """The workspace of a transaction, as completion asks it."""

    def __init__(self, tx: Tx, own: str | None) -> None:
        self._tx, self._own = tx, own

    def snippets(self, word: str, limit: int) -> Sequence[SnippetName]:
        begins = prompt.c.name.startswith(word, autoescape=True)
        # what others include is what is most likely meant
        included = exists().where(
            version_snippet.c.workspace_id == self._tx.workspace_id,
            version_snippet.c.snippet_prompt_id == prompt.c.id,
        )
        statement = (
            select(prompt.c.name, prompt.c.title, prompt.c.description)
            .where(
                prompt.c.workspace_id == self._tx.workspace_id,
                prompt.c.archived_at.is_(None),
                prompt.c.name.contains(word, autoescape=True),
            )
            .order_by(case((begins, 0), else_=1), case((included, 0), else_=1), prompt.c.name)
            .limit(limit)
        )
        if self._own is not None:
            statement = statement.where(prompt.c.id != self._own)
        rows = self._tx.conn.execute(statement)
        return [SnippetName(row.name, row.title or "", row.description or "") for row in rows]

    def refs(self, name: str) -> Sequence[Ref]:
        try:
            prompt_id = prompt_named(self._tx, Reference(check_name(name))).id
        except (NotFound, InvalidInput):
            return ()
        kinds = (
            (deployment, deployment.c.environment, "environment"),
            (version_tag, version_tag.c.name, "tag"),
            (branch, branch.c.name, "branch"),
        )
        named = [
            select(literal(index).label("rank"), column.label("name"), literal(kind).label("kind"))
            .where(table.c.workspace_id == self._tx.workspace_id, table.c.prompt_id == prompt_id)
            .distinct()
            for index, (table, column, kind) in enumerate(kinds)
        ]
        found = union_all(*named).subquery()
        rows = self._tx.conn.execute(select(found).order_by(found.c.rank, found.c.name).limit(_MOST_REFS))
        return [Ref(LATEST, "latest"), *(Ref(row.name, row.kind) for row in rows)]

    def models(self) -> Sequence[ModelInfo]:
        return list_models(usable(self._tx)).items
