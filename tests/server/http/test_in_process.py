"""The REST table without HTTP: the same answers and errors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_prompthub_server.api import InProcess
from jupyter_prompthub_server.runtime import Runtime
from jupyter_prompthub_server.settings import Settings

from jupyter_prompthub.core.errors import InvalidInput, NotFound, StoreUnavailable


def within(home: Path, scene: Callable[[InProcess], Awaitable[None]]) -> None:
    async def main() -> None:
        runtime = Runtime(Settings.from_env({}, home=home), door=False)
        await runtime.load()
        assert await runtime.remote() is None
        try:
            await scene(InProcess(runtime))
        finally:
            await runtime.close()
        with pytest.raises(StoreUnavailable):
            await runtime.remote()

    asyncio.run(main())


def test_requests_are_answered_as_over_http(home: Path) -> None:
    async def scene(table: InProcess) -> None:
        me = await table.request("GET", "me")
        assert (me["role"], me["via"]) == ("admin", "jupyter")
        made = await table.request("POST", "auth/api-keys", body={"name": "a"})
        listed = await table.request("GET", "auth/api-keys")
        assert [item["id"] for item in listed["items"]] == [made["id"]]
        assert await table.request("DELETE", f"auth/api-keys/{made['id']}") is None

    within(home, scene)


def test_errors_are_raised(home: Path) -> None:
    async def scene(table: InProcess) -> None:
        with pytest.raises(InvalidInput, match="nope"):
            await table.request("POST", "auth/api-keys", body={"name": "a", "nope": 1})
        with pytest.raises(InvalidInput, match=r"surrogate|UTF-8|Unicode"):
            await table.request("POST", "auth/api-keys", body={"name": "\ud800"})
        with pytest.raises(NotFound):
            await table.request("GET", "nothing/here")
        with pytest.raises(NotFound):
            await table.request("GET", "me", query={"workspace": "another"})

    within(home, scene)


def test_an_endpoint_refuses_a_caller_without_permission_on_the_record(home: Path) -> None:
    from jupyter_prompthub_server.operations import Caller

    from jupyter_prompthub.core.errors import Forbidden

    async def scene(table: InProcess) -> None:
        local: Any = await table._runtime.local_caller()
        nobody = Caller(local.actor_id, local.workspace_id, "viewer", frozenset())
        with pytest.raises(Forbidden):
            await table.request("POST", "execute", body={"prompt_id": "x"}, caller=nobody)
        entries = (await table.request("GET", "audit"))["items"]
        assert [(item["tag"], item["target"]["operation"]) for item in entries[:1]] == [
            ("access.denied", "calls.execute")
        ]

    within(home, scene)
