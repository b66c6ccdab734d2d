"""The two digests: what was approved, and what a verdict rests on."""

from __future__ import annotations

from collections.abc import Mapping

from ..canonical import canonical, tagged_sha256
from ..records import Evidence

__all__ = ["evidence_digest", "review_digest"]


def review_digest(*, content_hash: str, text_hash: str, lock: Mapping[str, str], source_head: str) -> str:
    """What an approval is bound to.

    Args:
        content_hash: of the merge result, as ``text_hash``.
        lock: of the merge result: prompt id -> version SHA of every snippet, transitively.
        source_head: the SHA of the source branch's head.
    """
    return tagged_sha256(
        "prompthub review v1",
        canonical({"content": content_hash, "text": text_hash, "lock": dict(lock), "source": source_head}),
    )


def evidence_digest(*, content_hash: str, lock: Mapping[str, str], evidence: Evidence) -> str:
    """What a verdict rests on: the content under test with its lock, and everything that it was tested with."""
    return tagged_sha256(
        "prompthub evidence v1",
        canonical({"content": content_hash, "lock": dict(lock), **evidence.model_dump(mode="json")}),
    )
