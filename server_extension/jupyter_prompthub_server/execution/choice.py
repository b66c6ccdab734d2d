"""Which connection answers, and under which name it knows the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jupyter_prompthub.core.errors import ModelUnknown
from jupyter_prompthub.core.records import ModelInfo, ModelList
from jupyter_prompthub.gateways import local
from jupyter_prompthub.gateways.litellm import PROVIDERS
from jupyter_prompthub.gateways.local.install import find

from .sources import DIRECT, KNOWN_MODELS, REPLAY, ResolvedConnection

__all__ = ["Choice", "choose", "list_models"]

_ORDER: Final = {"store": 0, "environment": 1, "builtin": 2}
_LISTED: Final = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """``asked`` is what the prompt or the request said; ``model`` the provider's own name for it."""

    connection: ResolvedConnection
    provider: str
    model: str
    asked: str


def list_models(connections: Sequence[ResolvedConnection], default: str | None = None) -> ModelList:
    """What can be asked now, ready ones first; the default is ``default``, else the first ready one."""
    items: list[ModelInfo] = []
    for connection in _sorted(connections):
        record = connection.record
        if record.provider == REPLAY:
            continue
        ready, hint = True, ""
        if record.provider == local.PROVIDER and find() is None:
            ready, hint = False, "run `prompthub model install`"
        elif record.provider not in (local.PROVIDER, DIRECT) and not connection.secret:
            ready, hint = False, f"enter its key: `prompthub connection add {record.name}`"
        for model in record.models or KNOWN_MODELS.get(record.provider, ()):
            items.append(
                ModelInfo(
                    ref=f"{record.name}/{model}",
                    connection=record.name,
                    provider=record.provider,
                    label=f"{model} ({record.name})",
                    local=record.provider == local.PROVIDER,
                    ready=ready,
                    hint=hint,
                )
            )
    items.sort(key=lambda item: not item.ready)
    first = next((item.ref for item in items if item.ready), None)
    return ModelList(items=tuple(items), default=default or first)


def choose(
    connections: Sequence[ResolvedConnection],
    *,
    prompt_model: str | None,
    model: str | None = None,
    provider: str | None = None,
    connection: str | None = None,
    default: str | None = None,
) -> Choice:
    """Find who answers.

    A model is written ``prefix/name``; the prefix is a connection's name or a provider. ``provider`` and
    ``model`` (of the request) go before the prompt's own; ``connection`` names the way outright.

    Raises:
        ModelUnknown: nothing serves it; the message says what is there, and what to do.
    """
    known = list_models(connections, default)
    asked = model or prompt_model or known.default
    if asked is None:
        raise ModelUnknown(
            "no model can be asked: install the local one with `prompthub model install`, or connect a "
            "provider "
            "with `prompthub connection add`"
        )
    by_name = {one.record.name: one for one in _sorted(connections)[::-1]}
    prefix, slash, rest = asked.partition("/")
    if connection is not None:
        if connection not in by_name:
            raise ModelUnknown(
                f"there is no connection {connection!r}; there are {', '.join(sorted(by_name)) or 'none'}",
                details={"connection": connection},
            )
        found = by_name[connection]
        name = rest if slash and prefix in (connection, found.record.provider) else asked
        return _checked(found, name, asked, known)
    if provider is not None:
        name = rest if slash and prefix == provider else asked
        prefix = provider
    elif slash:
        name = rest
    else:
        name, prefix = asked, (prompt_model or "").partition("/")[0] if "/" in (prompt_model or "") else ""
    candidates = [one for one in [by_name.get(prefix)] if one is not None]
    candidates += [
        one for one in _sorted(connections) if one.record.provider == prefix and one not in candidates
    ]
    if not prefix or not candidates:
        # an unprefixed name, or one with a slash of its own, that a connection lists
        wanted = asked if not prefix or slash else name
        candidates += [one for one in _sorted(connections) if wanted in one.record.models]
        name = wanted if candidates else name
    for one in candidates:
        if not one.record.models or name in one.record.models:
            return _checked(one, name, asked, known)
    if candidates:
        return _checked(candidates[0], name, asked, known)
    if REPLAY in by_name:
        return Choice(by_name[REPLAY], prefix or REPLAY, name, asked)
    raise ModelUnknown(_nobody(asked, prefix, known), details={"model": asked})


def _sorted(connections: Sequence[ResolvedConnection]) -> list[ResolvedConnection]:
    return sorted(connections, key=lambda one: (_ORDER[one.record.source], one.record.name))


def _checked(connection: ResolvedConnection, name: str, asked: str, known: ModelList) -> Choice:
    record = connection.record
    if not name or (record.models and name not in record.models):
        raise ModelUnknown(
            f"the connection {record.name!r} does not serve {name!r}; it serves {', '.join(record.models)}",
            details={"model": asked, "connection": record.name},
        )
    needs_key = record.provider in PROVIDERS
    if needs_key and not connection.secret:
        raise ModelUnknown(
            f"the connection {record.name!r} has no key; enter it: `prompthub connection add {record.name}`. "
            + _available(known),
            details={"model": asked, "connection": record.name},
        )
    return Choice(connection, record.provider, name, asked)


def _nobody(asked: str, prefix: str, known: ModelList) -> str:
    if prefix in PROVIDERS:
        key = {"azure": "AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY"}.get(
            prefix, f"{prefix.upper()}_API_KEY"
        )
        variable = f" (or set {key})" if prefix in ("openai", "anthropic", "azure") else ""
        what = f"no connection to {prefix} has a key: enter it with `prompthub connection add {prefix}`"
        what += variable
    else:
        what = f"no connection serves the model {asked!r}: name another, or add one "
        what += "with `prompthub connection add`"
    return f"{what}. {_available(known)}"


def _available(known: ModelList) -> str:
    ready = [item.ref for item in known.items if item.ready]
    if ready:
        more = f" and {len(ready) - _LISTED} more" if len(ready) > _LISTED else ""
        return f"Available now: {', '.join(ready[:_LISTED])}{more}"
    hints = [f"{item.ref} ({item.hint})" for item in known.items]
    return f"Nothing is available now{': ' + ', '.join(hints[:_LISTED]) if hints else ''}"
