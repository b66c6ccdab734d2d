"""All tables, one set for SQLite and PostgreSQL: singular names, ``workspace_id`` in every owned table.

``version``, ``version_parent``, ``version_snippet``, ``version_editor``, ``deployment`` and ``audit_entry``
are insert-only: triggers (``store/ddl.py``) refuse UPDATE and DELETE on both databases.
"""

from ._base import metadata
from ._drafts import draft, draft_editor, draft_kept, draft_update
from ._executions import connection, execution, execution_payload
from ._git import git_commit
from ._including import review_dependent_check
from ._people import account, actor, api_key, invitation, membership, refresh_token, revoked_jti, workspace
from ._prompts import (
    branch,
    deployment,
    environment,
    prompt,
    prompt_redirect,
    prompt_tag,
    version,
    version_editor,
    version_parent,
    version_snippet,
    version_tag,
)
from ._reviews import (
    branch_move,
    protection,
    review,
    review_check,
    review_decision,
    review_resolution,
    review_reviewer,
)
from ._samples import sample
from ._system import (
    audit_entry,
    audit_salt,
    data_key,
    idempotency,
    outbox,
    outbox_counter,
    search_entry,
    store_meta,
)
from ._threads import review_comment, review_mention, review_thread

__all__ = [
    "account",
    "actor",
    "api_key",
    "audit_entry",
    "audit_salt",
    "branch",
    "branch_move",
    "connection",
    "data_key",
    "deployment",
    "draft",
    "draft_editor",
    "draft_kept",
    "draft_update",
    "environment",
    "execution",
    "execution_payload",
    "git_commit",
    "idempotency",
    "invitation",
    "membership",
    "metadata",
    "outbox",
    "outbox_counter",
    "prompt",
    "prompt_redirect",
    "prompt_tag",
    "protection",
    "refresh_token",
    "review",
    "review_check",
    "review_comment",
    "review_decision",
    "review_dependent_check",
    "review_mention",
    "review_resolution",
    "review_reviewer",
    "review_thread",
    "revoked_jti",
    "sample",
    "search_entry",
    "store_meta",
    "version",
    "version_editor",
    "version_parent",
    "version_snippet",
    "version_tag",
    "workspace",
]
