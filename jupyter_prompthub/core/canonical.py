"""Canonical bytes and hashes (``docs/formats/content-and-hashes.md``), and strict JSON.

Canonical JSON is RFC 8785. A tagged hash is the SHA-256 of a tag, a NUL byte and canonical JSON, so
that no hash of one kind can be taken for another kind's.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

import rfc8785

from .content import content_json
from .errors import InvalidInput
from .records import Content, Message

__all__ = [
    "canonical",
    "check_json",
    "content_hash",
    "loads_strict",
    "lock_hash",
    "rendered_hash",
    "tagged_sha256",
    "text_hash",
    "timestamp",
    "version_sha",
]

MAX_DEPTH = 64
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def canonical(obj: Any) -> bytes:
    """RFC 8785 bytes of a JSON value.

    Raises:
        InvalidInput: NaN, an infinity, an integer beyond ±(2**53 - 1), a lone surrogate, or no JSON value.
    """
    try:
        return bytes(rfc8785.dumps(obj))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise InvalidInput(f"a value that JSON cannot hold exactly: {error}") from error


def tagged_sha256(tag: str, *parts: bytes) -> str:
    """Hex SHA-256 of ``tag``, NUL and ``parts``, joined: give all parts but one a fixed length."""
    digest = hashlib.sha256(tag.encode() + b"\0")
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def content_hash(content: Content) -> str:
    """The hash of what a version says: layout, comments and line ends of its text do not count."""
    return tagged_sha256("prompthub content v1", canonical(content_json(content)))


def text_hash(text: str) -> str:
    """Plain SHA-256 of the text's UTF-8 bytes, as typed."""
    try:
        return hashlib.sha256(text.encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise InvalidInput("the text holds half a character (a lone surrogate)") from error


def lock_hash(lock: Mapping[str, str]) -> str:
    """The hash of a lock: prompt id -> version SHA of every snippet, transitively."""
    return tagged_sha256("prompthub lock v1", canonical(dict(lock)))


def rendered_hash(messages: Sequence[Message]) -> str:
    """The hash of rendered messages, the very ones that a model is sent."""
    rows = []
    for message in messages:
        row: dict[str, Any] = {
            "role": message.role,
            "content": [part.model_dump(mode="json", exclude_none=True) for part in message.content],
        }
        if message.metadata:
            row["metadata"] = message.metadata
        rows.append(row)
    return tagged_sha256("prompthub rendered v1", canonical(rows))


def timestamp(moment: datetime) -> str:
    """UTC, ISO 8601, whole milliseconds (cut, not rounded), ``Z``.

    Raises:
        InvalidInput: ``moment`` has no time zone.
    """
    if moment.tzinfo is None:
        raise InvalidInput("a time without a time zone")
    utc = moment.astimezone(timezone.utc)  # noqa: UP017 - the same on 3.11; reads as the docs say
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def version_sha(
    *,
    prompt_id: str,
    content_hash: str,
    text_hash: str,
    lock: Mapping[str, str],
    parents: Iterable[str],
    actor_id: str,
    created_at: datetime,
    commit_message: str,
) -> str:
    """The SHA of a version. ``parents`` is ordered; ``created_at`` counts in whole milliseconds, UTC."""
    return tagged_sha256(
        "prompthub version v1",
        canonical(
            {
                "prompt": prompt_id,
                "content": content_hash,
                "text": text_hash,
                "lock": dict(lock),
                "parents": list(parents),
                "actor": actor_id,
                "time": timestamp(created_at),
                "message": commit_message,
            }
        ),
    )


def _depth(data: bytes, max_depth: int) -> None:
    depth = 0
    for match in _TOKEN.finditer(data):
        token = match[0]
        if token in (b"[", b"{"):
            depth += 1
            if depth > max_depth:
                raise InvalidInput(
                    f"JSON nested deeper than {max_depth} levels at byte {match.start()}",
                    details={"limit": max_depth},
                )
        elif token in (b"]", b"}"):
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise InvalidInput(
                    f"the key {key[:80]!r} stands twice in one JSON object", details={"key": key[:80]}
                )
            seen.add(key)
    return made


def _constant(name: str) -> Any:
    raise InvalidInput(f"{name} is no JSON number; leave the field out or give a finite number")


def _float(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise InvalidInput(f"the number {digits[:40]} is too large")
    return value


def check_json(value: Any) -> None:
    """Refuse what strict JSON refuses, in a value that is already parsed.

    Raises:
        InvalidInput: a NUL or a lone surrogate in any string or key, NaN, an infinity.
    """
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if "\0" in item:
                raise InvalidInput("a NUL character (U+0000) in a JSON string; remove it")
            if any("\ud800" <= c <= "\udfff" for c in item):
                raise InvalidInput(
                    "half a character (a lone surrogate) in a JSON string; send the whole pair"
                )
        elif isinstance(item, float) and not math.isfinite(item):
            _constant(str(item))
        elif isinstance(item, dict):
            stack.extend(item.keys())
            stack.extend(item.values())
        elif isinstance(item, list | tuple):
            stack.extend(item)


def loads_strict(data: bytes, max_depth: int = MAX_DEPTH) -> Any:
    """Parse JSON that leaves no room for two readings.

    Raises:
        InvalidInput: not UTF-8, not JSON, a duplicate key, NaN or an infinity, a number too large, a NUL or
            a lone surrogate in a string, nesting deeper than ``max_depth``. The message says where.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"not UTF-8 at byte {error.start}: expected JSON in UTF-8") from error
    if data.count(b"[") + data.count(b"{") > max_depth:
        _depth(data, max_depth)
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}",
            details={"line": error.lineno, "column": error.colno},
        ) from error
    except ValueError as error:
        raise InvalidInput("a JSON number with too many digits") from error
    if _SUSPECT.search(data):
        check_json(value)
    return value
