"""Members of a workspace, one per role, and of a second workspace beside it."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_prompthub_server.access.permissions import Role, permissions_of
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.store.bootstrap import create_workspace, ensure_actor, ensure_member
from jupyter_prompthub_server.store.clock import now
from jupyter_prompthub_server.store.store import Store

__all__ = ["People", "settle"]


@dataclass(frozen=True)
class People:
    """The callers of one workspace."""

    workspace_id: str
    viewer: Caller
    engineer: Caller
    team_lead: Caller
    admin: Caller
    colleague: Caller
    """a second engineer"""
    elsewhere: People | None = None
    """the same people's doubles in another workspace"""

    @property
    def stranger(self) -> Caller:
        """An admin of the other workspace."""
        assert self.elsewhere is not None
        return self.elsewhere.admin

    def of(self, role: Role | str) -> Caller:
        """The caller who has ``role``."""
        caller: Caller = getattr(self, str(role))
        return caller


def settle(store: Store) -> People:
    """Make two workspaces, ``acme`` and ``globex``, with people of every role."""
    other = _workspace(store, "globex", None)
    return _workspace(store, "acme", other)


def _workspace(store: Store, name: str, elsewhere: People | None) -> People:
    at = now()
    with store.database.writing("") as conn:
        workspace_id = create_workspace(conn, name, at)
        callers = {}
        for who, role in [*((role.value, role) for role in Role), ("colleague", Role.ENGINEER)]:
            actor_id, _ = ensure_actor(
                conn,
                subject=f"test:{name}:{who}",
                display_name=f"{who.replace('_', ' ').title()} of {name.title()}",
                kind="person",
                default_workspace_id=workspace_id,
                at=at,
            )
            ensure_member(conn, workspace_id=workspace_id, actor_id=actor_id, role=role.value, at=at)
            callers[who] = Caller(actor_id, workspace_id, role.value, permissions_of(role), via="test")
        conn.commit()
    return People(workspace_id, elsewhere=elsewhere, **callers)
