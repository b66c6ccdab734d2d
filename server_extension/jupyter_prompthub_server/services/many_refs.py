"""What many refs name: the rules of ``refs``, in a number of statements that does not grow with the number of refs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import and_, or_, select

from jupyter_prompthub.core.errors import InvalidInput, NotFound
from jupyter_prompthub.core.names import DEFAULT_BRANCH, LATEST, Reference, is_prompt_id, is_sha_prefix

from ..store.tables import branch, environment, prompt, prompt_redirect, version, version_tag, workspace
from ..store.types import AnyRow
from ..transaction import Tx
from . import refs
from .around import current_deployments
from .refs import Found

__all__ = ["named", "resolved", "runs"]

T = TypeVar("T")

_RUN = 500


def runs(items: Sequence[T], size: int = _RUN) -> Iterator[Sequence[T]]:
    """The items in runs that one statement takes."""
    return (items[start : start + size] for start in range(0, len(items), size))


def named(tx: Tx, references: Iterable[Reference]) -> dict[Reference, AnyRow]:
    """The prompts that references name (``refs.prompt_named``); one that names none is left out."""
    wanted = set(references)
    if any(one.workspace is not None for one in wanted):
        here = tx.conn.scalar(select(workspace.c.name).where(workspace.c.id == tx.workspace_id))
        wanted = {one for one in wanted if one.workspace in (None, here)}
    names = sorted({one.name for one in wanted})
    found = _rows(tx, prompt.c.name, [name for name in names if not is_prompt_id(name)])
    found |= _rows(tx, prompt.c.id, [name for name in names if is_prompt_id(name)])
    moved: dict[str, str] = {}
    for some in runs([name for name in names if name not in found]):
        former = select(prompt_redirect.c.name, prompt_redirect.c.prompt_id).where(
            prompt_redirect.c.workspace_id == tx.workspace_id, prompt_redirect.c.name.in_(some)
        )
        moved.update((row.name, row.prompt_id) for row in tx.conn.execute(former))
    targets = _rows(tx, prompt.c.id, sorted({*moved.values()}))
    found |= {name: targets[prompt_id] for name, prompt_id in moved.items()}
    return {one: found[one.name] for one in wanted if one.name in found}


def _rows(tx: Tx, by: Any, values: Sequence[str]) -> dict[str, AnyRow]:
    mine = select(prompt).where(prompt.c.workspace_id == tx.workspace_id)
    return {
        getattr(row, by.name): row
        for some in runs(values)
        for row in tx.conn.execute(mine.where(by.in_(some)))
    }


def resolved(
    tx: Tx, wanted: Iterable[tuple[AnyRow, str]]
) -> dict[tuple[str, str], Found | NotFound | InvalidInput]:
    """What ``refs.resolve`` says of each pair of a prompt's row and a ref, by (prompt id, ref): the version, or the
    error that is to be raised."""
    wanted = tuple(wanted)
    rows = {row.id: row for row, _ in wanted}
    pairs = sorted({(row.id, ref) for row, ref in wanted})
    hexes = [pair for pair in pairs if is_sha_prefix(pair[1].lower())]
    others = [pair for pair in pairs if not is_sha_prefix(pair[1].lower())]
    found: dict[tuple[str, str], Found | NotFound | InvalidInput] = {}
    for some in runs(others, 200):
        found |= _by_name(tx, some)
    for some in runs(hexes, 100):
        found |= _by_prefix(tx, some)
    missing = [pair for pair in pairs if pair not in found]
    if missing:
        environments = set(
            tx.conn.scalars(select(environment.c.name).where(environment.c.workspace_id == tx.workspace_id))
        )
        for prompt_id, ref in missing:
            row = rows[prompt_id]
            found[prompt_id, ref] = (
                refs.unsaved(row, ref)
                if ref == LATEST
                else refs.no_version(row, ref, environment=ref in environments)
            )
    return found


def _by_name(tx: Tx, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Found]:
    ids = sorted({prompt_id for prompt_id, _ in pairs})
    names = {DEFAULT_BRANCH if ref == LATEST else ref for _, ref in pairs}
    made: dict[tuple[str, str], Found] = {}
    heads: dict[tuple[str, str], str] = {}
    for table, sha in ((branch, branch.c.head), (version_tag, version_tag.c.sha)):
        mine = (table.c.workspace_id == tx.workspace_id, table.c.prompt_id.in_(ids), table.c.name.in_(names))
        for row in tx.conn.execute(select(table.c.prompt_id, table.c.name, sha.label("sha")).where(*mine)):
            made[row.prompt_id, row.name] = Found(row.sha, row.name)
            if table is branch:
                heads[row.prompt_id, row.name] = row.sha
    for row in current_deployments(tx, ids):
        if row.environment in names:
            made[row.prompt_id, row.environment] = Found(row.sha, row.environment, row.environment, row.id)
    for prompt_id in ids:
        if (head := heads.get((prompt_id, DEFAULT_BRANCH))) is not None:
            made[prompt_id, LATEST] = Found(head, LATEST)
    return {pair: made[pair] for pair in pairs if pair in made}


def _by_prefix(tx: Tx, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Found | InvalidInput]:
    fits = or_(
        *(
            and_(
                version.c.prompt_id == prompt_id,
                version.c.sha >= ref.lower(),
                version.c.sha < ref.lower() + "g",
            )
            for prompt_id, ref in pairs
        )
    )
    shas: defaultdict[str, list[str]] = defaultdict(list)
    mine = select(version.c.prompt_id, version.c.sha).where(version.c.workspace_id == tx.workspace_id, fits)
    for row in tx.conn.execute(mine):
        shas[row.prompt_id].append(row.sha)
    made: dict[tuple[str, str], Found | InvalidInput] = {}
    for prompt_id, ref in pairs:
        fitting = [sha for sha in shas[prompt_id] if sha.startswith(ref.lower())]
        if fitting:
            one = len(fitting) == 1
            made[prompt_id, ref] = Found(fitting[0], ref) if one else refs.ambiguous(ref.lower())
    return made
