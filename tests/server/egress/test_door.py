from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterator

import pytest
from jupyter_prompthub_server.egress.addresses import refusal
from jupyter_prompthub_server.egress.door import Egress
from jupyter_prompthub_server.egress.urls import check_url

from jupyter_prompthub.core.errors import ProviderRefused
from jupyter_prompthub.core.gateway import Endpoint
from tests.support.fake_provider import FakeProvider

NEVER = [
    "0.0.0.0",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "100.100.100.200",
    "192.88.99.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2001:0:1::1",
    "2002:7f00:1::",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "::1",
    "fc00::1",
    "::ffff:10.0.0.1",
]
PUBLIC = ["1.1.1.1", "140.82.112.3", "2606:4700:4700::1111", "::ffff:1.1.1.1"]


@pytest.mark.parametrize("address", NEVER)
def test_metadata_and_disguised_addresses_are_never_reached(address: str) -> None:
    for allow in (False, True):
        assert refusal(ipaddress.ip_address(address), allow_private=allow)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_need_an_admins_leave(address: str) -> None:
    assert refusal(ipaddress.ip_address(address), allow_private=False)
    assert refusal(ipaddress.ip_address(address), allow_private=True) is None


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_reached(address: str) -> None:
    assert refusal(ipaddress.ip_address(address), allow_private=False) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/v1",
        "https://user:secret@api.example.com",
        "ftp://example.com",
        "file:///etc/passwd",
        "https://",
        "not a url",
        "https://127.0.0.1/v1",
        "https://[::1]/v1",
        "https://0x7f000001:bad/",
        "https://169.254.169.254/latest",
    ],
)
def test_a_base_url_that_is_not_a_public_https_one_is_refused(url: str) -> None:
    with pytest.raises(ProviderRefused):
        check_url(url, allow_private=False)


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


def post(url: str, *, allow: bool, base: str | None = None) -> int:
    async def main() -> int:
        egress = Egress()
        try:
            session = egress.session(Endpoint("work", "x", base, allow_private_address=allow))
            async with session.post(url, json={}) as response:
                return response.status
        finally:
            await egress.close()

    return asyncio.run(main())


def test_a_name_is_refused_when_it_leads_to_a_private_address(provider: FakeProvider) -> None:
    with pytest.raises(ProviderRefused, match="leads to an address that is not allowed"):
        post(f"https://localhost:{provider.port}/v1/chat/completions", allow=False)
    assert not provider.requests


def test_a_name_with_one_bad_address_among_good_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def mixed(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("1.1.1.1", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", mixed)
    with pytest.raises(ProviderRefused, match=r"10\.0\.0\.1"):
        post("https://rebinding.example/v1", allow=False)


def test_every_request_of_a_session_is_checked_not_only_the_endpoints_address(provider: FakeProvider) -> None:
    with pytest.raises(ProviderRefused):
        post(provider.url + "/chat/completions", allow=False, base="https://api.example.com/v1")
    assert not provider.requests


def test_an_allowed_private_address_is_reached_and_proxies_are_ignored(
    provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert post(provider.url + "/chat/completions", allow=True) == 200


def test_metadata_is_not_reached_over_a_name_even_with_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    with pytest.raises(ProviderRefused, match="never reached"):
        post("http://metadata.example/latest", allow=True)
