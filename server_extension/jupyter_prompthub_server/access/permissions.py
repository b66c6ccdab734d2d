"""The vocabulary of permissions, audit tags and roles. A misspelling fails at import.

Grammar of a permission: ``resource:action``. Grammar of an audit tag: ``noun.event``.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ROLE_PERMISSIONS", "AuditTag", "Permission", "Role", "permissions_of"]


class Role(StrEnum):
    """The four roles, ascending."""

    VIEWER = "viewer"
    ENGINEER = "engineer"
    TEAM_LEAD = "team_lead"
    ADMIN = "admin"


class Permission(StrEnum):
    """What an operation may ask for."""

    PROMPT_READ = "prompt:read"
    PROMPT_WRITE = "prompt:write"
    PROMPT_DELETE = "prompt:delete"
    PROMPT_EXECUTE = "prompt:execute"
    PROMPT_MERGE = "prompt:merge"
    ANALYTICS_READ = "analytics:read"
    REVIEW_READ = "review:read"
    REVIEW_WRITE = "review:write"
    REVIEW_APPROVE = "review:approve"
    SUITE_READ = "suite:read"
    SUITE_WRITE = "suite:write"
    TEST_RUN = "test:run"
    EXPERIMENT_READ = "experiment:read"
    EXPERIMENT_WRITE = "experiment:write"
    EXPERIMENT_DECIDE = "experiment:decide"
    DEPLOY_DEVELOPMENT = "deploy:development"
    DEPLOY_STAGING = "deploy:staging"
    DEPLOY_PRODUCTION = "deploy:production"
    PROTECTION_WRITE = "protection:write"
    BUDGET_WRITE = "budget:write"
    USER_READ = "user:read"
    USER_WRITE = "user:write"
    AUDIT_READ = "audit:read"
    AUDIT_VERIFY = "audit:verify"
    CONNECTION_WRITE = "connection:write"
    WORKSPACE_WRITE = "workspace:write"
    KEY_ROTATE = "key:rotate"
    SELF = "self:any"
    """Any signed-in actor, about itself only (its own keys, its own sessions)."""


class AuditTag(StrEnum):
    """What an audit entry says has happened."""

    ACTOR_REGISTER = "actor.register"
    ACTOR_DISABLE = "actor.disable"
    SESSION_LOGIN = "session.login"
    SESSION_LOGOUT = "session.logout"
    SESSION_REFRESH = "session.refresh"
    SESSION_REUSE = "session.reuse_detected"
    SESSION_DENIED = "session.denied"
    ACCESS_DENIED = "access.denied"
    API_KEY_CREATE = "api_key.create"
    API_KEY_REVOKE = "api_key.revoke"
    INVITATION_CREATE = "invitation.create"
    MEMBER_ROLE = "member.role"
    WORKSPACE_CREATE = "workspace.create"
    WORKSPACE_IMPORT = "workspace.import"
    WORKSPACE_EXPORT = "workspace.export"
    GIT_PUSH = "git.push"
    PROMPT_CREATE = "prompt.create"
    PROMPT_UPDATE = "prompt.update"
    PROMPT_ARCHIVE = "prompt.archive"
    PROMPT_RESTORE = "prompt.restore"
    PROMPT_BULK = "prompt.bulk"
    VERSION_CREATE = "version.create"
    VERSION_TAG = "version.tag"
    VERSION_MERGE = "version.merge"
    VERSION_PICK = "version.pick"
    VERSION_REVERT = "version.revert"
    BRANCH_CREATE = "branch.create"
    BRANCH_MOVE = "branch.move"
    BRANCH_DELETE = "branch.delete"
    DRAFT_RESTORE = "draft.restore"
    EXECUTION_BEGIN = "execution.begin"
    EXECUTION_FINISH = "execution.finish"
    DEPLOYMENT_PROMOTE = "deployment.promote"
    DEPLOYMENT_ROLLBACK = "deployment.rollback"
    PROTECTION_CREATE = "protection.create"
    PROTECTION_UPDATE = "protection.update"
    PROTECTION_DELETE = "protection.delete"
    REVIEW_OPEN = "review.open"
    REVIEW_UPDATE = "review.update"
    REVIEW_DECIDE = "review.decide"
    REVIEW_DISMISS = "review.dismiss"
    REVIEW_RESOLVE = "review.resolve"
    REVIEW_CHECK = "review.check"
    REVIEW_COMMENT = "review.comment"
    REVIEW_MERGE = "review.merge"
    SAMPLE_CREATE = "sample.create"
    SAMPLE_UPDATE = "sample.update"
    SAMPLE_DELETE = "sample.delete"
    CONNECTION_CREATE = "connection.create"
    CONNECTION_UPDATE = "connection.update"
    CONNECTION_DELETE = "connection.delete"


_VIEWER = frozenset(
    {
        Permission.PROMPT_READ,
        Permission.ANALYTICS_READ,
        Permission.REVIEW_READ,
        Permission.SUITE_READ,
        Permission.EXPERIMENT_READ,
        Permission.SELF,
    }
)
_ENGINEER = _VIEWER | {
    Permission.PROMPT_WRITE,
    Permission.PROMPT_EXECUTE,
    Permission.REVIEW_WRITE,
    Permission.SUITE_WRITE,
    Permission.TEST_RUN,
    Permission.DEPLOY_DEVELOPMENT,
    Permission.DEPLOY_STAGING,
    Permission.EXPERIMENT_WRITE,
}
_TEAM_LEAD = _ENGINEER | {
    Permission.PROMPT_DELETE,
    Permission.PROMPT_MERGE,
    Permission.REVIEW_APPROVE,
    Permission.PROTECTION_WRITE,
    Permission.DEPLOY_PRODUCTION,
    Permission.EXPERIMENT_DECIDE,
    Permission.BUDGET_WRITE,
    Permission.USER_READ,
    Permission.AUDIT_READ,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.ENGINEER: _ENGINEER,
    Role.TEAM_LEAD: _TEAM_LEAD,
    Role.ADMIN: frozenset(Permission),
}


def permissions_of(role: Role) -> frozenset[Permission]:
    """The permissions of ``role``, its inherited ones included."""
    return ROLE_PERMISSIONS[role]
