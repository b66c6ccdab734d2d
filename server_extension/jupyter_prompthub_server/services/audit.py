"""What was recorded: the audit entries of a workspace, newest first."""

from __future__ import annotations

from sqlalchemy import select

from jupyter_prompthub.core.records import AuditEntry, AuditPage, PageQuery

from ..access.permissions import Permission
from ..operations import operation
from ..store.clock import iso
from ..store.paging import Sort, fetch
from ..store.tables import audit_entry
from ..transaction import Tx

__all__ = ["list"]


@operation(Permission.AUDIT_READ, no_audit="read")
def list(tx: Tx, query: PageQuery) -> AuditPage:
    """List audit entries, newest first."""
    mine = select(audit_entry).where(audit_entry.c.workspace_id == tx.workspace_id)
    paged = fetch(tx.conn, mine, [Sort(audit_entry.c.id, descending=True)], query, named="audit")
    return AuditPage(
        items=tuple(
            AuditEntry(
                id=row.id,
                tag=row.tag,
                actor_id=row.actor_id,
                credential_id=row.credential_id,
                via=row.via,
                target=row.target,
                created_at=iso(row.created_at),
                leaf_hash=row.leaf_hash,
            )
            for row in paged.rows
        ),
        **paged.fields(),
    )
