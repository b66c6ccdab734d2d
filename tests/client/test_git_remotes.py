"""Prompts pushed to and pulled from a real git server over http."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from jupyter_prompthub_server.egress.door import Egress
from jupyter_prompthub_server.egress.git import GitRemote, RemoteLimits

from jupyter_prompthub.client import Client
from jupyter_prompthub.core.errors import (
    GatewayError,
    InvalidInput,
    ModelUnknown,
    NotFound,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    TooLarge,
)
from jupyter_prompthub.core.gateway import Endpoint
from jupyter_prompthub.core.records import AuditPage, NewConnection
from tests.client.conftest import Cli
from tests.client.test_git_export import NAME, TEXT, merged
from tests.support.githttp import GitServer, git_server
from tests.support.plaingit import PlainGit, clone

__all__ = ["merged"]
FILE = f"{NAME}.prompt"
KEY = "ada:correct-horse-battery"


@pytest.fixture
def bare(tmp_path: Path) -> PlainGit:
    """An empty repository on the server."""
    (tmp_path / "served").mkdir()
    PlainGit(tmp_path / "served")("init", "-q", "--bare", "-b", "main", "prompts.git")
    git = PlainGit(tmp_path / "served" / "prompts.git")
    git("config", "http.receivepack", "true")
    return git


@pytest.fixture
def server(bare: PlainGit) -> Iterator[GitServer]:
    with git_server(bare.folder.parent, KEY) as running:
        yield running


def connect(hub: Client, url: str, **more: Any) -> None:
    given = {"name": "origin", "provider": "git", "secret": KEY, "allow_private_address": True, **more}
    hub.connect(NewConnection.model_validate({**given, "base_url": url}))


@pytest.fixture
def hub_(merged: Client, server: GitServer) -> Client:
    """A client with the remote ``origin``."""
    connect(merged, f"{server.url}/prompts.git")
    return merged


def test_prompts_are_pushed_changed_elsewhere_and_pulled(
    hub_: Client, bare: PlainGit, tmp_path: Path
) -> None:
    done = hub_.git_push("origin", [NAME])
    assert (done.commits, done.left) == (4, {})
    bare("fsck", "--strict")
    hub_.git_export(tmp_path / "same", [NAME])
    assert bare.parents() == PlainGit(tmp_path / "same").parents()
    assert (hub_.git_push("origin", [NAME]).commits, hub_.git_pull("origin").versions) == (0, 0)
    git = clone(bare.folder, tmp_path / "clone")
    git.commit("Theirs", {FILE: TEXT + "Theirs.\n", "README.md": "Hello\n"})
    git("push", "-q")
    assert hub_.git_pull("origin", dry_run=True).versions == 1
    pulled = hub_.git_pull("origin")
    assert (pulled.versions, set(pulled.branches)) == (1, {f"{NAME}@main"})
    hub_.save(NAME, TEXT + "Here.\n", "Here")
    assert hub_.git_push("origin", [NAME]).commits == 1
    git("pull", "-q", "--ff-only")
    assert ((git.folder / FILE).read_text(), (git.folder / "README.md").exists()) == (TEXT + "Here.\n", True)


def test_a_push_never_overwrites_and_says_what_to_do(hub_: Client, bare: PlainGit, tmp_path: Path) -> None:
    hub_.git_push("origin", [NAME])
    git = clone(bare.folder, tmp_path / "clone")
    theirs = git.commit("Theirs", {FILE: TEXT + "Theirs.\n"})
    git("push", "-q")
    hub_.save(NAME, TEXT + "Here.\n", "Here")
    done = hub_.git_push("origin", [NAME])
    assert "import them first" in done.left[f"{NAME}@main"]
    assert bare("rev-parse", "main") == theirs
    (review,) = hub_.git_pull("origin").reviews
    assert (review.source, review.target) == ("git/main", "main")


def test_two_who_push_at_once_lose_nothing(hub_: Client, bare: PlainGit) -> None:
    names = ["house", "garden", "street"]
    for name in names:
        hub_.create(name, text=f"{name}\n")
    with ThreadPoolExecutor(len(names)) as threads:
        found = list(threads.map(lambda name: hub_.git_push("origin", [name]), names))
    assert any(not one.left for one in found)
    for name, first in zip(names, found, strict=True):
        assert hub_.git_push("origin", [name]).left == {}, first
    bare("fsck", "--strict")
    assert bare("ls-tree", "--name-only", "main").splitlines() == sorted(f"{name}.prompt" for name in names)
    assert hub_.git_pull("origin").versions == 0


def test_what_the_remote_refuses_is_said(hub_: Client, bare: PlainGit) -> None:
    hook = bare.folder / "hooks" / "update"
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ]\n')
    hook.chmod(0o755)
    done = hub_.git_push("origin", [NAME])
    assert set(done.left) == {"refs/heads/main"}
    assert "refs/heads/main" not in done.refs
    assert bare("for-each-ref", "--format=%(refname)").splitlines() == [
        "refs/heads/warmer/tone",
        "refs/tags/v1.0",
    ]


def test_a_key_is_sent_to_its_own_address_only_and_stands_nowhere(
    hub_: Client, server: GitServer, bare: PlainGit, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hub_.git_push("origin", [NAME])
    assert all(server.keys)
    with git_server(bare.folder.parent) as other:

        def elsewhere(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("Location", f"{other.url}/prompts.git/info/refs?service=git-upload-pack")
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        server.odd = elsewhere
        with pytest.raises(ProviderRefused, match="leads to another address") as refused:
            hub_.git_pull("origin")
        assert other.asked == []
    secret = KEY.partition(":")[2]
    entries = hub_._call(AuditPage, "GET", "audit", limit=200)
    (pushed,) = [one for one in entries.items if one.tag == "git.push"]
    assert (pushed.target["remote"], pushed.target["names"]) == ("origin", NAME)
    assert secret not in str(refused.value) + caplog.text + str(entries)
    hub_.close()
    for file in (tmp_path / "home").rglob("*"):
        if file.is_file():
            assert secret.encode() not in file.read_bytes(), file


def test_a_wrong_key_a_wrong_address_and_no_remote_are_told_apart(merged: Client, server: GitServer) -> None:
    with pytest.raises(NotFound, match="prompthub connection add origin git"):
        merged.git_pull("origin")
    connect(merged, f"{server.url}/prompts.git", secret="ada:wrong")
    with pytest.raises(ProviderRefused, match="refuses this key"):
        merged.git_pull("origin")
    connect(merged, f"{server.url}/nothing.git", name="nowhere")
    with pytest.raises(ProviderRefused, match="no git repository that this key may see"):
        merged.git_push("nowhere", [NAME])
    connect(merged, "http://127.0.0.1:9/x.git", name="closed")
    with pytest.raises(ProviderUnavailable, match="cannot be reached: the connection is refused"):
        merged.git_pull("closed")


def test_a_host_that_is_not_there_and_one_that_hangs_up_are_told_apart(
    merged: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = socket.getaddrinfo

    def asked(host: Any, *more: Any, **options: Any) -> Any:
        if host == "nowhere.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *more, **options)

    monkeypatch.setattr("socket.getaddrinfo", asked)
    connect(merged, "http://nowhere.invalid/x.git")
    with pytest.raises(ProviderUnavailable, match="cannot be reached: there is no host of that name"):
        merged.git_pull("origin")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        # a request that only asks is sent a second time
        hang_up = threading.Thread(target=lambda: [listening.accept()[0].close() for _ in range(2)])
        hang_up.start()
        connect(merged, f"http://127.0.0.1:{listening.getsockname()[1]}/x.git", name="short")
        with pytest.raises(ProviderUnavailable, match="cannot be reached: the connection was lost"):
            merged.git_pull("short")
        hang_up.join()


def test_an_empty_remote_has_nothing_to_pull(hub_: Client) -> None:
    with pytest.raises(InvalidInput, match="has no branches"):
        hub_.git_pull("origin")


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/x.git", "https://169.254.169.254/x.git", "http://example.com/x.git"]
)
def test_a_private_or_open_address_needs_an_admin_s_leave(merged: Client, address: str) -> None:
    with pytest.raises(InvalidInput, match=r"not (allowed|encrypted)"):
        connect(merged, address, allow_private_address=False)


def test_a_name_that_leads_to_a_private_address_is_not_asked(merged: Client, server: GitServer) -> None:
    connect(merged, "https://localhost/prompts.git", allow_private_address=False)
    with pytest.raises(ProviderRefused, match="not allowed"):
        merged.git_pull("origin")
    assert server.asked == []


def test_a_remote_is_no_model(hub_: Client) -> None:
    hub_.save(NAME, TEXT.replace("a/b", "origin/x"), "Ask the remote")
    with pytest.raises(ModelUnknown):
        hub_.run(NAME)
    assert [one.provider for one in hub_.connections().items if one.name == "origin"] == ["git"]


def answering(status: int, kind: str, *pieces: bytes) -> Any:
    def odd(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Connection", "close")
        handler.end_headers()
        try:
            for piece in pieces:
                handler.wfile.write(piece)
        except OSError:
            pass  # they have hung up, as they should

    return odd


ADVERTISED = "application/x-git-upload-pack-advertisement"


@pytest.mark.parametrize(
    ("odd", "expected", "match"),
    [
        (answering(200, "text/html", b"<html>"), ProviderRefused, "content type"),
        (answering(200, ADVERTISED, b"zzzz"), ProviderRefused, "does not answer as a git repository"),
        (
            answering(200, ADVERTISED, b"0010# service=x\n"),
            ProviderRefused,
            "does not answer as a git repository",
        ),
        (answering(200, ADVERTISED), ProviderRefused, "does not answer as a git repository"),
        (answering(503, "text/plain", b"busy"), ProviderUnavailable, "cannot answer now"),
        (answering(418, "text/plain", b"tea"), ProviderRefused, "refuses"),
    ],
)
def test_a_remote_that_answers_oddly_is_refused(
    hub_: Client, server: GitServer, odd: Any, expected: type[GatewayError], match: str
) -> None:
    server.odd = odd
    with pytest.raises(expected, match=match):
        hub_.git_pull("origin")


def fetch(server: GitServer, limits: RemoteLimits) -> Any:
    async def run() -> Any:
        egress = Egress()
        where = Endpoint("origin", "git", f"{server.url}/prompts.git", KEY, allow_private_address=True)
        try:
            return await asyncio.to_thread(GitRemote(where, egress, asyncio.get_running_loop(), limits).fetch)
        finally:
            await egress.close()

    return asyncio.run(run())


def test_a_remote_that_never_ends_is_cut_off(hub_: Client, server: GitServer) -> None:
    hub_.git_push("origin", [NAME])
    assert fetch(server, RemoteLimits())[1][:4] == b"PACK"
    with pytest.raises(TooLarge, match="sends more than 500 bytes"):
        fetch(server, RemoteLimits(receive=500))
    server.odd = answering(200, ADVERTISED, *[b"0010" + b"x" * 12] * 200_000)
    with pytest.raises((TooLarge, ProviderRefused)):
        fetch(server, RemoteLimits(receive=100_000))


def test_a_remote_that_says_nothing_is_left_alone(hub_: Client, server: GitServer) -> None:
    over = threading.Event()
    server.odd = lambda _: over.wait(60) and None
    try:
        for limits in (RemoteLimits(idle_s=0.2), RemoteLimits(total_s=0.2)):
            with pytest.raises((ProviderTimeout, ProviderUnavailable)):
                fetch(server, limits)
    finally:
        over.set()


def test_the_commands_push_and_pull(cli: Cli, hub_: Client, bare: PlainGit, tmp_path: Path) -> None:
    hub_.close()
    assert cli("git", "push", "origin", NAME).out.splitlines()[0] == "4 new commits in origin"
    git = clone(bare.folder, tmp_path / "clone")
    git.commit("Theirs", {FILE: TEXT + "Theirs.\n"})
    git("push", "-q")
    assert cli("git", "pull", "origin", "--dry-run").out.splitlines()[0] == "1 versions would come in"
    assert cli("git", "pull", "origin").out.splitlines()[0] == "1 versions came in"
    assert cli("git", "pull", "nothing").code == 1
