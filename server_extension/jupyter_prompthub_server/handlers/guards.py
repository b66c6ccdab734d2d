"""The decorators without which no verb and no socket can be defined, and the lists of the exceptions."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from tornado.iostream import StreamClosedError

from jupyter_prompthub.core.errors import PromptHubError

__all__ = ["ANONYMOUS", "BY_ROUTE", "VERBS", "anonymous", "authenticated", "by_route", "check_class"]

ANONYMOUS: frozenset[str] = frozenset(
    {
        "LiveHandler.get",
        "ReadyHandler.get",
        "NothingHere.get",
        "NothingHere.post",
        "NothingHere.put",
        "NothingHere.patch",
        "NothingHere.delete",
    }
)
"""The verbs that a stranger may use; the anonymous routes of the table are in ``routes.ANONYMOUS``."""

BY_ROUTE: frozenset[str] = frozenset({"ApiHandler", "HealthHandler", "MetricsHandler"})
"""The handlers that look at the request before they let a stranger in."""

VERBS = ("get", "head", "post", "put", "patch", "delete")
_MARK = "__prompthub_auth__"

Verb = TypeVar("Verb", bound=Callable[..., Awaitable[None]])


def authenticated(verb: Verb) -> Verb:
    """Only for somebody who is known; runs where the store is, forwarded when that is another process."""
    return _guarded(verb, "authenticated")


def anonymous(verb: Verb) -> Verb:
    """For everybody; must be listed in :data:`ANONYMOUS`. Answers from this process, never forwarded."""
    return _guarded(verb, "anonymous")


def by_route(verb: Verb) -> Verb:
    """For the generic handler: the route says whether a stranger may use it."""
    return _guarded(verb, "by_route")


def _guarded(verb: Verb, kind: str) -> Verb:
    @functools.wraps(verb)
    async def run(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            if not await self.admitted(kind):
                return
            await verb(self, *args, **kwargs)
        except PromptHubError as error:
            self.refuse(error)
        except StreamClosedError:
            self.log.debug("the client hung up: %s", self.request.path)

    setattr(run, _MARK, kind)
    # Jupyter's own check must not answer before ours, which refuses more and says it in JSON
    setattr(run, "__allow_unauthenticated", True)
    return run  # type: ignore[return-value]


def check_class(cls: type, names: tuple[str, ...]) -> None:
    """Refuse a class whose verbs are not decorated, or decorated as an exception that is not listed.

    Raises:
        TypeError: when the class is made, that is at import.
    """
    for name in names:
        if name not in vars(cls):
            continue
        kind = getattr(vars(cls)[name], _MARK, None)
        if kind is None:
            raise TypeError(f"{cls.__name__}.{name} has no authentication decorator (handlers/base.py)")
        if kind == "anonymous" and f"{cls.__name__}.{name}" not in ANONYMOUS:
            raise TypeError(f"{cls.__name__}.{name} is anonymous, but not in the written list ANONYMOUS")
        if kind == "by_route" and cls.__name__ not in BY_ROUTE:
            raise TypeError(
                f"{cls.__name__}.{name} decides by route, but is not in the written list BY_ROUTE"
            )
