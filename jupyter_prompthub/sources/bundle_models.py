"""Running what a bundle holds: the server's own way to a model, without its records."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from jupyter_prompthub_server.execution.choice import list_models
from jupyter_prompthub_server.execution.doors import ModelDoors
from jupyter_prompthub_server.execution.ledger import ExecutionFinish
from jupyter_prompthub_server.execution.preparing import Prepared, choice_of, model_request, render
from jupyter_prompthub_server.execution.run import Call, Delta, Ended, Run
from jupyter_prompthub_server.execution.sources import (
    ResolvedConnection,
    builtin_connections,
    environment_connections,
    replay_settings,
)
from jupyter_prompthub_server.store.clock import new_id

from ..core.errors import InvalidInput
from ..core.records import Connection, ExecuteRequest, ModelList, NewConnection, Version
from ..home import home
from .base import ServerEvent

__all__ = ["BundleModels"]

_TIMEOUT_S = 600.0


class BundleModels:
    """The models of this process: of its environment, the local one, and those that were given."""

    def __init__(self, given: Sequence[NewConnection]) -> None:
        replay = replay_settings()
        self._connections = (
            *(_resolved(one) for one in given),
            *environment_connections(),
            *builtin_connections(replay),
        )
        self._doors = ModelDoors(Path(home()), replay)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="prompthub-bundle", daemon=True)
        self._thread.start()

    def list(self) -> ModelList:
        """Models that can be asked."""
        return list_models(self._connections)

    def stream(
        self, asked: ExecuteRequest, version: Version, snippets: Mapping[str, str]
    ) -> Iterator[ServerEvent]:
        """As :meth:`Source.stream`."""
        if asked.text is not None:
            raise InvalidInput(
                "a bundle runs the versions that it holds, not another text: connect to a server"
            )
        call = self._call(asked, version, snippets)
        events: queue.Queue[Delta | Ended] = queue.Queue()
        run = Run(call, self._doors, _unrecorded, events.put)
        running = asyncio.run_coroutine_threadsafe(run.run(), self._loop)
        try:
            yield "start", {"execution_id": call.execution_id}
            while not isinstance(event := events.get(), Ended):
                yield "delta", {"text": event.text}
            if event.error is not None:
                raise event.error
            if event.response is not None:
                yield "result", event.response.model_dump(mode="json")
        finally:
            if not running.done():
                self._loop.call_soon_threadsafe(run.stop)
                running.result(10)

    def close(self) -> None:
        """Let go of connections to models."""
        asyncio.run_coroutine_threadsafe(self._doors.close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _call(self, asked: ExecuteRequest, version: Version, snippets: Mapping[str, str]) -> Call:
        prepared = Prepared(
            version.prompt_id,
            version.text,
            dict(snippets),
            version.sha,
            None,
            None,
            asked.environment,
            None,
            self._connections,
        )
        rendering = render(prepared, asked)
        choice = choice_of(prepared, rendering, asked)
        return Call(
            execution_id=new_id(),
            request=model_request(choice, rendering),
            choice=choice,
            timeout_s=asked.timeout_s or _TIMEOUT_S,
            version_sha=version.sha,
            rendered_hash=rendering.rendered_hash,
            warnings=rendering.warnings,
        )


def _resolved(new: NewConnection) -> ResolvedConnection:
    known = new.model_dump(exclude={"secret", "api_version"})
    return ResolvedConnection(Connection(**known), new.secret, new.api_version)


async def _unrecorded(end: ExecutionFinish) -> None:
    """Without a store there is no record of a call."""
