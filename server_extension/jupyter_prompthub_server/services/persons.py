"""People as they are now: roles are looked up in the transaction that decides, never taken from what a caller was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select

from jupyter_prompthub.core.errors import Forbidden
from jupyter_prompthub.core.reviews import Held, Person

from ..access.permissions import Role, permissions_of
from ..store.bootstrap import LOCAL_SUBJECT
from ..store.tables import actor, membership
from ..transaction import Tx

__all__ = ["caller", "persons", "posts_as_itself"]

_ORDER = list(Role)


def persons(tx: Tx, ids: Iterable[str]) -> dict[str, Person]:
    """Actors by id. Who is no member of the workspace, or is disabled, has no role and may nothing."""
    wanted = set(ids)
    rows = tx.conn.execute(
        select(
            actor.c.id,
            actor.c.display_name,
            actor.c.subject,
            membership.c.role,
            (membership.c.disabled | actor.c.disabled).label("off"),
        )
        .outerjoin(
            membership,
            (membership.c.actor_id == actor.c.id) & (membership.c.workspace_id == tx.workspace_id),
        )
        .where(actor.c.id.in_(wanted))
    )
    made = {}
    for row in rows:
        role = None if row.role is None or row.off else Role(row.role)
        may = frozenset[str](permissions_of(role)) if role is not None else frozenset[str]()
        made[row.id] = Person(
            row.id,
            row.display_name,
            role.value if role is not None else None,
            may,
            shared=row.subject == LOCAL_SUBJECT,
        )
    return {one: made.get(one) or Person(one) for one in wanted}


def caller(tx: Tx) -> Person:
    """Who asks, with what both the credential and the membership give now."""
    asks = tx.caller
    if asks.via == "system":
        return Person(asks.actor_id, "", asks.role, frozenset(asks.permissions))
    now = persons(tx, [asks.actor_id])[asks.actor_id]
    if now.role is None:
        return now
    role = min(Role(now.role), Role(asks.role), key=_ORDER.index)
    return replace(now, role=role.value, permissions=now.permissions & frozenset[str](asks.permissions))


def posts_as_itself(tx: Tx, held: Iterable[Held], check: str) -> None:
    """A check counts by the role that its poster has: a key that was given less must not post it where one is asked for.

    Raises:
        Forbidden: a protection says that a role posts this check, and only the key's owner has it.
    """
    wanted = {
        who
        for one in held
        for asked in one.rules.checks
        if asked.name == check
        for who in asked.posted_by
        if who.startswith("role:")
    }
    if not wanted or tx.caller.via == "system":
        return
    owner, mine = persons(tx, [tx.caller.actor_id])[tx.caller.actor_id], caller(tx)
    if any(owner.named(who) and not mine.named(who) for who in wanted):
        raise Forbidden(
            f"This API key has the role {tx.caller.role}, its owner has more, and the check {check} is asked of "
            f"{', '.join(sorted(wanted))}: post it with a key of that role.",
            details={"check": check, "posted_by": sorted(wanted)},
        )
