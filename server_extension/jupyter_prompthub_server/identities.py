"""Actors whom somebody else has authenticated: Jupyter on a laptop, the hub in a team."""

from __future__ import annotations

import getpass
import os

from pydantic import Field

from jupyter_prompthub.core.records import Input, Record

from .access.permissions import AuditTag, Permission, Role, permissions_of
from .dispatch import Dispatcher, system_caller
from .operations import Caller, operation
from .store.bootstrap import LOCAL_SUBJECT, ensure_actor, ensure_member, ensure_workspace
from .transaction import Tx

__all__ = ["LOCAL_WORKSPACE", "Entering", "Identity", "ensure", "local_caller"]

LOCAL_WORKSPACE = "local"


class Entering(Input):
    """Somebody known to an identity provider comes in.

    ``subject`` is unique over all providers (``jupyter:alice``, ``hub:alice``); ``role`` is what the
    provider says (``keep_role``: only for somebody who is new).
    """

    subject: str = Field(min_length=1, max_length=300)
    display_name: str = Field(default="", max_length=200)
    kind: str = "person"
    workspace: str = Field(default=LOCAL_WORKSPACE, min_length=1, max_length=200)
    role: Role = Role.ADMIN
    keep_role: bool = False


class Identity(Record):
    """Who that is here."""

    actor_id: str
    workspace_id: str
    role: Role


@operation(Permission.SELF, tag=AuditTag.ACTOR_REGISTER)
def ensure(tx: Tx, entering: Entering) -> Identity:
    """Find, or make, the actor, its workspace and its membership."""
    workspace_id, made = ensure_workspace(tx.conn, entering.workspace, tx.now)
    actor_id, named = ensure_actor(
        tx.conn,
        subject=entering.subject,
        display_name=entering.display_name,
        kind=entering.kind,
        default_workspace_id=workspace_id,
        at=tx.now,
    )
    role, joined = ensure_member(
        tx.conn,
        workspace_id=workspace_id,
        actor_id=actor_id,
        role=entering.role.value,
        at=tx.now,
        keep_role=entering.keep_role,
    )
    tx.enter_workspace(workspace_id)
    if not (made or named or joined):
        tx.unchanged()
    tx.audit(actor=actor_id, workspace=workspace_id, role=role)
    if made:
        tx.audit_as(AuditTag.WORKSPACE_CREATE)
    return Identity(actor_id=actor_id, workspace_id=workspace_id, role=Role(role))


def local_caller(dispatcher: Dispatcher, display_name: str | None = None) -> Caller:
    """The one local admin of a laptop's store, in the workspace ``local``; made at the first call.

    Args:
        display_name: shown to others; None: the operating system's user name.
    """
    entering = Entering(subject=LOCAL_SUBJECT, display_name=display_name or _user())
    who: Identity = dispatcher.run(ensure, system_caller(""), input=entering)
    return Caller(who.actor_id, who.workspace_id, who.role.value, permissions_of(who.role), via="local")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in some containers
        return f"user {os.getuid()}"
