"""The two digests: what was approved, and what a verdict rests on."""

from __future__ import annotations

from collections.abc import Mapping

from ..canonical import canonical, tagged_sha256
from ..records import Content, Evidence

__all__ = ["dependent_digest", "evidence_digest", "review_digest", "snippet_part"]


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


def snippet_part(content: Content, lock: Mapping[str, str]) -> str:
    """Names what including a snippet brings: its messages, variables and snippets, not its model or its layout.

    Args:
        lock: of that version of the snippet.
    """
    said = content.model_dump(mode="json", by_alias=True, include={"segments", "variables", "snippets"})
    return tagged_sha256("prompthub snippet v1", canonical({**said, "lock": dict(lock)}))


def dependent_digest(
    *, prompt_id: str, content_hash: str, lock: Mapping[str, str], snippet_id: str, part: str
) -> str:
    """What a check of a prompt is bound to in the review of a snippet that it includes.

    Args:
        prompt_id: of the including prompt; content_hash and lock are of its version.
        snippet_id: of the snippet.
        part: what including the merge result brings, as :func:`snippet_part` has it.
    """
    others = {one: sha for one, sha in lock.items() if one != snippet_id}
    said = {"prompt": prompt_id, "content": content_hash, "lock": others, "snippet": part}
    return tagged_sha256("prompthub dependent v1", canonical(said))
