"""The merge of two prompts of 200 lines, beside a process of ``git merge-file``."""

from __future__ import annotations

import statistics
import subprocess
from pathlib import Path

from jupyter_prompthub.core.merge import merge
from jupyter_prompthub.core.promptfile import parse

from .measuring import Line, by_turns, ms
from .servers import long_prompt

__all__ = ["run"]


def run(folder: Path, *, quick: bool) -> list[Line]:
    """Both sides changed other lines, and one of them a variable and a parameter; by turns with git."""
    base = long_prompt()
    lines = base.splitlines(keepends=True)
    theirs = "".join(
        line.replace("\n", " It is so.\n") if number % 10 == 5 and number > 20 else line
        for number, line in enumerate(lines)
    )
    texts = {"ours": long_prompt(changed=True), "base": base, "theirs": theirs}
    for name, text in texts.items():
        (folder / name).write_text(text)
    documents = {name: parse(text) for name, text in texts.items()}
    command = ["git", "merge-file", "-p", *(str(folder / name) for name in texts)]

    def git() -> None:
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode < 0 or not done.stdout:
            raise RuntimeError(done.stderr.decode())

    def ours() -> None:
        made = merge(documents["base"], documents["ours"], documents["theirs"])
        if made.text is None:
            raise RuntimeError(str(made.conflicts))

    taken = by_turns({"ours": ours, "floor": git}, 20 if quick else 100)
    median = statistics.median(taken["ours"])
    return [
        Line(
            "merge",
            "of two 200-line prompts that are parsed, p50",
            ms(median),
            f"git merge-file {ms(taken['floor'])}",
            median / statistics.median(taken["floor"]),
            "≤ 10 ms",
            median <= 0.010,
        )
    ]
