"""Where a client's requests go: a server over HTTP, or a store opened in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Protocol

from ..core import errors
from ..core.errors import PromptHubError

__all__ = ["Listener", "NotReachable", "ServerEvent", "Source", "error_from"]

ServerEvent = tuple[str, dict[str, Any]]
"""One event of a streamed execution: (``start`` | ``delta`` | ``result`` | ``error``, its data)"""


class NotReachable(PromptHubError):
    """No server answers, and no store can be opened."""

    code: ClassVar[str] = "not_reachable"
    status: ClassVar[int] = 503


class Listener(Protocol):
    """Who wants to know what changes. Called from any thread; quick, and raises nothing."""

    def live(self, *, missed: bool) -> None:
        """From now on every change is told; ``missed``: there may have been some before that were not."""
        ...

    def told(self, kind: str, prompt_id: str | None) -> None:
        """Something changed: an event's kind, and its prompt where it has one."""
        ...

    def lost(self) -> None:
        """Changes are not told any more, for the time being."""
        ...


class Source(Protocol):
    """What answers requests of the REST table, wherever it is."""

    @property
    def label(self) -> str:
        """What it is, for people: ``JupyterLab at http://127.0.0.1:8888/``."""
        ...

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Send one request (``path`` relative to the API's root) and return the JSON answer.

        Raises:
            PromptHubError: as the server said, or NotReachable.
        """
        ...

    def stream(self, body: Mapping[str, Any]) -> Iterator[ServerEvent]:
        """Execute, streamed. Closing the iterator cancels the execution."""
        ...

    def follow(self, listener: Listener) -> Callable[[], None]:
        """Tell ``listener`` of changes until the returned function is called."""
        ...

    def close(self) -> None:
        """Let go of connections, or of the store."""
        ...


_BY_CODE: dict[str, type[PromptHubError]] = {
    kind.code: kind
    for name in errors.__all__
    if isinstance(kind := getattr(errors, name), type) and issubclass(kind, PromptHubError)
}


def error_from(body: Any, status: int) -> PromptHubError:
    """The exception that a server's error answer stands for."""
    said = body.get("error") if isinstance(body, dict) else None
    if not isinstance(said, dict):
        message = body.get("message") if isinstance(body, dict) else None
        said = {"message": message or f"the server answered with HTTP {status}"}
        if status in (401, 403):
            said = {
                "code": "unauthenticated",
                "message": "the server does not know this token; set PROMPTHUB_TOKEN, or pass token=…",
            }
    kind = _BY_CODE.get(str(said.get("code")), PromptHubError)
    return kind(str(said.get("message", f"HTTP {status}")), details=said.get("details") or {})
