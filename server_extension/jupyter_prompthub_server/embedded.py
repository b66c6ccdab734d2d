"""The whole of PromptHub in a script's or notebook's own process: the REST table without HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from jupyter_prompthub.core.records import Event, ExecuteRequest, ExecuteResponse

from .api import InProcess
from .execution.calls import pipeline_of
from .execution.run import Delta, Started
from .handlers.errors import from_validation
from .runtime import Runtime
from .settings import Settings

__all__ = ["EmbeddedServer"]


class EmbeddedServer:
    """A store that this process owns. All of it runs on the event loop that opened it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._table = InProcess(runtime)

    @classmethod
    async def open(cls, home: Path) -> EmbeddedServer:
        """Become the owner of the store in ``home``; others of this account forward to us meanwhile.

        Raises:
            StoreUnavailable: it cannot be opened.
            StoreLocked: another process owns it.
        """
        runtime = Runtime(Settings.from_env(home=home), "laptop", forwards=False)
        try:
            await runtime.load()
            await runtime.remote()
        except BaseException:
            await runtime.close()
            raise
        return cls(runtime)

    async def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """One request of the REST table, ``execute`` included; the decoded JSON."""
        if (method, path) == ("POST", "execute"):
            async with aclosing(self._execute(body or {})) as events:
                async for event in events:
                    if isinstance(event, ExecuteResponse):
                        return event.model_dump(mode="json")
        return await self._table.request(method, path, query, body, headers=headers)

    async def stream(self, body: Mapping[str, Any]) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """An execution's events, as the event stream of ``execute`` has them; errors are raised."""
        async with aclosing(self._execute(body)) as events:
            async for event in events:
                match event:
                    case Started(execution_id):
                        yield "start", {"execution_id": execution_id}
                    case Delta(text):
                        yield "delta", {"text": text}
                    case ExecuteResponse():
                        yield "result", event.model_dump(mode="json")

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``listener`` for every event, in the committing thread; returns what takes it off again."""
        return self._runtime.dispatcher.events.listen(lambda _, event: listener(event))

    async def close(self) -> None:
        """Let go of the store."""
        await self._runtime.close()

    async def _execute(self, body: Mapping[str, Any]) -> Any:
        try:
            asked = ExecuteRequest.model_validate(dict(body))
        except ValidationError as error:
            raise from_validation(error, "the body") from None
        caller = await self._runtime.local_identity.caller(None, None)
        async with aclosing(pipeline_of(self._runtime).stream(caller, asked)) as events:
            async for event in events:
                yield event
