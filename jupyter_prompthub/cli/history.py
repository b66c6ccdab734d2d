"""``prompthub log | blame | bisect``."""

from __future__ import annotations

import os
import subprocess
import tempfile
from argparse import Namespace
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from ..client import Client
from ..client.histories import Trial
from ..core import records as r
from ..core.errors import InvalidInput
from ..core.graph import Line, Row, text_rows
from ..core.names import LATEST, parse_reference
from .output import Exit, Output, table
from .prompts import read_text

__all__ = ["bisect", "blame", "dependents", "graph_lines", "log"]

_SKIP, _ABORT = 125, 126
"""exit codes of a trial: it cannot be judged; from here on it did not run at all"""
_STANDARD_ERROR = 2
"""the file descriptor"""


def log(client: Client, options: Namespace, out: Output) -> Exit:
    """The versions of a prompt, newest first: as a graph, by words of their messages, or by what their texts say."""
    parsed = parse_reference(options.name)
    branch = None if parsed.ref == LATEST else parsed.ref
    if options.text is not None:
        if branch or options.graph or options.search:
            raise InvalidInput("-S looks at the whole history: leave the branch, --graph and --search out")
        changes = list(islice(client.text_changes(parsed.name, options.text), options.number))
        rows = [
            (f"{'+' if one.after > one.before else '-'} {one.before} → {one.after}", *_row(one.version))
            for one in changes
        ]
        lines = table(rows, ("times", "version", "when (UTC)", "who", "message"))
        out.show(changes, lines if rows else ["no version brought it or took it away"])
    elif options.graph:
        if options.search:
            raise InvalidInput("a graph of some of the versions would lead nowhere: leave --search out")
        nodes = list(islice(client.graph(parsed.name, branch), options.number))
        out.show(nodes, graph_lines(nodes, out))
    else:
        versions = list(
            islice(client.history(parsed.name, branch=branch, search=options.search), options.number)
        )
        head = ("version", "when (UTC)", "who", "message")
        out.show(versions, table([_row(one) for one in versions], head) if versions else ["no versions"])
    return Exit.PASSED


def _row(version: r.VersionSummary) -> tuple[str, str, str, str]:
    when = version.written_at[:16].replace("T", " ")
    first = version.commit_message.partition("\n")[0]
    return version.short, when, version.writer, first


def graph_lines(nodes: Iterable[r.GraphNode], out: Output) -> Iterator[str]:
    """The graph as ``git log --graph --oneline`` prints it."""

    def lines(given: Iterable[r.GraphLine]) -> tuple[Line, ...]:
        return tuple(Line(one.top, one.bottom, one.lane) for one in given)

    def text(version: r.VersionSummary) -> str:
        names = [*version.branches, *(f"tag: {tag}" for tag in version.tags), *version.served_in]
        here = f" ({', '.join(names)})" if names else ""
        message = version.commit_message.partition("\n")[0]
        return f"{out.paint(version.short, 33)}{out.paint(here, 36) if here else ''} {message}".rstrip()

    yield from text_rows(
        (Row(node.lane, lines(node.above), lines(node.below)), text(node.version)) for node in nodes
    )


def dependents(client: Client, options: Namespace, out: Output) -> Exit:
    """The prompts that include a snippet; exit code 1 when a change that was asked about breaks one."""
    parsed = parse_reference(options.name)
    text = read_text(options.file) if options.file else None
    after = None if parsed.ref == LATEST else parsed.ref
    found = list(client.dependents(parsed.name, text=text, after=after))
    rows = [
        (
            one.name,
            one.version_sha[:12],
            " ".join((*one.branches, *one.environments)),
            f"@{one.ref}" if one.direct else "through others",
            one.effect.value if one.effect else "",
        )
        for one in found
    ]
    lines = [*table(rows, ("name", "version", "where", "includes it", "with the change"))]
    lines += [f"{one.name}: {reason}" for one in found for reason in one.reasons]
    out.show(found, lines or [f"no prompt includes {parsed.name}"])
    broken = any(one.effect is r.Effect.BREAKS for one in found)
    return Exit.FAILED if broken else Exit.PASSED


def blame(client: Client, options: Namespace, out: Output) -> Exit:
    """The version that brought each unit, and each line of a message."""
    parsed = parse_reference(options.reference)
    found = client.blame(parsed.name, parsed.ref)
    out.show(found, _blamed(found, out))
    return Exit.PASSED


def _blamed(found: r.Blame, out: Output) -> Iterator[str]:
    by_sha = {one.sha: one for one in found.versions}

    def who(sha: str) -> str:
        one = by_sha[sha]
        return f"{out.paint(one.short, 33)} {one.writer[:16]:16} {one.written_at[:10]}"

    for unit in found.units:
        if not unit.lines:
            yield f"{who(unit.sha)}  {unit.path}"
    for unit in found.units:
        if unit.lines:
            yield out.paint(unit.path, 1)
            yield from (f"{who(line.sha)}  {line.text}".rstrip() for line in unit.lines)
    if not found.complete:
        yield "the history is longer than what was looked at: the oldest version named stands for all before it"


# ------------------------------------------------------------------ bisect


def bisect(client: Client, options: Namespace, out: Output) -> Exit:
    """Find the version that broke something, by a command that is run with one version after the other."""
    name = parse_reference(options.name).name

    def judge(version: r.Version) -> bool | None:
        code = _tried(options.trial, name, version, out)
        if code >= _ABORT or code < 0:
            raise InvalidInput(
                f"the command ended with {code} at {version.short}: expected 0 (good), 1 to 124 (bad) or 125 (skip)"
            )
        return None if code == _SKIP else code == 0

    def told(trial: Trial) -> None:
        said = "skipped" if trial.good is None else "good" if trial.good else "bad"
        out.note(f"{trial.version.short} is {said} ({trial.suspects} were left)")

    done = client.bisect(name, judge, good=options.good, bad=options.bad, told=told)
    if done.first is None:
        lines = [
            "only skipped versions are left; the first bad one is among:",
            *(" ".join(_row(one)) for one in done.among),
        ]
        out.show(done.among, lines)
        return Exit.INCONCLUSIVE
    first = done.first
    words = "1 trial" if done.trials == 1 else f"{done.trials} trials"
    out.show(first, [f"{first.short} is the first bad version ({words})", "  ".join(_row(first)[1:])])
    return Exit.PASSED


def _tried(command: list[str], name: str, version: r.Version, out: Output) -> int:
    """The exit code of the command with a version: ``{}`` in it is the file with the text. What it prints goes to
    standard error where standard output is for JSON."""
    with tempfile.TemporaryDirectory(prefix="prompthub-bisect-") as folder:
        file = Path(folder) / f"{name.rpartition('/')[2]}.prompt"
        file.write_text(version.text, encoding="utf-8", newline="")
        known = {
            "PROMPTHUB_BISECT_FILE": str(file),
            "PROMPTHUB_BISECT_REF": f"{name}@{version.sha}",
            "PROMPTHUB_BISECT_SHA": version.sha,
        }
        words = [word.replace("{}", str(file)) for word in command]
        try:
            to = _STANDARD_ERROR if out.as_json else None
            return subprocess.run(words, env={**os.environ, **known}, stdout=to, check=False).returncode
        except OSError as error:
            raise InvalidInput(f"cannot run {words[0]}: {error.strerror}") from error
