"""What rules may name: a rule about a unit or a role that nothing is called would hold nothing, or nobody could meet it."""

from __future__ import annotations

from collections.abc import Iterator

from ..records import Rules, SegmentKind, UnitKind
from ..template.helpers import ROLES as MESSAGES
from .facts import ROLES
from .owners import fits

__all__ = ["misnamed", "people"]

_ROLE = "role:"
_WHOLE = ("model", "text")
"""units that have no name"""
_KINDS = (*(kind.value for kind in UnitKind if kind is not UnitKind.MODEL), "section")
_SEGMENTS = (*MESSAGES, *(kind.value for kind in SegmentKind if kind is not SegmentKind.MESSAGE))
_WILD = "*?"


def misnamed(rules: Rules) -> str | None:
    """What these rules name that there cannot be, as a sentence; None: all of it can be."""
    for place, who in people(rules):
        if who.startswith(_ROLE) and who.removeprefix(_ROLE) not in ROLES:
            return f"{place} names {who!r}: expected {', '.join(_ROLE + role for role in ROLES)}, or a member's id"
    for owner in rules.owners:
        for unit in owner.units:
            if not _can_be(unit):
                return (
                    f"the owner rule {owner.name} names the unit {unit!r}, which no prompt can have: expected segment: with "
                    f"{', '.join(_SEGMENTS)}; {', '.join(f'{kind}:NAME' for kind in _KINDS if kind != 'segment')}; "
                    f"{', '.join(_WHOLE)}; or a pattern of these with * or ?"
                )
        named = set(owner.owners)
        if len(named) < owner.approvals and not any(who.startswith(_ROLE) for who in named):
            return (
                f"the owner rule {owner.name} names {len(named)} and asks for {owner.approvals} approvals: "
                "name more people, or ask for fewer"
            )
    return None


def people(rules: Rules) -> Iterator[tuple[str, str]]:
    """Whom rules name: where, and the id or role."""
    for place in ("approvers", "may_push", "may_merge"):
        for who in getattr(rules, place):
            yield place, who
    for check in rules.checks:
        for who in check.posted_by:
            yield f"posted_by of the check {check.name}", who
    for owner in rules.owners:
        for who in owner.owners:
            yield f"the owner rule {owner.name}", who


def _can_be(pattern: str) -> bool:
    """Whether a unit can be called what fits a pattern."""
    if any(fits(pattern, unit) for unit in _WHOLE):
        return True
    kind, colon, name = pattern.partition(":")
    if not colon:  # the kind, too, must be in what the pattern leaves open
        start = pattern[: min((pattern.index(each) for each in _WILD if each in pattern), default=0)]
        return "*" in pattern and any(f"{each}:".startswith(start) for each in _KINDS)
    kinds = [each for each in _KINDS if fits(kind, each)]
    if kinds == ["segment"]:
        return any(fits(name, each) for each in _SEGMENTS)
    return bool(kinds and name)
