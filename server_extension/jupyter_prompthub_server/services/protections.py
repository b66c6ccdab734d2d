"""Protections: rules on branches (``docs/protections.md``)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import insert, select

from jupyter_prompthub.core.errors import Conflict, InvalidInput, NotFound
from jupyter_prompthub.core.records import (
    Covered,
    CoveredPrompt,
    CoveredQuery,
    NewProtection,
    Protection,
    ProtectionList,
    ProtectionPatch,
    Rules,
)
from jupyter_prompthub.core.reviews import fits, misnamed, people

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.clock import iso, new_id
from ..store.tables import actor, branch, membership, protection
from ..store.tables import prompt as prompt_table
from ..store.types import AnyRow
from ..transaction import Tx
from .around import actors

__all__ = ["by_protection", "covered", "create", "delete_", "list_", "update_"]

_MOST = 200
_SHOWN = 20


def by_protection(tx: Tx, protection_id: str) -> AnyRow:
    """A protection's row.

    Raises:
        NotFound: none of that id.
    """
    row = tx.conn.execute(
        select(protection).where(
            protection.c.workspace_id == tx.workspace_id, protection.c.id == protection_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such protection.")
    return row


@operation(Permission.REVIEW_READ, no_audit="read")
def list_(tx: Tx) -> ProtectionList:
    """All protections of the workspace, oldest first."""
    rows = tx.conn.execute(
        select(protection).where(protection.c.workspace_id == tx.workspace_id).order_by(protection.c.id)
    ).all()
    return ProtectionList(items=_records(tx, rows))


@operation(Permission.REVIEW_READ, no_audit="read")
def covered(tx: Tx, query: CoveredQuery) -> Covered:
    """Which prompts and branches these patterns would hold for, as they are called now."""
    rows = tx.conn.execute(
        select(prompt_table.c.id, prompt_table.c.name, branch.c.name.label("branch"))
        .join(
            branch,
            (branch.c.workspace_id == prompt_table.c.workspace_id)
            & (branch.c.prompt_id == prompt_table.c.id),
        )
        .where(
            prompt_table.c.workspace_id == tx.workspace_id,
            prompt_table.c.archived_at.is_(None),
            # finds too many at most: the case of letters may not count there
            prompt_table.c.name.like(_like(query.prompts), escape="\\"),
            branch.c.name.like(_like(query.branch), escape="\\"),
        )
        .order_by(prompt_table.c.name, branch.c.name)
    )
    found: dict[str, tuple[str, list[str]]] = {}
    for row in rows:
        if fits(query.prompts, row.name) and fits(query.branch, row.branch):
            found.setdefault(row.id, (row.name, []))[1].append(row.branch)
    return Covered(
        prompts=len(found),
        branches=sum(len(names) for _, names in found.values()),
        items=tuple(
            CoveredPrompt(id=one, name=name, branches=tuple(names))
            for one, (name, names) in list(found.items())[:_SHOWN]
        ),
    )


@operation(Permission.PROTECTION_WRITE, tag=AuditTag.PROTECTION_CREATE)
def create(tx: Tx, new: NewProtection) -> Protection:
    """Protect the branches that fit a pattern."""
    count = tx.conn.execute(
        select(sa.func.count()).select_from(protection).where(protection.c.workspace_id == tx.workspace_id)
    ).scalar_one()
    if count >= _MOST:
        raise Conflict(f"There are {_MOST} protections, the most that are kept: change one, or delete one.")
    _are_there(tx, new.rules, Rules())
    made = new_id()
    tx.conn.execute(
        insert(protection).values(
            workspace_id=tx.workspace_id,
            id=made,
            prompts=new.prompts,
            branch=new.branch,
            rules=new.rules.model_dump(mode="json"),
            created_by=tx.caller.actor_id,
            created_at=tx.now,
            updated_by=tx.caller.actor_id,
            updated_at=tx.now,
        )
    )
    return _told(tx, made, new.rules)


@operation(Permission.PROTECTION_WRITE, tag=AuditTag.PROTECTION_UPDATE, target=by_protection)
def update_(tx: Tx, target: AnyRow, patch: ProtectionPatch) -> Protection:
    """Change what a protection is for, or its rules."""
    given = patch.model_dump(mode="json", exclude_none=True)
    values = {name: value for name, value in given.items() if getattr(target, name) != value}
    if not values:
        tx.unchanged()
        return _records(tx, [target])[0]
    if patch.rules is not None:
        _are_there(tx, patch.rules, Rules.model_validate(target.rules))
    tx.conn.execute(
        sa.update(protection)
        .where(protection.c.workspace_id == tx.workspace_id, protection.c.id == target.id)
        .values(**values, updated_by=tx.caller.actor_id, updated_at=tx.now)
    )
    return _told(tx, target.id, patch.rules)


@operation(Permission.PROTECTION_WRITE, tag=AuditTag.PROTECTION_DELETE, target=by_protection)
def delete_(tx: Tx, target: AnyRow) -> None:
    """Take a protection away."""
    tx.conn.execute(
        sa.delete(protection).where(
            protection.c.workspace_id == tx.workspace_id, protection.c.id == target.id
        )
    )
    tx.audit(protection=target.id, prompts=target.prompts, branch=target.branch)
    tx.emit("protection.changed", protection=target.id)


def _are_there(tx: Tx, rules: Rules, before: Rules) -> None:
    """Refuse rules about what cannot be, and about who is no member. Who left stays named until they are taken out.

    Raises:
        InvalidInput: what is named, where, and what there is.
    """
    why = misnamed(rules)
    if why is not None:
        raise InvalidInput(why)
    stayed = {who for _, who in people(before)}
    fresh = {who: place for place, who in people(rules) if not who.startswith("role:") and who not in stayed}
    if not fresh:
        return
    names = {
        row.id: row.display_name
        for row in tx.conn.execute(
            select(actor.c.id, actor.c.display_name)
            .join(membership, membership.c.actor_id == actor.c.id)
            .where(membership.c.workspace_id == tx.workspace_id, membership.c.disabled.is_(False))
            .order_by(actor.c.display_name, actor.c.id)
        )
    }
    for who, place in fresh.items():
        if who not in names:
            there = [f"{name} is {one}" for one, name in list(names.items())[:_SHOWN]]
            more = f", and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            raise InvalidInput(
                f"{place} names {who!r}, which is no id of a member; {', '.join(there)}{more}",
                details={"who": who},
            )


def _like(pattern: str) -> str:
    plain = re.sub(r"([\\%_])", r"\\\1", pattern)
    return plain.replace("*", "%").replace("?", "_")


def _told(tx: Tx, protection_id: str, rules: Rules | None) -> Protection:
    made = _records(tx, [by_protection(tx, protection_id)])[0]
    tx.audit(protection=made.id, prompts=made.prompts, branch=made.branch)
    if rules is not None:
        tx.audit_content("rules", rules.model_dump_json())
    tx.emit("protection.changed", protection=made.id)
    return made


def _records(tx: Tx, rows: Sequence[AnyRow]) -> tuple[Protection, ...]:
    people = actors(tx, {one for row in rows for one in (row.created_by, row.updated_by)})
    return tuple(
        Protection(
            id=row.id,
            prompts=row.prompts,
            branch=row.branch,
            rules=Rules.model_validate(row.rules),
            created_by=people[row.created_by],
            updated_by=people[row.updated_by],
            updated_at=iso(row.updated_at),
        )
        for row in rows
    )
