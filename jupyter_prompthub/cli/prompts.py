"""Commands about prompts: new, list, show, save, diff, run, promote, rollback."""

from __future__ import annotations

import json
import os
import stat
import sys
from argparse import Namespace
from itertools import chain
from pathlib import Path
from typing import Any

from ..amounts import dollars, duration
from ..client import Answer, Client
from ..core import records as r
from ..core.errors import ContractError, InvalidInput, NotFound, TooLarge
from ..core.interchange import MAX_FILE
from ..core.names import DEFAULT_BRANCH, LATEST, parse_reference
from ..core.promptfile import parse
from .output import Exit, Output, diff_lines, known_caller_lines, table

_LONGEST_PATH = 1000
"""characters of a file's path that are noted with its run"""
_MOST_BYTES = 4 * MAX_FILE
"""of a file: a character has at most four in UTF-8"""

__all__ = ["diff", "list_", "new", "promote", "read_text", "rollback", "run", "save", "show"]


def read_text(path: str) -> str:
    """The text of a file or a named pipe, never more of it than any file may hold; ``-`` is standard input.

    Raises:
        InvalidInput: it cannot be read, is closed, a device or too large, is not UTF-8, or has a NUL.
    """
    shown = "standard input" if path == "-" else path
    if path == "-" and sys.stdin is None:
        raise InvalidInput("standard input is closed; name a file")
    try:
        data = sys.stdin.buffer.read(_MOST_BYTES + 1) if path == "-" else _bytes_of(path)
    except OSError as error:
        raise InvalidInput(f"cannot read {shown}: {error.strerror}") from error
    if len(data) > _MOST_BYTES:
        raise TooLarge(
            f"{shown} has more than {MAX_FILE} characters; at most that many can be read. Split it.",
            details={"limit": MAX_FILE},
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{shown} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise InvalidInput(f"{shown} has a NUL character (U+0000) in line {line}, as no text may; remove it")
    return text


def _bytes_of(path: str) -> bytes:
    kind = os.stat(path).st_mode
    if stat.S_ISCHR(kind) or stat.S_ISBLK(kind):
        raise InvalidInput(f"cannot read {path}: it is a device; name a file, or - for standard input")
    with open(path, "rb") as file:
        return file.read(_MOST_BYTES + 1)


def new(client: Client, options: Namespace, out: Output) -> Exit:
    """Make a prompt, from a file or empty."""
    text = read_text(options.file) if options.file else None
    made = client.create(
        options.name, title=options.title, text=text, tags=tuple(options.tag), commit_message=options.message
    )
    out.show(made, [f"{made.name}@{made.head.short}" if made.head else f"{made.name} (a draft)"])
    return Exit.PASSED


def list_(client: Client, options: Namespace, out: Output) -> Exit:
    """Prompts that match."""
    found = list(client.list(options.search, tags=options.tag, archived=options.archived))
    rows = [
        (
            item.name,
            item.head.short if item.head else "draft",
            str(item.versions),
            " ".join(f"{one.environment}={one.short}" for one in item.served),
            ", ".join(item.tags),
        )
        for item in found
    ]
    empty = [
        "no prompts yet: `prompthub new NAME`, `prompthub import FILE`, or `prompthub seed` for demo prompts"
    ]
    if options.search or options.tag:
        empty = ["no prompt matches"]
    out.show(found, table(rows, ("name", "head", "versions", "served", "tags")) if rows else empty)
    return Exit.PASSED


def show(client: Client, options: Namespace, out: Output) -> Exit:
    """A version's text, or (``--history``) the versions of a prompt."""
    if options.history:
        versions = list(client.history(options.reference))
        rows = [
            (
                item.short,
                item.written_at[:16].replace("T", " "),
                item.writer,
                " ".join((*item.branches, *item.served_in)),
                item.commit_message,
            )
            for item in versions
        ]
        out.show(versions, table(rows, ("version", "when (UTC)", "who", "here", "message")))
        return Exit.PASSED
    version = client.version(options.reference)
    out.show(version, [version.text.rstrip("\n")])
    return Exit.PASSED


def save(client: Client, options: Namespace, out: Output) -> Exit:
    """Save a file as a new version (or as a new prompt with ``--create``)."""
    text = read_text(options.file)
    parsed = parse_reference(options.name)
    branch = DEFAULT_BRANCH if parsed.ref == LATEST else parsed.ref
    try:
        got = client.save(
            options.name, text, options.message, branch=branch, expected_head=options.expected_head
        )
    except NotFound:
        if not options.create or branch != DEFAULT_BRANCH:
            raise
        made = client.create(parsed.name, text=text, commit_message=options.message)
        out.show(made, [f"{made.name}@{made.head.short} (new prompt)" if made.head else made.name])
        return Exit.PASSED
    note = "" if got.created else " (nothing new: this is the head)"
    out.show(got, [f"{parsed.name}@{got.short}{note}", *(f"warning: {w.message}" for w in got.warnings)])
    return Exit.PASSED


def diff(client: Client, options: Namespace, out: Output) -> Exit:
    """Two versions, compared unit by unit; exit code 1 when they differ and ``--exit-code`` is given."""
    base, dots, head = options.range.partition("...")
    if not dots:
        base, dots, head = options.range.partition("..")
    comparison = client.diff(options.name, base or "latest", head or "latest")
    callers = known_caller_lines(client, options.name, comparison.compatibility)
    out.show(comparison, chain(diff_lines(comparison, out), callers))
    differs = bool(comparison.diff.changes) or comparison.diff.text_only
    return Exit.FAILED if differs and options.exit_code else Exit.PASSED


def _inputs(options: Namespace, variables: tuple[r.Variable, ...]) -> dict[str, Any]:
    """``--inputs FILE.json`` and ``--var name=value``; values are read by the variable's type."""
    inputs: dict[str, Any] = {}
    if options.inputs:
        try:
            inputs = json.loads(read_text(options.inputs))
        except ValueError as error:
            raise InvalidInput(f"{options.inputs} is not JSON: {error}") from error
        if not isinstance(inputs, dict):
            raise InvalidInput(f"{options.inputs}: expected a JSON object, got {type(inputs).__name__}")
    types = {variable.name: variable.type for variable in variables}
    for pair in options.var:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InvalidInput(f"--var {pair}: expected name=value")
        if value.startswith("@"):
            value = read_text(value[1:])
        if types.get(name, "string") in ("string", "enum", "any"):
            inputs[name] = value
            continue
        try:
            inputs[name] = json.loads(value)
        except ValueError as error:
            raise ContractError(f"--var {name}: expected {types[name]} as JSON, got {value!r}") from error
    return inputs


def _is_file(reference: str) -> bool:
    """Whether a file is meant, and no prompt; one that is called like a file is named with a ref."""
    return reference == "-" or reference.endswith(".prompt")


def run(client: Client, options: Namespace, out: Output) -> Exit:
    """Run a prompt on a model; the answer streams to standard output."""
    chosen = {"model": options.model, "connection": options.connection, "timeout_s": options.timeout}
    reference: str | None = options.reference
    if _is_file(options.reference):
        if options.sample or options.locked:
            raise InvalidInput(
                "a file has no samples and no version: leave out --sample and --locked, or save it as a prompt "
                f"(prompthub save NAME {options.reference}) and run that"
            )
        reference, ran = None, Path(options.reference).name
        chosen["text"] = text = read_text(options.reference)
        chosen["caller"] = r.CallerInfo(kind="cli", notebook=options.reference[-_LONGEST_PATH:])
        inputs = _inputs(options, parse(text).content.variables)
    else:
        version = client.version(options.reference)
        ran = version.short
        chosen["caller"] = r.CallerInfo(kind="cli")
        inputs = {**client.sample(options.reference, options.sample).inputs} if options.sample else {}
        inputs |= _inputs(options, version.content.variables)
    answer: Answer | None = None
    for piece in client.stream(reference, inputs, **chosen):
        if isinstance(piece, Answer):
            answer = piece
        else:
            out.piece(piece)
    if answer is None:
        out.note("the stream ended without a result")
        return Exit.FAILED
    out.show(answer, [""])
    meta = answer.metadata
    cost = "" if meta.cost_usd is None else f" · {dollars(meta.cost_usd)}"
    tokens = "" if meta.tokens_used is None else f" · {meta.tokens_used} tokens"
    out.note(f"{ran} · {meta.model}{tokens} · {duration(meta.latency_ms)}{cost}")
    for warning in answer.warnings:
        out.note(f"warning: {warning.message}")
    return Exit.PASSED


def promote(client: Client, options: Namespace, out: Output) -> Exit:
    """Serve a version in an environment."""
    done = client.promote(options.reference, options.environment, options.reason)
    out.show(done, [f"{done.environment} serves {parse_reference(options.reference).name}@{done.short}"])
    return Exit.PASSED


def rollback(client: Client, options: Namespace, out: Output) -> Exit:
    """Serve again what was served before."""
    done = client.rollback(options.name, options.environment, options.reason)
    out.show(done, [f"{done.environment} serves {options.name}@{done.short} again"])
    return Exit.PASSED
