"""Requests to a PromptHub server: Jupyter's own, a headless one, or the owner of a store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

import httpx

from .base import Listener, NotReachable, ServerEvent, error_from
from .events import Follower
from .forking import renewed_after_fork

__all__ = ["API", "HttpSource"]

API = "prompthub/api/v1/"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class HttpSource:
    """A server at ``url`` (its base URL, without ``prompthub/api/v1``).

    Args:
        url: base URL, ``http://127.0.0.1:8888/`` or ``https://hub.example.org/user/ada/``.
        token: sent as ``Authorization: token …`` (Jupyter, owner) or ``Bearer`` (accounts, API keys).
        workspace: name or id; None: the caller's default.
        label: what to call it.
        timeout: seconds for one answer; streams may pause as long.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        workspace: str | None = None,
        label: str | None = None,
        timeout: float = 120.0,
    ) -> None:
        self.url = url.rstrip("/") + "/"
        self.label = label or f"PromptHub at {self.url}"
        self.headers: dict[str, str] = {}
        """credential and workspace, sent with every request"""
        if token:
            scheme = "Bearer" if token.startswith("ph_") or token.count(".") == 2 else "token"
            self.headers["Authorization"] = f"{scheme} {token}"
        if workspace:
            self.headers["X-PromptHub-Workspace"] = workspace
        self._timeout = timeout
        self._clients = [self._connected()]
        renewed_after_fork(self)

    def _connected(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.url + API,
            headers={"Accept": "application/json", **self.headers},
            timeout=httpx.Timeout(self._timeout, connect=5.0),
            # a proxy has no business between a notebook and its own machine
            trust_env=urlsplit(self.url).hostname not in _LOOPBACK,
            follow_redirects=False,
        )

    @property
    def _client(self) -> httpx.Client:
        return self._clients[-1]

    @property
    def ssl_context(self) -> SSLContext:
        """What its certificate is checked with."""
        return httpx.create_ssl_context()

    def after_fork(self) -> None:
        """In the child: the connections are the parent's; they are kept, unused, so that nothing closes them."""
        self._clients.append(self._connected())

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        if self._client.is_closed:
            raise NotReachable(f"this client of {self.label} was closed; make a new Client()")
        try:
            answer = self._client.request(method, path, params=query or None, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        return self._decoded(answer)

    def stream(self, body: Mapping[str, Any]) -> Iterator[ServerEvent]:
        headers = {"Accept": "text/event-stream"}
        try:
            with self._client.stream(
                "POST", "execute", json={**body, "stream": True}, headers=headers
            ) as answer:
                if answer.status_code >= 400 or "text/event-stream" not in answer.headers.get(
                    "content-type", ""
                ):
                    answer.read()
                    self._decoded(answer)
                    raise NotReachable(f"{self.label} did not answer with an event stream; is it PromptHub?")
                yield from _events(answer.iter_lines())
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    def follow(self, listener: Listener) -> Callable[[], None]:
        """Follow the server's events in a daemon thread."""
        return Follower(lambda: self, lambda: None, listener).stop

    def close(self) -> None:
        self._client.close()

    def _unreachable(self, error: httpx.HTTPError) -> NotReachable:
        return NotReachable(
            f"{self.label} does not answer ({type(error).__name__}); is it running? "
            "Start JupyterLab or `prompthub serve`, or name another server in PROMPTHUB_URL"
        )

    def _decoded(self, answer: httpx.Response) -> Any:
        try:
            body = answer.json() if answer.content else None
        except ValueError:
            body = None
        if answer.is_success:
            return body
        if 300 <= answer.status_code < 400:
            raise error_from(None, 401)
        raise error_from(body, answer.status_code)


def _events(lines: Iterator[str]) -> Iterator[ServerEvent]:
    """Server-sent events (WHATWG HTML, 9.2.6), as far as our server uses them."""
    name, data = "message", []
    for line in lines:
        if line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            yield name, json.loads("\n".join(data))
            name, data = "message", []
