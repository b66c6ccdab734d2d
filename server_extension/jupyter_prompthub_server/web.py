"""The handlers, and an application of nothing but them (the headless server, the owner's door)."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.authorizer import AllowAllAuthorizer
from jupyter_server.auth.identity import IdentityProvider
from tornado.web import Application

from .access.identity import Identity
from .handlers.missing import NothingHere
from .handlers.table import handlers, root_handlers
from .runtime import Runtime

__all__ = ["application"]

API = "/prompthub/api/v1"
PING_MS = 30_000
"""between two pings of a websocket"""


def application(
    runtime: Runtime, provider: IdentityProvider, identity: Identity, *, root: bool = False
) -> Application:
    """A tornado application of our handlers alone: no kernels, contents, terminals, files.

    Args:
        runtime: what answers.
        provider: finds the user of a request.
        identity: says who that is in the store.
        root: whether ``/health*`` and ``/metrics`` answer at the root too.
    """
    settings: dict[str, Any] = {
        "prompthub": runtime,
        "prompthub_identity": identity,
        "identity_provider": provider,
        "authorizer": AllowAllAuthorizer(),
        "base_url": "/",
        "allow_unauthenticated_access": False,
        "allow_remote_access": True,
        "disable_check_xsrf": True,  # no cookie is a credential here
        "headers": {"X-Content-Type-Options": "nosniff"},
        "default_handler_class": NothingHere,
        "websocket_max_message_size": 16 * 1024 * 1024,
        "ws_ping_interval": PING_MS,
        # looked at when the next ping is due: a timeout of one interval would close every connection then
        "ws_ping_timeout": PING_MS + PING_MS // 2,
        "jinja2_env": None,
    }
    table = [*handlers(), *(root_handlers() if root else [])]
    return Application(table, **settings)
