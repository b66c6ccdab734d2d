"""What a service function gets: one transaction, its caller, and what it wants to be said about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from jupyter_prompthub.core.errors import Forbidden, PromptHubError

from .access.permissions import AuditTag, Permission
from .operations import Caller, Operation
from .store.sealed import Codec, Sealer

__all__ = ["Tx"]


class Tx:
    """One transaction of one operation. Only the dispatcher makes, commits and rolls back.

    Attributes:
        conn: the connection; statements only, never ``commit``.
        caller: who asks.
        now: the one time of all that happens in here: aware UTC, whole milliseconds.
        operation: what runs.
    """

    def __init__(
        self, conn: Connection, caller: Caller, operation: Operation, at: datetime, sealer: Sealer
    ) -> None:
        self.conn = conn
        self.caller = caller
        self.now = at
        self.operation = operation
        self._sealer = sealer
        self._workspace_id = caller.workspace_id
        self._codec: Codec | None = None
        self.notices: list[tuple[str, dict[str, str]]] = []
        self.target_ids: dict[str, str] = {}
        self.contents: dict[str, bytes] = {}
        self.parts: list[tuple[AuditTag, dict[str, str]]] = []
        self.tag: AuditTag | None = operation.tag
        self.error_after: PromptHubError | None = None
        self.is_unchanged = operation.dry

    @property
    def workspace_id(self) -> str:
        """The workspace that every statement must be scoped by."""
        return self._workspace_id

    @property
    def codec(self) -> Codec:
        """Seals and opens this workspace's sealed columns."""
        if self._codec is None:
            self._codec = self._sealer.codec(self.conn, self._workspace_id)
        return self._codec

    def require(self, permission: Permission) -> None:
        """Refuse a caller without ``permission``.

        Raises:
            Forbidden: ``details["permission"]`` names it.
        """
        if permission not in self.caller.permissions:
            raise Forbidden(
                f"This needs the permission {permission.value}, which the role {self.caller.role} does not "
                "have here. Ask an admin of the workspace.",
                details={"permission": permission.value},
            )

    def emit(self, kind: str, **ids: str) -> None:
        """Tell user interfaces, after commit, that something changed: ids only."""
        self.notices.append((kind, ids))

    def audit(self, **target_ids: str) -> None:
        """Add fields to the target of this operation's audit entry: ids and names, no contents."""
        self.target_ids.update(target_ids)

    def audit_content(self, name: str, data: str | bytes) -> None:
        """Log a content by salted hash."""
        self.contents[name] = data.encode() if isinstance(data, str) else data

    def audit_also(self, tag: AuditTag, **target_ids: str) -> None:
        """Log one of many changes with an entry of its own, before the operation's."""
        self.parts.append((tag, target_ids))

    def audit_as(self, tag: AuditTag) -> None:
        """Log under another tag than the operation's."""
        self.tag = tag

    def unchanged(self) -> None:
        """Nothing was changed: the transaction is rolled back, no entry is written, no event goes out."""
        self.is_unchanged = True

    @contextmanager
    def part(self) -> Iterator[None]:
        """What is done inside is taken back alone if it fails: rows, and what is to be told and audited of it."""
        told, also = len(self.notices), len(self.parts)
        targets, contents, tag = dict(self.target_ids), dict(self.contents), self.tag
        self.conn.exec_driver_sql("SAVEPOINT part")
        try:
            yield
        except (PromptHubError, IntegrityError):
            self.conn.exec_driver_sql("ROLLBACK TO SAVEPOINT part")
            self.conn.exec_driver_sql("RELEASE SAVEPOINT part")
            del self.notices[told:], self.parts[also:]
            self.target_ids, self.contents, self.tag = targets, contents, tag
            raise
        self.conn.exec_driver_sql("RELEASE SAVEPOINT part")

    def fail_after_commit(self, error: PromptHubError, tag: AuditTag | None = None) -> None:
        """Commit what was done (say, revoking a family of stolen tokens), then answer with ``error``."""
        self.error_after = error
        self.tag = tag or self.tag

    def enter_workspace(self, workspace_id: str) -> None:
        """Go on in another workspace: for sign-in and registration only, where the caller comes without
        one. Audit entry and events go there."""
        self._workspace_id = workspace_id
        self._codec = None
