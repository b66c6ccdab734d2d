"""``prompthub status``."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ..client import Client
from ..core.errors import InvalidInput
from ..finding import files_in
from ..status import HEADER, compared, drifted, ran_in, table_rows
from .output import Exit, Output, table

__all__ = ["status"]


def status(client: Client, options: Namespace, out: Output) -> Exit:
    """Which cells of notebooks ran versions that their refs do not name any more; exit code 1 when there are any."""
    said, lines, moved = {}, [], 0
    for path in _notebooks(options.notebook):
        pairs = compared(client, ran_in(path))
        moved += len(drifted(pairs))
        said[str(path)] = [
            {
                "cell": one.cell,
                "ran": one.record.model_dump(mode="json"),
                "drift": drift.model_dump(mode="json"),
            }
            for one, drift in pairs
        ]
        if len(options.notebook) > 1 or Path(options.notebook[0]).is_dir():
            lines.append(f"{path}:")
        lines += table(table_rows(pairs), HEADER) if pairs else ["no output of it remembers a prompt"]
    out.show(said, lines)
    if moved:
        out.note(
            f"{moved} of these would run another version now; run them again, or lock them: `prompthub lock`"
        )
    return Exit.FAILED if moved else Exit.PASSED


def _notebooks(given: list[str]) -> list[Path]:
    paths = [file for one in given for file in files_in(Path(one)) if file.suffix == ".ipynb"]
    if not paths:
        raise InvalidInput(f"there is no notebook in {', '.join(given)}")
    return paths
