from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest

from jupyter_prompthub.core.errors import (
    InvalidInput,
    ModelUnknown,
    PromptHubError,
    ProviderRateLimited,
    StreamCut,
)
from jupyter_prompthub.core.gateway import Chunk, Endpoint, ModelRequest
from jupyter_prompthub.gateways.direct import DirectGateway
from jupyter_prompthub.gateways.replay import ReplayGateway, ReplayMode, request_key
from tests.client.gateways.conftest import OpenDoor, request, take, text_of
from tests.support.fake_provider import FakeProvider, Fault


class Tape:
    """A replay file with a real provider behind it."""

    def __init__(self, path: Path, provider: FakeProvider) -> None:
        self.path, self.provider = path, provider
        self.endpoint = Endpoint("work", "openai_compatible", provider.url, "sk-secret-0123456789")

    def ask(
        self, mode: ReplayMode, *requests: ModelRequest, pace: float = 0.0
    ) -> list[tuple[list[Chunk], PromptHubError | None]]:
        async def main() -> list[tuple[list[Chunk], PromptHubError | None]]:
            door = OpenDoor()
            gateway = ReplayGateway(self.path, mode, inner=DirectGateway(door), pace=pace)
            out: list[tuple[list[Chunk], PromptHubError | None]] = []
            for each in requests or (request(),):
                came: list[Chunk] = []
                try:
                    await take(gateway, each, self.endpoint, came)
                    out.append((came, None))
                except PromptHubError as error:
                    out.append((came, error))
            await door.close()
            return out

        return asyncio.run(main())


@pytest.fixture
def tape(tmp_path: Path, provider: FakeProvider) -> Tape:
    return Tape(tmp_path / "calls.jsonl", provider)


def test_what_was_recorded_is_played_back_without_the_provider(tape: Tape) -> None:
    ((live, _),) = tape.ask(ReplayMode.RECORD)
    ((played, error),) = tape.ask(ReplayMode.STRICT)
    assert error is None
    assert played == live
    assert len(tape.provider.requests) == 1


def test_strict_names_an_unknown_request_and_what_to_do(tape: Tape) -> None:
    ((_, error),) = tape.ask(ReplayMode.STRICT, request("never asked"))
    assert isinstance(error, ModelUnknown)
    assert "PROMPTHUB_REPLAY_MODE=record" in error.message
    assert not tape.provider.requests


def test_replay_asks_only_for_what_it_does_not_know_and_keeps_it(tape: Tape) -> None:
    tape.ask(ReplayMode.REPLAY, request("one"))
    tape.ask(ReplayMode.REPLAY, request("one"), request("two"), request("one"))
    assert len(tape.provider.requests) == 2


def test_record_asks_always(tape: Tape) -> None:
    tape.ask(ReplayMode.RECORD, request(), request())
    assert len(tape.provider.requests) == 2


def test_recorded_faults_happen_again_in_their_order(tape: Tape) -> None:
    tape.provider.plan(Fault.RATE_LIMIT, Fault.CUT, Fault.NONE)
    tape.ask(ReplayMode.RECORD, request(), request(), request())
    first, second, third, fourth = tape.ask(ReplayMode.STRICT, *[request()] * 4)
    assert isinstance(first[1], ProviderRateLimited)
    assert first[1].details["retry_after_s"] == 0.05
    assert isinstance(second[1], StreamCut)
    assert text_of(second[0]) == "The parcel"
    assert third[1] is None
    assert fourth == third


def test_recorded_pauses_can_be_kept(tape: Tape) -> None:
    tape.provider.plan(Fault.SLOW)
    tape.ask(ReplayMode.RECORD)
    start = time.monotonic()
    tape.ask(ReplayMode.STRICT, pace=1.0)
    assert time.monotonic() - start > 0.35


def test_the_file_holds_no_key_and_no_address(tape: Tape) -> None:
    tape.provider.plan(Fault.UNAUTHORIZED, Fault.NONE)
    tape.ask(ReplayMode.RECORD, request(), request())
    text = tape.path.read_text()
    assert "sk-" not in text
    assert str(tape.provider.port) not in text


def test_a_key_does_not_depend_on_the_order_of_parameters_but_on_every_value() -> None:
    one = request(parameters={"temperature": 0.1, "seed": 3})
    other = request(parameters={"seed": 3, "temperature": 0.1})
    assert request_key(one) == request_key(other)
    assert len({request_key(each) for each in (one, request(), request("else"), request(model="x"))}) == 4


@pytest.mark.parametrize("line", ["{", '{"key": 1}', json.dumps({"format": "other v9"})])
def test_a_damaged_file_is_told_by_its_line(tape: Tape, line: str) -> None:
    tape.ask(ReplayMode.RECORD)
    with tape.path.open("a") as file:
        file.write(line + "\n")
    ((_, error),) = tape.ask(ReplayMode.STRICT)
    assert isinstance(error, InvalidInput)
    assert "calls.jsonl, line 2" in error.message
