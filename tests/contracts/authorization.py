"""Who may do what, written by hand from the table of roles: nothing here is taken from the code.

``least`` is the lowest role that may; ``ANYBODY`` needs no credential, ``KNOWN`` any valid one.
``body`` and ``query`` fit the request; ``{names}`` in a path are filled from the world of the test.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from tests.support.gitobjects import Made

__all__ = ["ANYBODY", "KNOWN", "ROLES", "ROWS", "Row"]

ANYBODY, KNOWN = "anybody", "known"
ROLES = ("viewer", "engineer", "team_lead", "admin")

TEXT = "---\nmodel: replay/echo\n---\nSay {{word}}.\n"
_REPOSITORY = Made()
_REPOSITORY.commit({b"from-git.prompt": TEXT.encode()}, branch="main")


@dataclass(frozen=True)
class Row:
    """One verb of one address."""

    method: str
    path: str
    least: str
    body: dict[str, Any] | None = None
    query: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


ROWS: tuple[Row, ...] = (
    Row("POST", "auth/register", ANYBODY, {"email": "x", "password": "short", "full_name": ""}),
    Row("POST", "auth/login", ANYBODY, {"email": "nobody@example.org"}),
    Row("POST", "auth/refresh", ANYBODY, {}),
    Row("POST", "auth/logout", KNOWN),
    Row("GET", "me", KNOWN),
    Row("GET", "auth/api-keys", KNOWN),
    Row("POST", "auth/api-keys", KNOWN, {"name": "made by the walker", "role": "viewer"}),
    Row("DELETE", "auth/api-keys/{key_id}", KNOWN),
    Row("GET", "members", "team_lead"),
    Row("PATCH", "members/{actor_id}", "admin", {"role": "viewer"}),
    Row("POST", "invitations", "admin", {"role": "viewer"}),
    Row("GET", "prompts", "viewer"),
    Row("POST", "prompts", "engineer", {"title": "A new one", "text": TEXT}),
    Row("GET", "prompts/{prompt_id}", "viewer"),
    Row("PUT", "prompts/{prompt_id}", "engineer", {"text": TEXT + "More.\n", "commit_message": "more"}),
    Row("PATCH", "prompts/{prompt_id}", "engineer", {"description": "told"}),
    Row("DELETE", "prompts/{prompt_id}", "team_lead"),
    Row("POST", "prompts/{prompt_id}/restore", "team_lead"),
    Row("GET", "prompts/{prompt_id}/versions", "viewer"),
    Row("GET", "prompts/{prompt_id}/versions/{ref}", "viewer"),
    Row("GET", "prompts/{prompt_id}/graph", "viewer"),
    Row("GET", "prompts/{prompt_id}/text-changes", "viewer", query={"text": "Say"}),
    Row("GET", "prompts/{prompt_id}/blame", "viewer"),
    Row("GET", "prompts/{prompt_id}/callers", "viewer"),
    Row("GET", "prompts/{prompt_id}/dependents", "viewer"),
    Row("POST", "prompts/{prompt_id}/dependents", "viewer", {"text": TEXT}),
    Row("POST", "prompts/{prompt_id}/version-tags", "engineer", {"name": "v1", "version": "latest"}),
    Row("GET", "prompts/{prompt_id}/branches", "viewer"),
    Row("POST", "prompts/{prompt_id}/branches", "engineer", {"name": "feature/x", "base_version": "latest"}),
    Row("PUT", "prompts/{prompt_id}/branches/{branch}", "engineer", {"version": "latest"}),
    Row("DELETE", "prompts/{prompt_id}/branches/{branch}", "engineer"),
    Row("GET", "prompts/{prompt_id}/compare/{a}...{b}", "viewer"),
    Row("GET", "resolve", "viewer", query={"ref": "walker/one@latest"}),
    Row("POST", "prompts/{prompt_id}/duplicate", "engineer", {}),
    Row("GET", "prompts/ids", "viewer"),
    Row("GET", "prompts/position", "viewer", query={"name": "walker"}),
    Row("POST", "prompts/bulk", "engineer", {"items": [{"id": "nowhere"}], "add_tags": ["walked"]}),
    Row("GET", "folders", "viewer"),
    Row("GET", "tags", "viewer"),
    Row("POST", "check", "viewer", {"text": TEXT}),
    Row("POST", "complete", "viewer", {"text": TEXT, "position": 3}),
    Row("POST", "edit", "viewer", {"text": TEXT, "changes": [{"change": "set_model", "model": "x/y"}]}),
    Row(
        "POST",
        "drift",
        "viewer",
        {"items": [{"prompt": "walker/one", "ref": "latest", "version_sha": "0" * 64}]},
    ),
    Row("GET", "prompts/{prompt_id}/drafts/{branch}", "viewer"),
    Row("GET", "prompts/{prompt_id}/drafts/{branch}/incoming", "viewer"),
    Row("PUT", "prompts/{prompt_id}/drafts/{branch}", "engineer", {"text": TEXT}),
    Row("POST", "prompts/{prompt_id}/drafts/{branch}/save", "engineer", {"commit_message": "drafted"}),
    Row("POST", "prompts/{prompt_id}/drafts/{branch}/restore", "engineer", {"version": "latest"}),
    Row("POST", "prompts/{prompt_id}/drafts/{branch}/update", "engineer", {}),
    Row("POST", "prompts/{prompt_id}/drafts/{branch}/undo", "engineer"),
    Row("GET", "prompts/{prompt_id}/samples", "viewer"),
    Row("POST", "prompts/{prompt_id}/samples", "engineer", {"name": "walked", "inputs": {"word": "x"}}),
    Row("PATCH", "prompts/{prompt_id}/samples/{sample_id}", "engineer", {"name": "renamed"}),
    Row("DELETE", "prompts/{prompt_id}/samples/{sample_id}", "engineer"),
    Row("POST", "compare-texts", "viewer", {"base": "one two", "others": ["one three"]}),
    Row("POST", "estimate", "viewer", {"runs": [{"prompt_id": "{prompt_id}", "inputs": {"word": "hello"}}]}),
    Row("POST", "execute", "engineer", {"prompt_id": "{prompt_id}", "inputs": {"word": "hello"}}),
    Row("GET", "executions", "viewer"),
    Row("GET", "executions/{execution_id}", "viewer"),
    Row("GET", "prompts/{prompt_id}/versions/{ref}/cell", "viewer"),
    Row("GET", "executions/{execution_id}/as", "viewer", query={"form": "curl"}),
    Row("POST", "executions/{execution_id}/cancel", "engineer"),
    Row("GET", "environments", "viewer"),
    Row("POST", "prompts/{prompt_id}/merge/preview", "viewer", {"source": "main"}),
    Row("POST", "prompts/{prompt_id}/merge", "engineer", {"source": "main"}),
    Row("POST", "prompts/{prompt_id}/cherry-pick", "engineer", {"version": "latest"}),
    Row("POST", "prompts/{prompt_id}/revert", "engineer", {"version": "latest"}),
    Row("GET", "protections", "viewer"),
    Row("GET", "protections/covered", "viewer"),
    Row("POST", "protections", "team_lead", {"prompts": "walker/nowhere", "rules": {"approvals": 1}}),
    Row("PATCH", "protections/{protection_id}", "team_lead", {"branch": "walked"}),
    Row("DELETE", "protections/{protection_id}", "team_lead"),
    Row("GET", "reviews", "viewer"),
    Row("POST", "prompts/{prompt_id}/reviews", "engineer", {"source": "ahead", "target": "side"}),
    Row("GET", "reviewers", "viewer"),
    Row("GET", "prompts/{prompt_id}/reviews/{number}", "viewer"),
    Row("PATCH", "prompts/{prompt_id}/reviews/{number}", "engineer", {"title": "Walked"}),
    Row("POST", "prompts/{prompt_id}/reviews/{number}/decisions", "engineer", {"decision": "comment"}),
    Row("POST", "prompts/{prompt_id}/reviews/{number}/dismiss", "team_lead", {"reason": "walked"}),
    Row(
        "POST",
        "prompts/{prompt_id}/reviews/{number}/checks",
        "engineer",
        {"name": "suite", "verdict": "passed", "digest": "0" * 64},
    ),
    Row("PUT", "prompts/{prompt_id}/reviews/{number}/resolutions", "engineer", {}),
    Row("POST", "prompts/{prompt_id}/reviews/{number}/merge", "engineer", {}),
    Row("POST", "prompts/{prompt_id}/reviews/{number}/update", "engineer", {}),
    Row("POST", "prompts/{prompt_id}/reviews/{number}/revert", "engineer", {}),
    Row("DELETE", "prompts/{prompt_id}/reviews/{number}/source", "engineer"),
    Row("POST", "prompts/{prompt_id}/reviews/{number}/source", "engineer"),
    Row("GET", "prompts/{prompt_id}/reviews/{number}/dependents", "viewer"),
    Row("GET", "prompts/{prompt_id}/reviews/{number}/threads", "viewer"),
    Row("POST", "prompts/{prompt_id}/reviews/{number}/threads", "engineer", {"body": "Why?"}),
    Row("PATCH", "prompts/{prompt_id}/reviews/{number}/threads/{thread_id}", "engineer", {"resolved": True}),
    Row(
        "POST",
        "prompts/{prompt_id}/reviews/{number}/threads/{thread_id}/comments",
        "engineer",
        {"body": "So."},
    ),
    Row(
        "PATCH",
        "prompts/{prompt_id}/reviews/{number}/threads/{thread_id}/comments/{comment_id}",
        "engineer",
        {"body": "So!"},
    ),
    Row(
        "POST",
        "prompts/{prompt_id}/reviews/{number}/threads/{thread_id}/comments/{comment_id}/apply",
        "engineer",
        {},
    ),
    Row("POST", "prompts/{prompt_id}/promote", "team_lead", {"environment": "production"}),
    Row("POST", "prompts/{prompt_id}/rollback", "engineer", {"environment": "staging", "reason": "bad"}),
    Row("GET", "prompts/{prompt_id}/deployments", "viewer"),
    Row("GET", "models", "viewer"),
    Row("GET", "quickstart", "viewer"),
    Row("GET", "connections", "viewer"),
    Row("POST", "connections", "admin", {"name": "walker", "provider": "openai", "secret": "sk-walker-1"}),
    Row("PATCH", "connections/{name}", "admin", {"models": ["gpt-4o-mini"]}),
    Row("DELETE", "connections/{name}", "admin"),
    Row("POST", "import", "admin", {"items": []}),
    Row("POST", "import/preview", "engineer", {"items": []}),
    Row("POST", "import/read", "engineer", {"files": [{"path": "a.txt", "text": "Hi {{name}}"}]}),
    Row("GET", "export", "viewer"),
    Row("GET", "prompts/{prompt_id}/versions/{ref}/file", "viewer", query={"format": "prompty"}),
    Row("GET", "git/history", "viewer"),
    Row("POST", "git/push", "engineer", {"remote": "nowhere"}),
    Row("POST", "git/pull", "engineer", {"remote": "nowhere"}),
    Row("POST", "git/import", "engineer", {"bundle": base64.b64encode(_REPOSITORY.bundle()).decode()}),
    Row("GET", "bundle", "viewer"),
    Row("GET", "bundle-key", "viewer"),
    Row("GET", "audit", "team_lead"),
    # handlers of their own
    Row("GET", "openapi.json", KNOWN),
    Row("GET", "health", KNOWN),
    Row("GET", "health/live", ANYBODY),
    Row("GET", "health/ready", ANYBODY),
    Row("GET", "metrics", KNOWN),
    Row("SOCKET", "events", "viewer"),
    Row(
        "PUT",
        "../../api/collaboration/session/{prompt_id}/{branch}.prompt",
        "viewer",
        {"format": "text", "type": "file"},
    ),
    Row("SOCKET", "../../api/collaboration/room/text:file:{prompt_id}.{branch}", "viewer"),
)
