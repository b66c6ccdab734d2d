"""The live handler table: everything that answers, but for what the REST table lists."""

from __future__ import annotations

from tornado.web import RequestHandler

from . import rooms
from .api import ApiHandler
from .events import EventsSocket
from .execution import ExecuteHandler
from .health import HealthHandler, LiveHandler, MetricsHandler, ReadyHandler
from .missing import NothingHere
from .openapi import OpenApiHandler

__all__ = ["API", "Entry", "handlers", "root_handlers"]

API = "/prompthub/api/v1"
"""what all addresses of the API begin with, below the base URL"""
Entry = tuple[str, type[RequestHandler]]


def handlers() -> list[Entry]:
    """Patterns (without the base URL) and handlers; the first that matches answers."""
    return [
        (rf"{API}/health", HealthHandler),
        (rf"{API}/health/live", LiveHandler),
        (rf"{API}/health/ready", ReadyHandler),
        (rf"{API}/metrics", MetricsHandler),
        (rf"{API}/openapi\.json", OpenApiHandler),
        (rf"{API}/events", EventsSocket),
        (rf"{API}/execute", ExecuteHandler),
        *((f"/{path}", kind) for path, kind in rooms.HANDLERS),
        (rf"{API}/.*", ApiHandler),
        (r"/prompthub/api(?:/.*)?", NothingHere),
    ]


def root_handlers() -> list[Entry]:
    """What answers at the headless server's root as well."""
    return [
        (r"/health", HealthHandler),
        (r"/health/live", LiveHandler),
        (r"/health/ready", ReadyHandler),
        (r"/metrics", MetricsHandler),
    ]
