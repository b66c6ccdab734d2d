"""What an output remembers: the metadata ``prompthub`` (``docs/notebook.md``)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from ..client import Answer
from ..core.canonical import text_hash, timestamp
from ..core.names import parse_reference
from ..core.records import PromptOutput, Version

__all__ = ["provenance"]


def provenance(
    kind: Literal["run", "use", "save"],
    reference: str,
    version: Version,
    *,
    answer: Answer | None = None,
    text: str | None = None,
    locked: bool = False,
) -> PromptOutput:
    """The record of a cell.

    Args:
        version: what ``reference`` named.
        answer: of the run.
        text: the cell's own text, when that ran in place of the version's.
        locked: the version came from a ``prompts.lock``.
    """
    parsed = parse_reference(reference)
    more: dict[str, Any] = {}
    if answer is not None:
        more = {
            "rendered_hash": answer.metadata.rendered_hash,
            "execution_id": answer.execution_id,
            "model": answer.metadata.model,
        }
    if text is None:
        more |= {
            "version_sha": version.sha,
            "content_hash": version.content_hash,
            "text_hash": version.text_hash,
        }
    else:
        more |= {"version_sha": None, "base_sha": version.sha, "text_hash": text_hash(text)}
    return PromptOutput(
        kind=kind,
        reference=reference,
        prompt=parsed.name,
        prompt_id=version.prompt_id,
        ref=parsed.ref,
        lock=version.lock,
        locked=locked,
        at=timestamp(datetime.now(UTC)),
        **more,
    )
