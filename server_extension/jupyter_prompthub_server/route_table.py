"""The lines of the REST table (``docs/contracts.md``)."""

from __future__ import annotations

from .execution import calls
from .rooms import drafts
from .routes import Route
from .services import (
    actors,
    api_keys,
    audit,
    branches,
    connections,
    deployments,
    editing,
    executions,
    members,
    models,
    sessions,
    versions,
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
    Route("PUT", "prompts/{prompt_id}", versions.save),
    Route("GET", "prompts/{prompt_id}/versions", versions.list_),
    Route("GET", "prompts/{prompt_id}/versions/{ref}", versions.get),
    Route("POST", "prompts/{prompt_id}/version-tags", versions.tag, status=201),
    Route("GET", "prompts/{prompt_id}/compare/{a}...{b}", versions.compare),
    Route("GET", "resolve", versions.resolve),
    Route("GET", "prompts/{prompt_id}/branches", branches.list_),
    Route("POST", "prompts/{prompt_id}/branches", branches.create, status=201),
    Route("PUT", "prompts/{prompt_id}/branches/{branch}", branches.move),
    Route("DELETE", "prompts/{prompt_id}/branches/{branch}", branches.delete_, status=204),
    Route("GET", "prompts/{prompt_id}/drafts/{branch}", drafts.get),
    Route("PUT", "prompts/{prompt_id}/drafts/{branch}", drafts.put),
    Route("POST", "prompts/{prompt_id}/drafts/{branch}/save", drafts.save),
    Route("POST", "prompts/{prompt_id}/drafts/{branch}/restore", drafts.restore),
    Route("POST", "prompts/{prompt_id}/drafts/{branch}/update", drafts.update),
    Route("POST", "prompts/{prompt_id}/drafts/{branch}/undo", drafts.undo),
    Route("POST", "edit", editing.edit),
    Route("POST", "execute", calls.execute),
    Route("GET", "executions", executions.list),
    Route("GET", "executions/{execution_id}", executions.get),
    Route("POST", "executions/{execution_id}/cancel", calls.cancel),
    Route("GET", "environments", deployments.environments),
    Route("POST", "prompts/{prompt_id}/promote", deployments.promote, status=201),
    Route("POST", "prompts/{prompt_id}/rollback", deployments.rollback, status=201),
    Route("GET", "prompts/{prompt_id}/deployments", deployments.list_),
    Route("GET", "models", models.list),
    Route("GET", "connections", connections.list),
    Route("POST", "connections", connections.create, status=201),
    Route("PATCH", "connections/{name}", connections.update),
    Route("DELETE", "connections/{name}", connections.delete, status=204),
    Route("GET", "audit", audit.list),
)
