"""Who wrote a commit, as it says itself: a name, a mail address and a time that nobody has verified."""

from __future__ import annotations

import re
from datetime import UTC, datetime

__all__ = ["NOWHERE", "author_of", "split"]

NOWHERE = "@users.prompthub.invalid"
"""how the mail address of a person ends who has none here; before it stands the actor's id"""
_LINE = re.compile(rb"^author (?P<who>[^\n]*?) (?P<at>-?[0-9]{1,12}) [+-][0-9]{4}$", re.MULTILINE)
_MOST = 200
"""code points of a name, and of an address"""
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd]")
"""what is not seen, or turns the direction of what is"""


def author_of(raw: bytes) -> tuple[str, datetime | None]:
    """The author of a commit's bytes as ``NAME <MAIL>``, without characters that are not seen; and when, None where that is
    no time."""
    found = _LINE.search(raw.partition(b"\n\n")[0])
    if found is None:
        return "<>", None
    name, mail = split(_ODD.sub("", found["who"].decode("utf-8", "replace")))
    try:
        at = datetime.fromtimestamp(int(found["at"]), UTC)
    except (ValueError, OverflowError, OSError):
        at = None
    return f"{name[:_MOST]} <{mail[:_MOST]}>".lstrip(), at


def split(author: str) -> tuple[str, str]:
    """Name and mail address of ``NAME <MAIL>``; either may be empty."""
    name, _, mail = author.rpartition("<")
    return name.strip(), mail.rstrip("> ").strip()
