"""A prompt of 10,000 commits comes in from git and goes out again, beside ``git fast-import`` of the same commits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from .measuring import Line, ms

__all__ = ["run"]

_CHILD = """
import json, resource, sys, time
from jupyter_prompthub.client import Client
source, target = sys.argv[1:]
said = {}
def timed(name, do):
    start = time.perf_counter()
    found = do()
    said[name] = time.perf_counter() - start
    said[name + " MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return found
with Client() as hub:
    first = timed("import", lambda: hub.git_import(source))
    assert not first.problems and not first.left, first
    said["versions"] = first.versions
    assert timed("again", lambda: hub.git_import(source)).versions == 0
    timed("export", lambda: hub.git_export(target))
    assert timed("export again", lambda: hub.git_export(target)).commits == 0
print(json.dumps(said))
"""


def _stream(commits: int) -> bytes:
    """For ``git fast-import``: one prompt, with a merge every 20 commits."""
    out: list[str] = []

    def commit(mark: int, branch: str, parents: list[int], line: int) -> None:
        body = "\n".join(
            f"Rule {at}: {'changed in ' + str(mark) if at == line else 'as it was'}." for at in range(30)
        )
        head = f"---\nmodel: openai/gpt-4o-mini\nconfig: {{temperature: 0.{mark % 10}}}\n---\n"
        text = f"{head}{body}\nAnswer {{{{question}}}}.\n"
        who = f"Ada <ada@example.com> {1_600_000_000 + mark * 60} +0200"
        message = f"Change {mark}"
        out.append(
            f"commit refs/heads/{branch}\nmark :{mark}\nauthor {who}\ncommitter {who}\ndata {len(message)}\n{message}\n"
        )
        out.extend(f"{word} :{one}\n" for word, one in zip(("from", "merge"), parents, strict=False))
        out.append(f"M 100644 inline support/refund.prompt\ndata {len(text)}\n{text}\n")

    last = 0
    for mark in range(1, commits + 1):
        turn = mark % 20
        if turn == 18 and last:
            commit(mark, "side", [last], mark % 30)
        elif turn == 0:
            commit(mark, "main", [last, mark - 2], mark % 30)
            last = mark
        else:
            commit(mark, "main", [last] if last else [], mark % 30)
            last = mark
    return "".join(out).encode()


def _git(folder: Path, *arguments: str, data: bytes | None = None) -> float:
    start = time.perf_counter()
    subprocess.run(["git", *arguments], cwd=folder, input=data, check=True, capture_output=True)
    return time.perf_counter() - start


def run(folder: Path, *, quick: bool) -> list[Line]:
    """One history, both ways; git itself on the same commits."""
    commits = 1_000 if quick else 10_000
    theirs, again = folder / "theirs", folder / "again"
    for one in (theirs, again):
        one.mkdir()
        _git(one, "init", "-q", "--bare", "-b", "main")
    floor = _git(theirs, "fast-import", "--quiet", data=_stream(commits))
    dumped = subprocess.run(
        ["git", "fast-export", "--all"], cwd=theirs, check=True, capture_output=True
    ).stdout
    out_floor = _git(again, "fast-import", "--quiet", data=dumped)
    env = {**os.environ, "PROMPTHUB_HOME": str(folder / "home"), "JUPYTER_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-c", _CHILD, str(theirs), str(folder / "ours")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=env)
    said = json.loads(done.stdout)
    assert said["versions"] == commits
    heads = ["rev-parse", "main"]
    same = {subprocess.check_output(["git", *heads], cwd=one) for one in (theirs, folder / "ours")}
    assert len(same) == 1, "the export wrote the very same commits"
    rows = (("import", floor), ("again", None), ("export", out_floor), ("export again", None))
    return [
        Line(
            "git",
            f"{name} of {commits} commits",
            f"{ms(said[name])}, {commits / said[name]:.0f} a second, peak {said[name + ' MB']:.0f} MB so far",
            f"git fast-import {ms(taken)}" if taken else "",
            said[name] / taken if taken else None,
        )
        for name, taken in rows
    ]
