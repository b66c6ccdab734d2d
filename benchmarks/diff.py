"""The diff of two prompts of 200 lines, beside a process of ``git diff``."""

from __future__ import annotations

import statistics
import subprocess
from pathlib import Path

from jupyter_prompthub.core.diff import diff
from jupyter_prompthub.core.promptfile import parse

from .measuring import Line, by_turns, ms
from .servers import long_prompt

__all__ = ["run"]


def run(folder: Path, *, quick: bool) -> list[Line]:
    """Our diff by units with words, and git's by lines, by turns."""
    texts = {"a": long_prompt(), "b": long_prompt(changed=True)}
    for name, text in texts.items():
        (folder / name).write_text(text)
    a, b = (parse(text).content for text in texts.values())
    command = ["git", "diff", "--no-index", "--word-diff", str(folder / "a"), str(folder / "b")]

    def git() -> None:
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode != 1:
            raise RuntimeError(done.stderr.decode())

    taken = by_turns({"ours": lambda: diff(a, b), "floor": git}, 20 if quick else 100)
    ours = statistics.median(taken["ours"])
    return [
        Line(
            "diff",
            "of two 200-line prompts, p50",
            ms(ours),
            f"git diff --no-index --word-diff {ms(taken['floor'])}",
            ours / statistics.median(taken["floor"]),
            "≤ 5 ms",
            ours <= 0.005,
        )
    ]
