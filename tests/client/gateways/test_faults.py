"""Both doors meet the same faults of a real server and say the same things about them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from jupyter_prompthub.core.errors import (
    GatewayError,
    ProviderRateLimited,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    StreamCut,
)
from jupyter_prompthub.core.gateway import Chunk, Endpoint, Finish, Gateway, TextDelta, ToolCall, UsageReport
from jupyter_prompthub.core.records import OutputSpec
from jupyter_prompthub.gateways.direct import DirectGateway
from jupyter_prompthub.gateways.litellm import LitellmGateway
from tests.client.gateways.conftest import OpenDoor, request, take, text_of
from tests.support.fake_provider import FakeProvider, Fault

KEY = "sk-test-key-0123456789abcdef"
DOORS: dict[str, tuple[Callable[[OpenDoor], Gateway], str, str, str]] = {
    "direct": (DirectGateway, "openai", "gpt-4o-mini", "/v1"),
    "litellm to OpenAI": (LitellmGateway, "openai", "gpt-4o-mini", "/v1"),
    "litellm to Azure": (LitellmGateway, "azure", "gpt-4o-mini", ""),
    "litellm to Anthropic": (LitellmGateway, "anthropic", "claude-sonnet-4-5", ""),
}


class Way:
    """One door with the provider behind it."""

    def __init__(self, name: str, provider: FakeProvider) -> None:
        self.make, self.kind, self.model, path = DOORS[name]
        self.provider = provider
        self.endpoint = Endpoint(
            "work", self.kind, provider.root + path, KEY, api_version="2024-10-21", idle_timeout_s=5.0
        )
        self.came: list[Chunk] = []

    def ask(self, **fields: object) -> list[Chunk]:
        asked = request(provider=self.kind, model=self.model, **fields)
        self.came = []

        async def main() -> None:
            door = OpenDoor()
            try:
                await take(self.make(door), asked, self.endpoint, self.came)
            finally:
                await door.close()

        asyncio.run(main())
        return self.came

    def failure(self, fault: Fault, kind: type[GatewayError]) -> GatewayError:
        self.provider.plan(fault)
        with pytest.raises(GatewayError) as caught:
            self.ask()
        assert type(caught.value) is kind
        assert KEY not in caught.value.message
        assert caught.value.details["connection"] == "work"
        return caught.value


@pytest.fixture(params=list(DOORS))
def way(request: pytest.FixtureRequest, provider: FakeProvider) -> Way:
    return Way(request.param, provider)


def test_an_answer_comes_in_pieces_and_ends_with_usage_and_a_finish(way: Way) -> None:
    chunks = way.ask()
    assert text_of(chunks) == way.provider.answer
    assert len([chunk for chunk in chunks if isinstance(chunk, TextDelta)]) == 7
    (report,) = [chunk for chunk in chunks if isinstance(chunk, UsageReport)]
    assert (report.usage.input_tokens, report.usage.output_tokens, report.usage.total_tokens) == (12, 7, 19)
    assert chunks[-1] == Finish("stop", way.model)


def test_the_key_goes_to_the_provider_and_the_question_with_it(way: Way) -> None:
    way.ask(parameters={"temperature": 0.3, "max_tokens": 50})
    (seen,) = way.provider.requests
    headers = {name.lower(): value for name, value in seen.headers.items()}
    assert KEY in (
        headers.get("authorization", "") + headers.get("api-key", "") + headers.get("x-api-key", "")
    )
    assert "Where is my order?" in str(seen.body["messages"])
    assert (seen.body["temperature"], seen.body["max_tokens"]) == (0.3, 50)


def test_a_refused_key_is_told_with_the_next_step_and_without_the_key(way: Way) -> None:
    error = way.failure(Fault.UNAUTHORIZED, ProviderRefused)
    assert "`prompthub connection add work`" in error.message
    assert "planted" not in error.message


def test_a_rate_limit_says_how_long_to_wait(way: Way) -> None:
    assert way.failure(Fault.RATE_LIMIT, ProviderRateLimited).details["retry_after_s"] == 0.05


def test_a_broken_provider_is_unavailable(way: Way) -> None:
    assert "problem of its own (500)" in way.failure(Fault.BROKEN, ProviderUnavailable).message


def test_a_refused_request_repeats_the_providers_words(way: Way) -> None:
    assert "max_tokens is too large" in way.failure(Fault.REFUSED, ProviderRefused).message


def test_a_redirect_is_not_followed_and_not_tried_again(way: Way) -> None:
    assert "redirect" in way.failure(Fault.REDIRECT, ProviderRefused).message
    assert len(way.provider.requests) == 1


def test_a_silent_provider_times_out(way: Way) -> None:
    way.endpoint = replace(way.endpoint, idle_timeout_s=0.3)
    assert "sent nothing for 0.3 s" in way.failure(Fault.HANG, ProviderTimeout).message


@pytest.mark.parametrize(
    "fault", [Fault.STALL, Fault.CUT, Fault.ENDS_EARLY, Fault.MALFORMED, Fault.ERROR_IN_STREAM]
)
def test_an_answer_that_breaks_off_never_looks_complete(way: Way, fault: Fault) -> None:
    way.endpoint = replace(way.endpoint, idle_timeout_s=0.3)
    way.failure(fault, StreamCut)
    assert text_of(way.came) == "The parcel"
    assert not any(isinstance(chunk, Finish) for chunk in way.came)


def test_no_failed_request_is_repeated_behind_our_back(way: Way) -> None:
    way.failure(Fault.BROKEN, ProviderUnavailable)
    assert len(way.provider.requests) == 1


def test_an_unreachable_address_is_told(way: Way) -> None:
    way.endpoint = replace(way.endpoint, base_url="http://127.0.0.1:1/v1")
    with pytest.raises(ProviderUnavailable, match="cannot be reached"):
        way.ask()


@pytest.mark.parametrize("name", ["direct", "litellm to OpenAI"])
def test_a_tool_call_arrives_whole(name: str, provider: FakeProvider) -> None:
    way = Way(name, provider)
    provider.plan(Fault.TOOL_CALL)
    tool = {"name": "lookup_order", "description": "Find it", "inputSchema": {"type": "object"}}
    chunks = way.ask(tools=(tool,))
    assert ToolCall("call_1", "lookup_order", '{"order": "A-17"}') in chunks
    assert provider.requests[0].body["tools"][0]["function"]["name"] == "lookup_order"


@pytest.mark.parametrize("name", ["direct", "litellm to OpenAI"])
def test_an_output_schema_is_passed_on(name: str, provider: FakeProvider) -> None:
    schema = {"type": "object", "properties": {"reply": {"type": "string"}}}
    Way(name, provider).ask(output=OutputSpec(format="json", schema=schema))
    assert provider.requests[0].body["response_format"]["json_schema"]["schema"] == schema


def test_an_endpoint_that_cannot_stream_is_read_whole_by_the_direct_door(provider: FakeProvider) -> None:
    provider.plan(Fault.NOT_STREAMED)
    chunks = Way("direct", provider).ask()
    assert text_of(chunks) == provider.answer
    assert chunks[-1] == Finish("stop", "gpt-4o-mini")


def test_litellm_says_so_when_an_endpoint_cannot_stream(provider: FakeProvider) -> None:
    error = Way("litellm to OpenAI", provider).failure(Fault.NOT_STREAMED, ProviderRefused)
    assert "openai_compatible" in error.message


def test_closing_the_stream_hangs_up(provider: FakeProvider) -> None:
    provider.plan(Fault.SLOW)
    way = Way("direct", provider)

    async def main() -> None:
        door = OpenDoor()
        stream = cast("Any", way.make(door).stream(request(), way.endpoint))
        await anext(stream)
        await stream.aclose()
        await asyncio.to_thread(provider.hung_up.wait, 10)
        await door.close()

    asyncio.run(main())
    assert provider.hung_up.is_set()
