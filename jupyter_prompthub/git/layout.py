"""Where a prompt stands in a repository, and what a commit says of a version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core.canonical import canonical
from ..core.errors import InvalidInput
from ..core.names import check_name, check_ref_name
from ..core.records import GitVersion

__all__ = [
    "BESIDE",
    "SUFFIX",
    "Said",
    "branch_of",
    "clash",
    "hostile",
    "message_of",
    "name_of",
    "odd",
    "path_of",
    "place_message",
    "ref_of",
    "said",
    "tag_of",
    "tag_ref",
    "without",
]

SUFFIX = ".prompt"
BESIDE = "git/"
"""how a branch begins that an import made beside the one which it could not move: it is not written back"""
_HEADS, _TAGS = b"refs/heads/", b"refs/tags/"
_TRAILER = re.compile(r"^PromptHub-(Version|Prompt|Actor|Time|Lock|Branch): (.*)$", re.MULTILINE)
_UNSEEN = "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff"
_DOT_GIT = re.compile(r"(\.git|git~[0-9]+)[ .]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a commit's trailers claim; nothing of it is believed that the text and the parents do not bear out."""

    version: str | None
    prompt: str | None
    branch: str | None
    """of a commit that is no version: it brings a prompt's version to a branch of a workspace"""


def path_of(name: str) -> str:
    """The path of the prompt called ``name``."""
    return name + SUFFIX


def name_of(path: str) -> str:
    """The name of the prompt at a path that ends in ``.prompt``.

    Raises:
        InvalidInput: no prompt may be called that.
    """
    return check_name(path.removesuffix(SUFFIX))


def hostile(part: bytes) -> str | None:
    """Why no repository in good faith holds a file or folder of that name; None: it may."""
    name = part.decode("utf-8", "replace")
    if name in ("", ".", ".."):
        return "a name that leads out of its folder"
    if "/" in name or "\0" in name:
        return "a name that is a path"
    if _DOT_GIT.fullmatch("".join(c for c in name if c not in _UNSEEN)):
        return "a name that git keeps for itself"
    return None


def odd(part: bytes) -> str | None:
    """Why nothing under a file's or folder's name can be a prompt; None: it may be."""
    try:
        name = part.decode("utf-8")
    except UnicodeDecodeError:
        return "a name that is not UTF-8"
    if "\\" in name or ":" in name:
        return "a name that is a path elsewhere"
    if any(ord(c) < 32 or c in _UNSEEN for c in name):
        return "a name with characters that are not seen"
    return None


def ref_of(branch: str) -> bytes:
    """The git ref of a branch."""
    return _HEADS + branch.encode()


def tag_ref(tag: str) -> bytes:
    """The git ref of a tag."""
    return _TAGS + tag.encode()


def branch_of(ref: bytes) -> str | None:
    """The branch of a git ref; None for other refs, and for one that no branch may be called."""
    return _named(ref, _HEADS)


def tag_of(ref: bytes) -> str | None:
    """The tag of a git ref, as git calls it."""
    if not ref.startswith(_TAGS):
        return None
    try:
        return ref[len(_TAGS) :].decode()
    except UnicodeDecodeError:
        return None


def _named(ref: bytes, kind: bytes) -> str | None:
    if not ref.startswith(kind):
        return None
    try:
        return check_ref_name(ref[len(kind) :].decode())
    except (UnicodeDecodeError, InvalidInput):
        return None


def clash(names: Iterable[str]) -> dict[str, str]:
    """Names that git cannot have beside the others, and why: ``a`` and ``a/b`` are a file and a folder to it."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(names):
        above = [name[:at] for at, c in enumerate(name) if c == "/"]
        if (other := next((one for one in above if one in taken), None)) is not None:
            found[name] = f"git cannot have {name!r} beside {other!r}"
        elif any(part.endswith(".lock") for part in name.split("/")):
            found[name] = f"git allows no {name!r}"
        else:
            taken.add(name)
    return found


def message_of(prompt_id: str, version: GitVersion) -> bytes:
    """The message of the commit that is a version."""
    trailers = {
        "Version": version.sha,
        "Prompt": prompt_id,
        "Actor": version.author.id,
        "Time": version.created_at,
    }
    if version.lock:
        trailers["Lock"] = canonical(dict(version.lock)).decode()
    return _message(version.commit_message or f"Version {version.number}", trailers)


def place_message(name: str, branch: str, version: GitVersion) -> bytes:
    """The message of the commit that brings a version to a branch of many prompts."""
    subject = (version.commit_message.strip() or f"Version {version.number}").split("\n", 1)[0]
    return _message(f"{name}: {subject}", {"Branch": branch})


def _message(text: str, trailers: Mapping[str, str]) -> bytes:
    lines = "\n".join(f"PromptHub-{key}: {value}" for key, value in trailers.items())
    return f"{text.rstrip(chr(10))}\n\n{lines}\n".replace("\0", "").encode()


def said(message: bytes) -> Said | None:
    """What a commit's message claims; None: nothing."""
    if b"PromptHub-" not in message:
        return None
    found = dict(_TRAILER.findall(message.decode("utf-8", "replace")))
    if not found.keys() & {"Version", "Branch"}:
        return None
    return Said(found.get("Version"), found.get("Prompt"), found.get("Branch"))


def without(message: str) -> str:
    """A message without our trailers."""
    return _TRAILER.sub("", message).strip()
