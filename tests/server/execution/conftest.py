"""A store with one prompt, a pipeline on it, and a provider behind a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from typing import Any, TypeVar

import pytest
from jupyter_prompthub_server.dispatch import Dispatcher
from jupyter_prompthub_server.execution.doors import ModelDoors
from jupyter_prompthub_server.execution.pipeline import Pipeline
from jupyter_prompthub_server.execution.retry import RetryRule
from jupyter_prompthub_server.execution.run import Delta, Started
from jupyter_prompthub_server.execution.sources import replay_settings
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.services import connections, executions, versions
from jupyter_prompthub_server.store.clock import new_id, now
from jupyter_prompthub_server.store.store import Store
from jupyter_prompthub_server.store.tables import prompt
from sqlalchemy import insert

from jupyter_prompthub.core.records import (
    ExecuteRequest,
    ExecuteResponse,
    Execution,
    ExecutionPage,
    ExecutionQuery,
    NewConnection,
    NewVersion,
)
from tests.support.fake_provider import FakeProvider
from tests.support.people import People

KEY = "sk-canary-0123456789abcdef"
TEXT = """---
model: work/gpt-4o-mini
config: {temperature: 0.2, max_tokens: 60}
input: {schema: {order: "string, the order number"}}
---
{{role "system"}}
You help customers.
{{role "user"}}
Where is order {{order}}?
"""
T = TypeVar("T")


class Desk:
    """What a test works with; ``run`` runs a coroutine function with a pipeline that is closed at the end."""

    def __init__(self, store: Store, people: People, provider: FakeProvider) -> None:
        self.store, self.people, self.provider = store, people, provider
        self.dispatcher = Dispatcher(store)
        self.prompt_id = self.add_prompt("support/refund", TEXT)

    def add_prompt(self, name: str, text: str) -> str:
        prompt_id, at = new_id(), now()
        with self.store.database.writing("") as conn:
            conn.execute(
                insert(prompt).values(
                    workspace_id=self.people.workspace_id,
                    id=prompt_id,
                    name=name,
                    title=name,
                    created_by=self.people.admin.actor_id,
                    created_at=at,
                    updated_at=at,
                )
            )
            conn.commit()
        self.save(prompt_id, text)
        return prompt_id

    def save(self, prompt_id: str, text: str) -> Any:
        new = NewVersion(text=text, commit_message="as it is")
        return self.dispatcher.run(versions.save, self.people.admin, {"prompt_id": prompt_id}, new)

    def connect(self, name: str = "work", provider: str = "openai_compatible", **fields: Any) -> None:
        given = {
            "base_url": self.provider.url,
            "secret": KEY,
            "models": ("gpt-4o-mini",),
            "allow_private_address": True,
        } | fields
        new = NewConnection(name=name, provider=provider, **given)
        self.dispatcher.run(connections.create, self.people.admin, {}, new)

    def request(self, **fields: Any) -> ExecuteRequest:
        return ExecuteRequest.model_validate(
            {"prompt_id": self.prompt_id, "inputs": {"order": "A-17"}} | fields
        )

    def run(self, work: Callable[[Pipeline], Awaitable[T]], **rule: Any) -> T:
        async def main() -> T:
            doors = ModelDoors(self.store.home, replay_settings())
            pipeline = Pipeline(self.dispatcher, doors, RetryRule(**{"first_s": 0.01, **rule}))
            try:
                return await work(pipeline)
            finally:
                await pipeline.close()

        return asyncio.run(main())

    def execute(self, caller: Caller | None = None, key: str | None = None, **fields: Any) -> ExecuteResponse:
        asked, who = self.request(**fields), caller or self.people.engineer
        return self.run(lambda pipeline: pipeline.execute(who, asked, idempotency_key=key))

    def execute_file(self, path: str, who: Caller | None = None, text: str = TEXT) -> ExecuteResponse:
        """Run a text that is no prompt, as an editor of a file does."""
        asked = self.request(prompt_id=None, text=text, caller={"kind": "editor", "notebook": path})
        return self.run(lambda pipeline: pipeline.execute(who or self.people.engineer, asked))

    def records(self, caller: Caller | None = None) -> list[Execution]:
        """All executions, oldest first, with their payloads."""
        who = caller or self.people.engineer
        page: ExecutionPage = self.dispatcher.run(executions.list, who, {}, ExecutionQuery(limit=200))
        return [self.record(each.id, who) for each in reversed(page.items)]

    def record(self, execution_id: str, caller: Caller | None = None) -> Execution:
        who = caller or self.people.engineer
        found: Execution = self.dispatcher.run(executions.get, who, {"execution_id": execution_id})
        return found


async def until_first_delta(pipeline: Pipeline, caller: Caller, asked: ExecuteRequest) -> tuple[Any, str]:
    """An open stream, read up to its first piece; and the execution's id."""
    events = pipeline.stream(caller, asked)
    started = await anext(events)
    assert isinstance(started, Started)
    assert isinstance(await anext(events), Delta)
    return aclosing(events), started.execution_id


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


@pytest.fixture
def desk(store: Store, people: People, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """On each of the two databases."""
    monkeypatch.delenv("PROMPTHUB_REPLAY_FILE", raising=False)
    made = Desk(store, people, provider)
    made.connect()
    return made
