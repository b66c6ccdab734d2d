"""What is special about the litellm door: nothing gets past ours, nothing is read from around it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from jupyter_prompthub.core.errors import InvalidInput, ProviderRefused
from jupyter_prompthub.core.gateway import Endpoint
from jupyter_prompthub.core.records import MediaPart, Message
from jupyter_prompthub.gateways.litellm import PROVIDERS, LitellmGateway
from tests.client.gateways.conftest import collect, request


class ClosedDoor:
    """Lets nothing out, and counts who asked."""

    asked = 0

    def session(self, endpoint: Endpoint) -> aiohttp.ClientSession:
        self.asked += 1
        raise ProviderRefused("the door is closed")

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_no_providers_call_gets_out_but_through_the_door(provider: str) -> None:
    door = ClosedDoor()
    address = "https://127.0.0.1:1" if provider == "azure" else None
    endpoint = Endpoint("work", provider, address, "a-test-key-000000000000", api_version="2024-10-21")
    with pytest.raises(ProviderRefused, match="the door is closed"):
        asyncio.run(collect(LitellmGateway(door), request(provider=provider, model="some-model"), endpoint))
    assert door.asked == 1


def test_a_provider_with_an_http_client_of_its_own_is_not_offered() -> None:
    endpoint = Endpoint("work", "bedrock", None, "a-test-key-000000000000")
    with pytest.raises(ProviderRefused, match="openai_compatible"):
        asyncio.run(collect(LitellmGateway(ClosedDoor()), request(provider="bedrock"), endpoint))


def test_a_connection_without_a_key_never_takes_one_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-from-the-environment")
    door = ClosedDoor()
    with pytest.raises(ProviderRefused, match="has no key"):
        asyncio.run(collect(LitellmGateway(door), request(), Endpoint("work", "openai")))
    assert door.asked == 0


def test_an_image_by_address_is_refused_where_litellm_would_fetch_it_itself() -> None:
    image = Message(role="user", content=(MediaPart(url="https://example.com/a.png"),))
    endpoint = Endpoint("work", "anthropic", None, "a-test-key-000000000000")
    asked = request(provider="anthropic", model="claude-sonnet-4-5", messages=(image,))
    with pytest.raises(InvalidInput, match="data: URL"):
        asyncio.run(collect(LitellmGateway(ClosedDoor()), asked, endpoint))


_LOADS = """
import os, socket
from jupyter_prompthub.gateways.litellm import _load
import sys
assert "litellm" not in sys.modules, "importing the door must not import litellm"
def refuse(*a, **k): raise AssertionError(f"network at import: {a}")
socket.getaddrinfo = refuse
socket.socket.connect = refuse
_load()
assert "PLANTED" not in os.environ, ".env was read"
assert "LITELLM_MODE" not in os.environ, "our settings leak to child processes"
print("loaded")
"""


def test_loading_litellm_touches_no_network_and_reads_no_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PLANTED=1\nOPENAI_API_BASE=http://evil.example\n")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LITELLM", "HF_"))}
    done = subprocess.run(
        [sys.executable, "-c", _LOADS], cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "loaded", done.stderr
