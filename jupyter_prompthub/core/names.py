"""Names and references: what may be called what, and how a version is named.

A *prompt name* is a slug path (``support/refund``), unique in its workspace. A *ref name* names a branch
or a version tag (``feature/tone``, ``v1.2``). A *reference* is ``[workspace:]name[@ref]``. Everything here
is pure spelling: whether a name is taken, or what a ref resolves to, is the store's to say.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from .errors import InvalidInput

__all__ = [
    "DEFAULT_BRANCH",
    "LATEST",
    "MIN_SHA_PREFIX",
    "RESERVED",
    "Reference",
    "check_name",
    "check_ref",
    "check_ref_name",
    "check_workspace_name",
    "escape_branch",
    "is_prompt_id",
    "is_sha_prefix",
    "parse_reference",
    "slugify",
    "unescape_branch",
]

DEFAULT_BRANCH = "main"
LATEST = "latest"
MIN_SHA_PREFIX = 4
RESERVED = frozenset({"latest", "head", "all", "new", "none", "self"})
"""Words that are no name of a prompt, a branch or a version tag, in any case."""

_MAX_NAME = 200
_MAX_DEPTH = 8
_SLUG = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_REF_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?=[A-Za-z0-9_-]))*")
_WORKSPACE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HEX = re.compile(r"[0-9a-f]{4,64}")
# letters that Unicode does not decompose, spelled as people spell them in ASCII
_ASCII = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A parsed ``[workspace:]name[@ref]``. ``name`` may also be a prompt's id."""

    name: str
    ref: str = LATEST
    workspace: str | None = None

    def __str__(self) -> str:
        prefix = f"{self.workspace}:" if self.workspace else ""
        suffix = "" if self.ref == LATEST else f"@{self.ref}"
        return f"{prefix}{self.name}{suffix}"


def _refuse(what: str, got: str, expected: str) -> InvalidInput:
    shown = got if len(got) <= 80 else got[:77] + "..."
    return InvalidInput(f"{what} {shown!r}: expected {expected}", details={"got": shown})


def is_sha_prefix(text: str) -> bool:
    """Whether ``text`` is spelled like (the start of) a version SHA: 4 to 64 lower-case hex digits."""
    return _HEX.fullmatch(text) is not None


def is_prompt_id(text: str) -> bool:
    """Whether ``text`` is spelled like a prompt's id (a lower-case UUID)."""
    return _UUID.fullmatch(text) is not None


def check_name(name: str) -> str:
    """Return ``name`` when a prompt may be called that.

    Raises:
        InvalidInput: not a slug path, too long or deep, a reserved word, or spelled like an id.
    """
    if not name or len(name) > _MAX_NAME:
        raise _refuse("prompt name", name, f"1 to {_MAX_NAME} characters, got {len(name)}")
    parts = name.split("/")
    if len(parts) > _MAX_DEPTH:
        raise _refuse("prompt name", name, f"at most {_MAX_DEPTH} parts between '/', got {len(parts)}")
    for part in parts:
        if not _SLUG.fullmatch(part):
            hint = f"; try {slugify(name)!r}"
            expected = "parts of lower-case letters and digits joined by '-', '_' or '.', separated by '/'"
            raise _refuse("prompt name", name, expected + hint)
    if name in RESERVED:
        raise _refuse("prompt name", name, "another name: this word is reserved")
    if is_prompt_id(name):
        raise _refuse("prompt name", name, "a name that is not spelled like an id")
    return name


def check_ref_name(name: str, what: str = "branch name") -> str:
    """Return ``name`` when a branch or a version tag may be called that.

    Raises:
        InvalidInput: bad spelling, a reserved word, or spelled like a SHA prefix (it could never be told
            from one).
    """
    check_ref(name, what)
    if name.lower() in RESERVED:
        raise _refuse(what, name, "another name: this word is reserved")
    if is_sha_prefix(name.lower()):
        raise _refuse(what, name, "a name that is not spelled like a version SHA (hex digits only)")
    return name


def check_ref(ref: str, what: str = "ref") -> str:
    """Return ``ref`` when it is spelled like any ref: ``latest``, environment, tag, branch, SHA prefix.

    Raises:
        InvalidInput: bad spelling.
    """
    if not ref or len(ref) > _MAX_NAME or not all(_REF_PART.fullmatch(part) for part in ref.split("/")):
        expected = "letters and digits, with '-', '_', '.' or '/' between them (no '..')"
        raise _refuse(what, ref, expected)
    return ref


def check_workspace_name(name: str) -> str:
    """Return ``name`` when a workspace may be called that.

    Raises:
        InvalidInput: not a slug of at most 63 characters.
    """
    if len(name) > 63 or not _WORKSPACE.fullmatch(name):
        raise _refuse("workspace name", name, "at most 63 lower-case letters and digits joined by '-'")
    return name


def parse_reference(text: str) -> Reference:
    """Parse ``[workspace:]name[@ref]``; without a ref it is ``latest``.

    Raises:
        InvalidInput: any part is misspelled; the message names the part.
    """
    head, at, ref = text.strip().partition("@")
    workspace, colon, name = head.rpartition(":")
    if colon:
        check_workspace_name(workspace)
    if at and not ref:
        raise _refuse("reference", text, "a ref after '@', such as name@production")
    if not is_prompt_id(name):
        check_name(name)
    return Reference(name=name, ref=check_ref(ref) if at else LATEST, workspace=workspace or None)


def slugify(title: str) -> str:
    """A prompt name made from ``title``; always a valid one.

    ``/`` keeps its meaning; letters lose accents; a title without any Latin letter or digit becomes
    ``prompt-`` and 8 hex digits of its SHA-256.
    """
    plain = unicodedata.normalize("NFKD", title.lower().translate(_ASCII))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    parts = [re.sub(r"[^a-z0-9]+", "-", part).strip("-") for part in plain.split("/")]
    slug = "/".join([part for part in parts if part][:_MAX_DEPTH])[:80].strip("-/")
    if not slug:
        slug = "prompt-" + hashlib.sha256(title.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    if slug in RESERVED or is_prompt_id(slug):
        slug = f"{slug}-prompt"
    return slug


def escape_branch(branch: str) -> str:
    """The branch as one component of a drive path: ``/`` becomes ``~``, which no ref name holds."""
    return check_ref(branch, "branch name").replace("/", "~")


def unescape_branch(component: str) -> str:
    """The branch that :func:`escape_branch` made ``component`` from.

    Raises:
        InvalidInput: no branch is spelled like that.
    """
    return check_ref(component.replace("~", "/"), "branch name")
