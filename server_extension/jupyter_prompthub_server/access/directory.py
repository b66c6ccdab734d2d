"""Looks up what a credential stands for now: which actor, which role, whether any of it was taken back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from jupyter_prompthub.core.errors import NotFound, Unauthenticated

from ..operations import Caller
from ..store.clock import now
from ..store.tables import actor, api_key, membership, refresh_token, revoked_jti, workspace
from .permissions import Role, permissions_of
from .tokens import AccessToken

__all__ = ["ApiKeyUse", "CallerCache", "caller_of_api_key", "caller_of_session", "narrower"]

_ORDER = list(Role)


@dataclass(frozen=True, slots=True)
class ApiKeyUse:
    """A caller by API key, and when the key was used last."""

    caller: Caller
    key_id: str
    last_used_at: datetime | None


def narrower(a: Role, b: Role) -> Role:
    """The role with fewer permissions."""
    return min(a, b, key=_ORDER.index)


def caller_of_session(conn: Connection, token: AccessToken, wanted: str | None) -> Caller:
    """The caller of an access token, in the wanted workspace (name or id) or the session's.

    Raises:
        Unauthenticated: signed out, session ended, account disabled.
        NotFound: no such workspace, or not a member of it.
    """
    ended = (
        conn.execute(select(revoked_jti.c.jti).where(revoked_jti.c.jti == token.jti)).first()
        or conn.execute(
            select(refresh_token.c.id)
            .where(refresh_token.c.family == token.family_id, refresh_token.c.revoked_at.is_not(None))
            .limit(1)
        ).first()
    )
    if ended:
        raise Unauthenticated("this session has ended; sign in again")
    role, workspace_id = _member(conn, token.actor_id, wanted or token.workspace_id, named=bool(wanted))
    return Caller(token.actor_id, workspace_id, role, permissions_of(role), token.family_id, "local")


def caller_of_api_key(conn: Connection, key_hash: str, wanted: str | None) -> ApiKeyUse:
    """The caller of an API key: its owner, with the narrower of both roles, in the key's workspace.

    Raises:
        Unauthenticated: not known, revoked, expired, or the owner is disabled.
        NotFound: another workspace than the key's was asked for.
    """
    row = conn.execute(
        select(api_key, workspace.c.name.label("workspace_name"))
        .join(workspace, workspace.c.id == api_key.c.workspace_id)
        .where(api_key.c.key_hash == key_hash)
    ).one_or_none()
    if row is None or row.revoked_at is not None:
        raise Unauthenticated("the API key is not known, or was revoked")
    if row.expires_at is not None and row.expires_at <= now():
        raise Unauthenticated("the API key has expired; make a new one")
    if wanted is not None and wanted not in (row.workspace_id, row.workspace_name):
        raise _no_workspace(wanted)
    owner_role, _ = _member(conn, row.actor_id, row.workspace_id, named=False)
    role = narrower(owner_role, Role(row.role)) if row.role else owner_role
    caller = Caller(row.actor_id, row.workspace_id, role, permissions_of(role), row.id, "api-key")
    return ApiKeyUse(caller, row.id, row.last_used_at)


def _member(conn: Connection, actor_id: str, wanted: str, *, named: bool) -> tuple[Role, str]:
    person = conn.execute(select(actor.c.disabled).where(actor.c.id == actor_id)).one_or_none()
    if person is None or person.disabled:
        raise Unauthenticated("this account is disabled; ask an admin")
    place = workspace.c.id == wanted
    row = conn.execute(
        select(membership.c.role, membership.c.disabled, workspace.c.id)
        .join(workspace, workspace.c.id == membership.c.workspace_id)
        .where(membership.c.actor_id == actor_id, or_(place, workspace.c.name == wanted) if named else place)
    ).first()
    if row is None or row.disabled:
        if named:
            raise _no_workspace(wanted)
        raise Unauthenticated("this account is disabled in its workspace; ask an admin")
    return Role(row.role), row.id


def _no_workspace(wanted: str) -> NotFound:
    return NotFound(f"there is no workspace {wanted[:100]!r}, or you are not a member of it")


class CallerCache:
    """Remembers callers for at most ``seconds``; emptied when people, roles or sessions change.

    One process owns a store, so nothing else can take a credential back; the time is a second line.
    """

    def __init__(
        self, seconds: float = 1.0, *, size: int = 4096, clock: Callable[[], float] = time.monotonic
    ):
        self._seconds, self._size, self._clock = seconds, size, clock
        self._known: dict[tuple[str, str | None], tuple[float, Caller]] = {}
        self.generation = 0

    def get(self, credential: str, wanted: str | None) -> Caller | None:
        """The caller, if it was looked up less than ``seconds`` ago."""
        entry = self._known.get((credential, wanted))
        return entry[1] if entry and self._clock() - entry[0] < self._seconds else None

    def put(self, credential: str, wanted: str | None, caller: Caller, generation: int) -> None:
        """Remember, unless the cache was emptied since ``generation``."""
        if generation != self.generation:
            return
        if len(self._known) >= self._size:
            self._known.clear()
        self._known[credential, wanted] = (self._clock(), caller)

    def forget(self) -> None:
        """Look everybody up again."""
        self.generation += 1
        self._known.clear()
