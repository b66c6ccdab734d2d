"""What is let in: every operation has a permission and an audit decision, every door a decorator."""

from __future__ import annotations

import pytest
from jupyter_prompthub_server import routes
from jupyter_prompthub_server.access.permissions import AuditTag, Permission
from jupyter_prompthub_server.endpoints import Endpoint
from jupyter_prompthub_server.handlers import base
from jupyter_prompthub_server.handlers.table import handlers, root_handlers
from jupyter_prompthub_server.operations import OPERATIONS, Operation

ANONYMOUS_ROUTES = {"POST auth/register", "POST auth/login", "POST auth/refresh"}
ANONYMOUS_HANDLERS = {"LiveHandler", "ReadyHandler", "NothingHere"}
DECIDED_BY_REQUEST = {"ApiHandler", "HealthHandler", "MetricsHandler"}
AUDITED_READS = {"GET export", "GET git/history"}
"""changes nothing, but how a library leaves is on the record (docs/decisions/imports-keep-drafts-apart.md)"""
VERBS = ("get", "head", "post", "put", "patch", "delete")


def test_every_operation_names_a_permission_and_an_audit_tag_or_a_reason_for_none() -> None:
    routes.routes()
    assert len(OPERATIONS) > 20
    for name, op in OPERATIONS.items():
        assert isinstance(op.permission, Permission), name
        assert (op.tag is None) != (op.no_audit is None), name
        assert isinstance(op.tag, AuditTag | None), name
        assert op.no_audit is None or op.no_audit.strip(), name


def test_every_route_is_answered_by_an_operation_or_an_endpoint_with_a_permission() -> None:
    seen = set()
    for route in routes.routes():
        assert isinstance(route.run, Operation | Endpoint)
        assert isinstance(route.run.permission, Permission)
        assert (route.method, route.path) not in seen
        seen.add((route.method, route.path))
        if route.method == "GET" and isinstance(route.run, Operation):
            assert not route.run.writes, f"GET {route.path} writes"
            assert route.run.snapshot == (f"GET {route.path}" in AUDITED_READS), route.path


def test_only_the_written_list_is_anonymous() -> None:
    assert ANONYMOUS_ROUTES == routes.ANONYMOUS
    assert {f"{r.method} {r.path}" for r in routes.routes() if r.anonymous} == ANONYMOUS_ROUTES
    assert {name.partition(".")[0] for name in base.ANONYMOUS} == ANONYMOUS_HANDLERS
    assert DECIDED_BY_REQUEST == base.BY_ROUTE


def test_every_verb_and_socket_of_the_live_table_has_an_authentication_decorator() -> None:
    table = [*handlers(), *root_handlers()]
    assert len(table) > 8
    for pattern, kind in table:
        assert issubclass(kind, base.PromptHubHandler | base.PromptHubSocket), pattern
        names = ("open",) if issubclass(kind, base.PromptHubSocket) else VERBS
        marked = {}
        for name in names:
            method = getattr(kind, name)
            if method is getattr(base.PromptHubHandler, name, None):
                continue
            marked[name] = getattr(method, "__prompthub_auth__", None)
        assert marked, pattern
        expected = (
            "anonymous"
            if kind.__name__ in ANONYMOUS_HANDLERS
            else "by_route"
            if kind.__name__ in DECIDED_BY_REQUEST
            else "authenticated"
        )
        assert set(marked.values()) == {expected}, pattern


def test_a_handler_without_a_decorator_cannot_even_be_defined() -> None:
    async def verb(self: object) -> None: ...

    for parent, name in ((base.PromptHubHandler, "get"), (base.PromptHubSocket, "open")):
        with pytest.raises(TypeError, match="no authentication decorator"):
            type("Forgotten", (parent,), {name: verb})
    with pytest.raises(TypeError, match="written list"):
        type("Sneaky", (base.PromptHubHandler,), {"get": base.anonymous(verb)})
    with pytest.raises(TypeError, match="written list"):
        type("Sneaky", (base.PromptHubHandler,), {"get": base.by_route(verb)})


def test_services_are_reachable_as_operations_only() -> None:
    """What a route runs was registered: nobody calls a service function beside the dispatcher."""
    for route in routes.routes():
        if isinstance(route.run, Operation):
            assert OPERATIONS[route.run.name] is route.run
