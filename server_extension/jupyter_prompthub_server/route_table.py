"""The lines of the REST table (``docs/contracts.md``)."""

from __future__ import annotations

from .routes import Route
from .services import (
    actors,
    api_keys,
    audit,
    connections,
    members,
    models,
    sessions,
)

__all__ = ["TABLE"]

TABLE: tuple[Route, ...] = (
    Route("POST", "auth/register", sessions.register, status=201),
    Route("POST", "auth/login", sessions.login),
    Route("POST", "auth/refresh", sessions.refresh),
    Route("POST", "auth/logout", sessions.logout, status=204),
    Route("GET", "me", actors.me),
    Route("GET", "auth/api-keys", api_keys.list_),
    Route("POST", "auth/api-keys", api_keys.create, status=201),
    Route("DELETE", "auth/api-keys/{key_id}", api_keys.revoke, status=204),
    Route("GET", "members", members.list_),
    Route("PATCH", "members/{actor_id}", members.update_),
    Route("POST", "invitations", members.invite, status=201),
    Route("GET", "models", models.list),
    Route("GET", "connections", connections.list),
    Route("POST", "connections", connections.create, status=201),
    Route("PATCH", "connections/{name}", connections.update),
    Route("DELETE", "connections/{name}", connections.delete, status=204),
    Route("GET", "audit", audit.list),
)
