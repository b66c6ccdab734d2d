"""Bundles: what some refs name now, with all that it needs, signed by this server."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import select

from jupyter_prompthub.bundle import BundledPrompt, BundledVersion, Index, SigningKey, assemble
from jupyter_prompthub.core.errors import InvalidInput, NotFound, TooLarge
from jupyter_prompthub.core.names import LATEST, parse_reference
from jupyter_prompthub.core.records import BundleFile, BundleKey, BundleQuery, Record

from ..access.permissions import AuditTag, Permission
from ..endpoints import Context, endpoint
from ..operations import operation
from ..store.tables import branch, environment, prompt, prompt_redirect, prompt_tag, version_tag, workspace
from ..store.types import AnyRow
from ..transaction import Tx
from . import refs
from .around import current_deployments
from .version_rows import loads

__all__ = ["Collected", "collect", "key", "make"]

_MOST_VERSIONS = 20_000


class Collected(Record):
    """The contents of a bundle, not signed yet."""

    workspace_id: str
    workspace: str
    index: Index
    versions: tuple[BundledVersion, ...]


@operation(Permission.PROMPT_READ, tag=AuditTag.WORKSPACE_EXPORT, alone=True)
def collect(tx: Tx, query: BundleQuery) -> Collected:
    """What a bundle is made of: the versions that refs name now, and their snippets."""
    rows = _chosen(tx, query)
    pins = _pins(tx, [row.id for row in rows], query.environment)
    for row in rows:
        if row.id not in pins and query.names:
            where = (
                f"{query.environment} serves no version of it"
                if query.environment
                else "it has no version yet"
            )
            raise NotFound(f"{row.name} cannot go into a bundle: {where}.", details={"prompt": row.name})
    kept = {row.id: row for row in rows if row.id in pins}
    wanted = {(prompt_id, sha) for prompt_id in kept for sha in pins[prompt_id].values()}
    versions = _versions(tx, wanted)
    locked = {pair for one in versions for pair in one.lock.items()} - wanted
    versions += _versions(tx, locked)
    missing = {prompt_id for prompt_id, _ in locked} - kept.keys()
    kept |= {row.id: row for row in _rows(tx, missing)}
    names = tx.conn.execute(select(workspace.c.name).where(workspace.c.id == tx.workspace_id)).scalar_one()
    tx.audit(
        bundle=query.environment or "*",
        prompts=str(len(kept)),
        names=",".join(row.name for row in rows) if query.names else "*",
    )
    index = Index(environments=_environments(tx, query.environment), prompts=_prompts(tx, kept, pins))
    return Collected(workspace_id=tx.workspace_id, workspace=names, index=index, versions=tuple(versions))


@endpoint(Permission.PROMPT_READ, audited="bundles.collect")
async def make(context: Context, query: BundleQuery) -> BundleFile:
    """Make a bundle: prompts in one signed file, for use without a server."""
    dispatcher = context.runtime.dispatcher
    collected: Collected = await dispatcher.call(collect, context.caller, {}, query)
    return await asyncio.to_thread(_signed, collected, dispatcher.store.home)


@endpoint(Permission.PROMPT_READ, audited="nothing is read or changed but a public key")
async def key(context: Context) -> BundleKey:
    """The public key that this server's bundles are verified with."""
    signing = await asyncio.to_thread(_key, context.runtime.dispatcher.store.home)
    return BundleKey(public_key=signing.public)


def _key(home: Path) -> SigningKey:
    return SigningKey.load(home / "keys" / "bundle.key")


def _signed(collected: Collected, home: Path) -> BundleFile:
    signing = _key(home)
    data = assemble(collected.workspace_id, collected.workspace, collected.index, collected.versions, signing)
    return BundleFile(
        public_key=signing.public,
        data=base64.b64encode(data).decode(),
        sha256=hashlib.sha256(data).hexdigest(),
        prompts=len(collected.index.prompts),
        versions=len(collected.versions),
    )


def _chosen(tx: Tx, query: BundleQuery) -> Sequence[AnyRow]:
    tags = [tag.strip() for tag in query.tags.split(",") if tag.strip()]
    names = [name.strip() for name in query.names.split(",") if name.strip()]
    if names:
        found = {row.id: row for name in names for row in [refs.prompt_named(tx, parse_reference(name))]}
        rows: Sequence[AnyRow] = list(found.values())
    else:
        mine = (prompt.c.workspace_id == tx.workspace_id, prompt.c.archived_at.is_(None))
        rows = tx.conn.execute(select(prompt).where(*mine).order_by(prompt.c.id)).all()
    if tags:
        have = _by_prompt(tx, prompt_tag, prompt_tag.c.tag, [row.id for row in rows])
        rows = [row for row in rows if set(tags) <= set(have.get(row.id, ()))]
    return rows


def _pins(tx: Tx, ids: Sequence[str], wanted: str | None) -> dict[str, dict[str, str]]:
    """Per prompt, its refs and their versions."""
    names = _environments(tx, wanted)
    pins: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for some in _runs(ids):
        if wanted is None:
            for table, sha in ((branch, branch.c.head), (version_tag, version_tag.c.sha)):
                mine = (table.c.workspace_id == tx.workspace_id, table.c.prompt_id.in_(some))
                for row in tx.conn.execute(
                    select(table.c.prompt_id, table.c.name, sha.label("sha")).where(*mine)
                ):
                    pins[row.prompt_id][row.name] = row.sha
        for row in current_deployments(tx, some):
            if row.environment in names:
                pins[row.prompt_id][row.environment] = row.sha
    for each in pins.values():
        if wanted is None and "main" in each:
            each[LATEST] = each["main"]
    return dict(pins)


def _environments(tx: Tx, wanted: str | None) -> tuple[str, ...]:
    rows = select(environment.c.name).where(environment.c.workspace_id == tx.workspace_id)
    names = tuple(tx.conn.scalars(rows))
    if wanted is None:
        return names
    if wanted not in names:
        raise InvalidInput(
            f"there is no environment {wanted!r}; there are: {', '.join(sorted(names)) or 'none'}"
        )
    return (wanted,)


def _versions(tx: Tx, wanted: Iterable[tuple[str, str]]) -> list[BundledVersion]:
    of: defaultdict[str, list[str]] = defaultdict(list)
    for prompt_id, sha in sorted(wanted):
        of[prompt_id].append(sha)
    count = sum(map(len, of.values()))
    if count > _MOST_VERSIONS:
        raise TooLarge(
            f"these are {count} versions; a bundle holds at most {_MOST_VERSIONS}: name fewer prompts"
        )
    return [
        BundledVersion.of(one)
        for prompt_id, shas in of.items()
        for some in _runs(shas)
        for one in loads(tx, prompt_id, some)
    ]


def _rows(tx: Tx, ids: Iterable[str]) -> list[AnyRow]:
    mine = select(prompt).where(prompt.c.workspace_id == tx.workspace_id)
    return [row for some in _runs(sorted(ids)) for row in tx.conn.execute(mine.where(prompt.c.id.in_(some)))]


def _prompts(
    tx: Tx, rows: Mapping[str, AnyRow], pins: Mapping[str, Mapping[str, str]]
) -> tuple[BundledPrompt, ...]:
    tags = _by_prompt(tx, prompt_tag, prompt_tag.c.tag, list(rows))
    former = _by_prompt(tx, prompt_redirect, prompt_redirect.c.name, list(rows))
    return tuple(
        BundledPrompt(
            id=row.id,
            name=row.name,
            former=tuple(sorted(former.get(row.id, ()))),
            title=row.title,
            description=row.description,
            tags=tuple(sorted(tags.get(row.id, ()))),
            refs=dict(pins.get(row.id, {})),
        )
        for row in rows.values()
    )


def _by_prompt(tx: Tx, table: object, value: object, ids: Sequence[str]) -> dict[str, list[str]]:
    made: defaultdict[str, list[str]] = defaultdict(list)
    columns = table.c  # type: ignore[attr-defined]
    for some in _runs(ids):
        mine = (columns.workspace_id == tx.workspace_id, columns.prompt_id.in_(some))
        for row in tx.conn.execute(select(columns.prompt_id, value.label("value")).where(*mine)):  # type: ignore[attr-defined]
            made[row.prompt_id].append(row.value)
    return made


def _runs(ids: Sequence[str], size: int = 500) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
