"""The extension of Jupyter Server: settings as traits, our addresses, the store opened after the start."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.utils import url_path_join
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest, RequestStartLine, ResponseStartLine
from tornado.routing import PathMatches, Router, Rule
from traitlets import Float, Unicode

from .runtime import Runtime
from .settings import Settings

__all__ = ["PromptHubExtension"]


class PromptHubExtension(ExtensionApp):
    """PromptHub in JupyterLab's own server: the store of the person who runs it."""

    name = "jupyter_prompthub_server"
    extension_url = "/prompthub/api/v1/health"
    load_other_extensions = True

    home = Unicode("", config=True, help="Where PromptHub keeps its data (PROMPTHUB_HOME).")
    database_url = Unicode(
        "", config=True, help="SQLite file or database URL; default: prompthub.db in home (DATABASE_URL)."
    )
    encryption_key = Unicode("", config=True, help="The master key in base64 (ENCRYPTION_KEY).")
    jwt_secret_key = Unicode(
        "", config=True, help="Signs access tokens of `prompthub serve` (JWT_SECRET_KEY)."
    )
    jwt_access_token_expire_minutes = Float(
        None, allow_none=True, config=True, help="JWT_ACCESS_TOKEN_EXPIRE_MINUTES of `prompthub serve`."
    )

    runtime: Runtime
    _starting: asyncio.Task[None] | None = None

    def initialize_settings(self) -> None:
        """Make the runtime; nothing is opened yet."""
        settings = Settings.from_env(
            home=Path(self.home).expanduser() if self.home else None,
            database_url=self.database_url or None,
            encryption_key=self.encryption_key or None,
            jwt_secret_key=self.jwt_secret_key or None,
            jwt_access_token_expire_minutes=self.jwt_access_token_expire_minutes,
        )
        self.runtime = Runtime(settings, "laptop")
        self.settings.update({"prompthub": self.runtime, "prompthub_identity": self.runtime.local_identity})

    def initialize_handlers(self) -> None:
        """One rule for all our addresses; the handlers are loaded by the start, or the first request."""
        assert self.serverapp is not None
        web_app = self.serverapp.web_app
        pattern = url_path_join(web_app.settings["base_url"], "/prompthub/api/.*")
        web_app.add_handlers(  # type: ignore[no-untyped-call]
            ".*$", [Rule(PathMatches(pattern), _Later(self.runtime, web_app))]
        )

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        self._starting = asyncio.create_task(self.runtime.start())

    async def stop_extension(self) -> None:
        """Close rooms, model calls and the store."""
        if self._starting is not None:
            await asyncio.wait({self._starting})
        await self.runtime.close()


class _Later(Router):
    """Routes to our handlers once they are loaded: that takes a third of a second, in a thread."""

    SUPPORTED_METHODS: tuple[str, ...] = ()  # for jupyter_server's look at every handler that is added

    def __init__(self, runtime: Runtime, web_app: Any) -> None:
        self._runtime, self._web_app = runtime, web_app
        self._rules: list[tuple[Any, Any]] | None = None

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> HTTPMessageDelegate:
        if self._runtime.loaded:
            return self.delegate(request)
        return _Waiting(self, self._runtime, request)

    def delegate(self, request: HTTPServerRequest) -> HTTPMessageDelegate:
        """What answers the request; the handlers are loaded."""
        if self._rules is None:
            from .handlers.table import handlers

            base = self._web_app.settings["base_url"]
            self._rules = [(PathMatches(url_path_join(base, path)), kind) for path, kind in handlers()]
        for matcher, kind in self._rules:
            found = matcher.match(request)
            if found is not None:
                delegate: HTTPMessageDelegate = self._web_app.get_handler_delegate(request, kind, {}, **found)
                return delegate
        raise AssertionError("the last pattern matches everything")


class _Waiting(HTTPMessageDelegate):
    """Loads the handlers, then passes the request on."""

    def __init__(self, router: _Later, runtime: Runtime, request: HTTPServerRequest) -> None:
        self._router, self._runtime, self._request = router, runtime, request
        self._inner: HTTPMessageDelegate | None = None

    async def headers_received(self, start_line: RequestStartLine | ResponseStartLine, headers: Any) -> None:
        await self._runtime.load()
        self._inner = self._router.delegate(self._request)
        done = self._inner.headers_received(start_line, headers)
        if done is not None:
            await done

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._inner.data_received(chunk) if self._inner is not None else None

    def finish(self) -> None:
        if self._inner is not None:
            self._inner.finish()

    def on_connection_close(self) -> None:
        if self._inner is not None:
            self._inner.on_connection_close()
