"""What cells ran, against what their refs name now: for ``%prompthub status`` and ``prompthub status``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from .client import Client
from .core.records import Drift, DriftItem, DriftState, PromptOutput
from .finding import code_cells

__all__ = ["HEADER", "Ran", "compared", "drifted", "ran_in", "table_rows"]

HEADER = ("cell", "prompt", "ran", "now", "what changed")


@dataclass(frozen=True, slots=True)
class Ran:
    """A cell, and what its output remembers."""

    cell: str
    record: PromptOutput


def ran_in(path: Path) -> list[Ran]:
    """What the outputs of a notebook file remember, in the order of its cells; of one prompt in a cell the last.

    Raises:
        InvalidInput: it cannot be read.
    """
    found: dict[tuple[int, str], Ran] = {}
    for number, cell in enumerate(code_cells(path), 1):
        count = f" [{cell.execution_count}]" if cell.get("execution_count") else ""
        for output in cell.get("outputs", ()):
            try:
                record = PromptOutput.model_validate(output.get("metadata", {}).get("prompthub"))
            except ValidationError:
                continue  # another output, or one of an older release
            found[number, record.reference] = Ran(f"{number}{count}", record)
    return list(found.values())


def compared(client: Client, ran: Sequence[Ran]) -> list[tuple[Ran, Drift]]:
    """Each with what has become of its ref, asked for at once."""
    known = [(one, sha) for one in ran if (sha := one.record.version_sha or one.record.base_sha)]
    items = [DriftItem(prompt=one.record.prompt, ref=one.record.ref, version_sha=sha) for one, sha in known]
    return [(one, drift) for (one, _), drift in zip(known, client.drift(items), strict=True)]


def drifted(pairs: Sequence[tuple[Ran, Drift]]) -> list[Drift]:
    """Those whose ref names something else now."""
    return [drift for _, drift in pairs if drift.changed]


def table_rows(pairs: Sequence[tuple[Ran, Drift]]) -> list[tuple[str, ...]]:
    """Lines of a table under :data:`HEADER`."""
    return [(one.cell, one.record.reference, _ran(one.record, drift), *_now(drift)) for one, drift in pairs]


def _ran(record: PromptOutput, drift: Drift) -> str:
    short = drift.version_sha[:12]
    if record.version_sha is None:
        return f"its own text, on {short}"
    return f"{short} (locked)" if record.locked else short


def _now(drift: Drift) -> tuple[str, str]:
    if drift.state is DriftState.SAME:
        return f"{drift.ref} is the same", ""
    if drift.current_sha is None:
        return "gone", drift.reason
    now = f"{drift.ref} is {drift.current_sha[:12]}"
    if drift.behind_by:
        now += f" ({drift.behind_by} behind)"
    elif drift.ahead_by:
        now += f" ({drift.ahead_by} ahead)"
    changes = list(drift.changes)
    if (more := drift.changes_count - len(changes)) > 0:
        changes.append(f"and {more} more")
    if drift.breaks:
        changes.append(f"breaks callers: {'; '.join(drift.breaks)}")
    return now, "; ".join(changes) or drift.reason
