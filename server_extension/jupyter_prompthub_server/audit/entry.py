"""The canonical bytes of an audit entry (``docs/formats/audit-entry.md``) and its hashes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from jupyter_prompthub.core.canonical import canonical, timestamp

__all__ = ["FORMAT", "Entry", "Receipt", "leaf_hash", "salted_hash"]

FORMAT = "prompthub audit entry v1"
_CONTENT = b"prompthub audit content v1\0"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a caller keeps of its own entry."""

    entry_id: str
    leaf_hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One audit entry; ``content`` maps a name to its salted hash."""

    id: str
    workspace_id: str
    at: datetime
    tag: str
    operation: str
    actor_id: str
    credential_id: str | None
    via: str
    target: dict[str, str]
    content: dict[str, str]

    def canonical_bytes(self) -> bytes:
        """Version 1 bytes."""
        return canonical(
            {
                "format": FORMAT,
                "id": self.id,
                "workspace": self.workspace_id,
                "at": timestamp(self.at),
                "tag": self.tag,
                "operation": self.operation,
                "actor": self.actor_id,
                "credential": self.credential_id,
                "via": self.via,
                "target": self.target,
                "content": self.content,
            }
        )


def leaf_hash(data: bytes) -> str:
    """RFC 6962 leaf hash of canonical bytes, in hex."""
    return hashlib.sha256(b"\0" + data).hexdigest()


def salted_hash(salt: bytes, content: bytes) -> str:
    """Salted hash of a content, in hex."""
    return hashlib.sha256(_CONTENT + salt + content).hexdigest()
