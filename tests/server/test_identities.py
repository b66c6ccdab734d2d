"""Actors whom Jupyter or the hub has authenticated."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from jupyter_prompthub_server.access.permissions import Permission, Role
from jupyter_prompthub_server.dispatch import Dispatcher, system_caller
from jupyter_prompthub_server.identities import Entering, Identity, ensure, local_caller
from jupyter_prompthub_server.store.store import Store
from jupyter_prompthub_server.store.tables import actor, audit_entry, environment, membership, workspace
from sqlalchemy import select

from tests.support.operations import NoteIn, add, everything


def _enter(dispatcher: Dispatcher, **fields: object) -> Identity:
    identity: Identity = dispatcher.run(ensure, system_caller(""), input=Entering.model_validate(fields))
    return identity


def test_a_laptop_has_one_local_admin_in_a_workspace_with_three_environments(
    dispatcher: Dispatcher, store: Store
) -> None:
    caller = local_caller(dispatcher)
    assert local_caller(dispatcher) == caller
    assert caller.role == "admin"
    assert Permission.WORKSPACE_WRITE in caller.permissions
    with store.database.reading() as conn:
        assert conn.execute(select(workspace.c.name)).scalars().all() == ["local"]
        assert conn.execute(select(actor.c.display_name)).scalar_one()
        served = select(environment.c.name).order_by(environment.c.position)
        assert conn.execute(served).scalars().all() == ["development", "staging", "production"]
        entries = conn.execute(select(audit_entry.c.tag, audit_entry.c.workspace_id)).all()
    assert [tuple(entry) for entry in entries] == [("workspace.create", caller.workspace_id)]
    dispatcher.run(add, caller, input=NoteIn(name="works"))


def test_many_first_visits_at_once_make_one_actor(dispatcher: Dispatcher, store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _: _enter(dispatcher, subject="hub:anna").actor_id, range(16)))
    assert len(found) == 1
    with store.database.reading() as conn:
        assert len(conn.execute(select(actor)).all()) == 1
        assert len(conn.execute(select(membership)).all()) == 1


def test_a_provider_may_change_name_and_role_and_that_is_audited(
    dispatcher: Dispatcher, store: Store
) -> None:
    first = _enter(dispatcher, subject="hub:anna", display_name="Anna", role="viewer")
    second = _enter(dispatcher, subject="hub:anna", display_name="Anna B.", role="engineer")
    assert (second.actor_id, second.role) == (first.actor_id, Role.ENGINEER)
    kept = _enter(dispatcher, subject="hub:anna", display_name="Anna B.", role="admin", keep_role=True)
    assert kept.role == Role.ENGINEER
    with store.database.reading() as conn:
        assert conn.execute(select(actor.c.display_name)).scalar_one() == "Anna B."
        tags = conn.execute(select(audit_entry.c.tag).order_by(audit_entry.c.id)).scalars().all()
    assert tags == ["workspace.create", "actor.register"]


def test_people_of_two_workspaces_do_not_see_each_others_things(dispatcher: Dispatcher) -> None:
    from jupyter_prompthub_server.access.permissions import permissions_of
    from jupyter_prompthub_server.operations import Caller

    callers = []
    for team in ("red", "blue"):
        who = _enter(dispatcher, subject=f"hub:{team}", workspace=team, role="engineer")
        callers.append(Caller(who.actor_id, who.workspace_id, who.role, permissions_of(who.role)))
        dispatcher.run(add, callers[-1], input=NoteIn(name=team))
    assert [dispatcher.run(everything, caller) for caller in callers] == [["red"], ["blue"]]
