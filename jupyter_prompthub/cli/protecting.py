"""``prompthub protect``."""

from __future__ import annotations

import shlex
from argparse import Namespace
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from ..client import Client
from ..core.errors import InvalidInput, NotFound
from ..core.names import DEFAULT_BRANCH
from ..core.records import OwnerRule, Protection, ProtectionPatch, RequiredCheck, Rules
from ..core.reviews import fits
from ..core.yamltree import YamlProblem, parse_yaml
from .output import Exit, Output
from .prompts import read_text

__all__ = ["protect"]

_LISTS = ("owners", "units", "posted_by")
"""fields whose value is several, with commas between"""


def protect(client: Client, options: Namespace, out: Output) -> Exit:
    """Show what protects branches; make a protection, change one or delete one."""
    every = client.protections()
    rules = _named(options)
    if options.delete:
        if rules or options.id or options.prompts or options.branch:
            raise InvalidInput("protect --delete takes the id of a protection, and nothing else")
        one = _by_id(every, options.delete)
        client.unprotect(one.id)
        out.show(one, _lines(one, "deleted: "))
        return Exit.PASSED
    patterns = {
        key: value for key, value in (("prompts", options.prompts), ("branch", options.branch)) if value
    }
    if options.id:
        one = _by_id(every, options.id)
        if not (rules or patterns):
            out.show(one, _lines(one))
            return Exit.PASSED
        return _changed(client, one, rules, patterns, out)
    if not rules:
        found = [one for one in every if _holds(one, **patterns)]
        lines = [line for one in found for line in _lines(one)]
        out.show(found, lines or [f"nothing protects {' '.join(patterns.values()) or 'any branch'}"])
        return Exit.PASSED
    if not options.prompts:
        raise InvalidInput("protect: expected a pattern of prompts, such as 'support/*', or --id ID")
    branch = options.branch or DEFAULT_BRANCH
    same = [one for one in every if (one.prompts, one.branch) == (options.prompts, branch)]
    if len(same) > 1:
        ids = ", ".join(one.id for one in same)
        raise InvalidInput(
            f"{len(same)} protections are for {options.prompts} {branch}: expected --id, one of {ids}"
        )
    if same:
        return _changed(client, same[0], rules, {}, out)
    made = client.protect(options.prompts, branch, **rules)
    out.show(made, _lines(made, "new: "))
    return Exit.PASSED


def _changed(
    client: Client, one: Protection, rules: dict[str, Any], patterns: dict[str, str], out: Output
) -> Exit:
    """What is not named stays as it is."""
    changes: dict[str, Any] = dict(patterns)
    if rules:
        changes["rules"] = Rules.model_validate({**one.rules.model_dump(mode="json"), **rules})
    made = client.change_protection(one.id, ProtectionPatch(**changes))
    out.show(made, _lines(made, "changed: "))
    return Exit.PASSED


def _by_id(every: Sequence[Protection], wanted: str) -> Protection:
    for one in every:
        if one.id == wanted:
            return one
    raise NotFound(f"There is no protection {wanted}; `prompthub protect` lists them with their ids.")


def _holds(one: Protection, prompts: str | None = None, branch: str | None = None) -> bool:
    """Whether it holds for what is named, or for a part of it."""
    pairs = ((one.prompts, prompts), (one.branch, branch))
    return all(named is None or fits(held, named) or fits(named, held) for held, named in pairs)


# ------------------------------------------------------------------ rules as options


def _named(options: Namespace) -> dict[str, Any]:
    """The rules that are named, as the API has them; options go before the file."""
    named = _file(options.rules) if options.rules else {}
    given = {key: getattr(options, key) for key in Rules.model_fields}
    for key, kind in (("checks", RequiredCheck), ("owners", OwnerRule)):
        if given[key] is not None:
            given[key] = [_fields(key.removesuffix("s"), kind, one) for one in given[key]]
    return {**named, **{key: value for key, value in given.items() if value is not None}}


def _file(path: str) -> dict[str, Any]:
    """The rules of a YAML or JSON file."""
    try:
        root = parse_yaml(read_text(path))
    except YamlProblem as error:
        raise InvalidInput(f"--rules {path}: {error.message}") from error
    found = root.value if root is not None else {}
    if not isinstance(found, dict):
        raise InvalidInput(
            f"--rules {path}: expected fields such as approvals: 1, got {type(found).__name__}"
        )
    if unknown := sorted(set(found) - set(Rules.model_fields)):
        raise InvalidInput(f"--rules {path}: expected {', '.join(Rules.model_fields)}; got {unknown[0]}")
    return found


def _fields(option: str, kind: type[BaseModel], given: str) -> dict[str, Any]:
    """``legal owners=role:team_lead,ID units=segment:system``: a name, then fields."""
    try:
        words = shlex.split(given)
    except ValueError as error:
        raise InvalidInput(f"--{option} {given!r}: {error}; check the quotes") from error
    first = next((at for at, word in enumerate(words) if "=" in word), len(words))
    made: dict[str, Any] = {"name": " ".join(words[:first])}
    known = [key for key in kind.model_fields if key != "name"]
    for word in words[first:]:
        key, equals, value = word.partition("=")
        if not equals or key not in known:
            raise InvalidInput(
                f"--{option} {given!r}: expected a name, then {', '.join(f'{one}=…' for one in known)}; got {word}"
            )
        made[key] = [one.strip() for one in value.split(",") if one.strip()] if key in _LISTS else value
    try:
        kind.model_validate(made)
    except ValidationError as error:
        first_error = error.errors()[0]
        where = ".".join(str(part) for part in first_error["loc"])
        raise InvalidInput(f"--{option} {given!r}: {where}: {first_error['msg']}") from error
    return made


def _lines(one: Protection, before: str = "") -> Iterable[str]:
    """A protection, its rules in the words of the options."""
    yield f"{before}{one.prompts} {one.branch}  {one.id}"
    said = one.rules.model_dump(mode="json", exclude_defaults=True)
    for key, value in said.items():
        if key in ("checks", "owners"):
            yield from (f"    {key.removesuffix('s')} {_written(each)}" for each in value)
        elif isinstance(value, bool):
            yield f"    {key}: {'yes' if value else 'no'}"
        else:
            yield f"    {key}: {', '.join(value) if isinstance(value, list) else value}"
    if not said:
        yield "    asks nothing; the branch cannot be deleted"


def _written(fields: dict[str, Any]) -> str:
    words = [str(fields["name"])]
    for key, value in fields.items():
        if key != "name":
            words.append(f"{key}={shlex.quote(','.join(value) if isinstance(value, list) else str(value))}")
    return " ".join(words)
