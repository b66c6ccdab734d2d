"""Bundles: what some refs name now, with all that it needs, signed by this server."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from jupyter_prompthub.bundle import BundledPrompt, BundledVersion, Index, SigningKey, assemble
from jupyter_prompthub.core.errors import InvalidInput, NotFound, PromptHubError, TooLarge
from jupyter_prompthub.core.names import LATEST, is_sha_prefix, parse_reference
from jupyter_prompthub.core.records import BundleFile, BundleKey, BundleQuery, Record

from ..access.permissions import AuditTag, Permission
from ..endpoints import Context, endpoint
from ..operations import operation
from ..store.clock import iso
from ..store.tables import (
    branch,
    environment,
    prompt,
    prompt_redirect,
    prompt_tag,
    version,
    version_parent,
    version_tag,
    workspace,
)
from ..store.types import AnyRow
from ..transaction import Tx
from . import many_refs, refs
from .around import actors, current_deployments
from .many_refs import runs
from .version_rows import SUMMARY, text_of

__all__ = ["Collected", "collect", "key", "make"]

_MOST_VERSIONS = 20_000


class Collected(Record):
    """The contents of a bundle, not signed yet."""

    workspace_id: str
    workspace: str
    index: Index
    versions: tuple[BundledVersion, ...]


@operation(Permission.PROMPT_READ, tag=AuditTag.WORKSPACE_EXPORT, snapshot=True)
def collect(tx: Tx, query: BundleQuery) -> Collected:
    """What a bundle is made of: the versions that refs name now, and their snippets."""
    chosen = _chosen(tx, query)
    environments = _environments(tx, query.environment)
    pins = _pins(tx, [one.row.id for one in chosen if one.all_refs], query.environment, environments)
    for one in chosen:
        own = pins.setdefault(one.row.id, {})
        own |= one.refs
        if not own and query.names:
            where = (
                f"{query.environment} serves no version of it"
                if query.environment
                else "it has no version yet"
            )
            raise NotFound(
                f"{one.row.name} cannot go into a bundle: {where}.", details={"prompt": one.row.name}
            )
    kept = {one.row.id: one.row for one in chosen if pins[one.row.id]}
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
        names=",".join(one.said for one in chosen) if query.names else "*",
    )
    index = Index(environments=environments, prompts=_prompts(tx, kept, pins))
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


@dataclass(slots=True)
class _Chosen:
    """A prompt that goes in."""

    row: AnyRow
    all_refs: bool = False
    """with whatever the query's environment, or all of its refs, name"""
    refs: dict[str, str] = field(default_factory=dict)
    """what ``name@ref`` asked for: the version by its ref; one asked for by its SHA stands under the whole SHA"""

    @property
    def said(self) -> str:
        """What the audit log says of it."""
        name = str(self.row.name)
        return ",".join([name] * self.all_refs + [f"{name}@{ref}" for ref in self.refs])


def _chosen(tx: Tx, query: BundleQuery) -> list[_Chosen]:
    tags = [tag.strip() for tag in query.tags.split(",") if tag.strip()]
    names = [name.strip() for name in query.names.split(",") if name.strip()]
    if names:
        chosen = _named(tx, names, query.environment)
    else:
        mine = (prompt.c.workspace_id == tx.workspace_id, prompt.c.archived_at.is_(None))
        rows = tx.conn.execute(select(prompt).where(*mine).order_by(prompt.c.id))
        chosen = [_Chosen(row, all_refs=True) for row in rows]
    if tags:
        have = _by_prompt(tx, prompt_tag, prompt_tag.c.tag, [one.row.id for one in chosen])
        chosen = [one for one in chosen if set(tags) <= set(have.get(one.row.id, ()))]
    return chosen


def _named(tx: Tx, names: Sequence[str], only: str | None) -> list[_Chosen]:
    references = [parse_reference(name) for name in names]
    rows = many_refs.named(tx, references)
    chosen: dict[str, _Chosen] = {}
    asked: list[tuple[AnyRow, str]] = []
    for name, reference in zip(names, references, strict=True):
        row = rows.get(reference)
        if row is None:
            raise refs.no_prompt(reference)
        one = chosen.setdefault(row.id, _Chosen(row))
        if "@" not in name or reference.ref == only:
            one.all_refs = True
        elif only is not None:
            raise InvalidInput(
                f"{name} names a ref, and environment={only} says that the bundle holds what {only} serves: expected one "
                "of them. Leave out the environment, or the ref.",
                details={"name": name, "environment": only},
            )
        else:
            asked.append((row, reference.ref))
    found = many_refs.resolved(tx, asked)
    for row, ref in asked:
        version_ = found[row.id, ref]
        if isinstance(version_, PromptHubError):
            raise version_
        chosen[row.id].refs[version_.sha if is_sha_prefix(ref.lower()) else ref] = version_.sha
    return list(chosen.values())


def _pins(
    tx: Tx, ids: Sequence[str], wanted: str | None, environments: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Per prompt, its refs and their versions."""
    pins: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for some in runs(ids):
        if wanted is None:
            for table, sha in ((branch, branch.c.head), (version_tag, version_tag.c.sha)):
                mine = (table.c.workspace_id == tx.workspace_id, table.c.prompt_id.in_(some))
                for row in tx.conn.execute(
                    select(table.c.prompt_id, table.c.name, sha.label("sha")).where(*mine)
                ):
                    pins[row.prompt_id][row.name] = row.sha
        for row in current_deployments(tx, some):
            if row.environment in environments:
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


def _versions(tx: Tx, wanted: Collection[tuple[str, str]]) -> list[BundledVersion]:
    if len(wanted) > _MOST_VERSIONS:
        raise TooLarge(
            f"these are {len(wanted)} versions; a bundle holds at most {_MOST_VERSIONS}: name fewer prompts"
        )
    return [one for some in runs(sorted(wanted)) for one in _read_versions(tx, some)]


def _read_versions(tx: Tx, wanted: Sequence[tuple[str, str]]) -> Iterator[BundledVersion]:
    shas = [sha for _, sha in wanted]
    rows = {
        (row.prompt_id, row.sha): row
        for row in tx.conn.execute(
            select(*SUMMARY, version.c.text, version.c.lock).where(
                version.c.workspace_id == tx.workspace_id, version.c.sha.in_(shas)
            )
        )
    }
    parents: defaultdict[str, list[str]] = defaultdict(list)
    mine = select(version_parent.c.sha, version_parent.c.parent_sha).where(
        version_parent.c.workspace_id == tx.workspace_id,
        version_parent.c.prompt_id.in_({prompt_id for prompt_id, _ in wanted}),
        version_parent.c.sha.in_(shas),
    )
    for edge in tx.conn.execute(mine.order_by(version_parent.c.sha, version_parent.c.position)):
        parents[edge.sha].append(edge.parent_sha)
    people = actors(tx, (row.author_id for row in rows.values()))
    for row in (rows[pair] for pair in wanted):
        yield BundledVersion(
            sha=row.sha,
            prompt_id=row.prompt_id,
            number=row.number,
            text=text_of(tx, row),
            content_hash=row.content_hash,
            text_hash=row.text_hash,
            lock=row.lock,
            parents=tuple(parents[row.sha]),
            author=people[row.author_id],
            created_at=iso(row.created_at),
            commit_message=row.commit_message,
        )


def _rows(tx: Tx, ids: Iterable[str]) -> list[AnyRow]:
    mine = select(prompt).where(prompt.c.workspace_id == tx.workspace_id)
    return [row for some in runs(sorted(ids)) for row in tx.conn.execute(mine.where(prompt.c.id.in_(some)))]


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
    for some in runs(ids):
        mine = (columns.workspace_id == tx.workspace_id, columns.prompt_id.in_(some))
        for row in tx.conn.execute(select(columns.prompt_id, value.label("value")).where(*mine)):  # type: ignore[attr-defined]
            made[row.prompt_id].append(row.value)
    return made
