"""How old an answer of ``Client.get`` can be: with push, without it, and with the server away."""

from __future__ import annotations

import gc
import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from jupyter_prompthub_server.route_table import TABLE

from jupyter_prompthub.client import CachePolicy, Client
from jupyter_prompthub.core.errors import NotFound, Unauthenticated
from jupyter_prompthub.sources.base import NotReachable
from jupyter_prompthub.sources.http import HttpSource
from tests.client.conftest import TEXT
from tests.support.processes import jupyter
from tests.support.serving import Headless, headless, laptop

TOKEN = "jupyter-token"
SECOND = TEXT.replace("assistant", "agent")
PATIENT = CachePolicy(refresh_after=3600, max_stale=7200)


def until(condition: Callable[[], object], within: float = 5.0) -> float:
    """Wait for a condition; the seconds that it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < within, "it did not come true"
        time.sleep(0.005)
    return time.monotonic() - began


class Counted(HttpSource):
    """A real source that counts what is asked."""

    asked = 0

    def request(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.asked += 1
        return super().request(*args, **kwargs)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Headless]:
    with laptop(tmp_path / "home", TOKEN) as running:
        yield running


@pytest.fixture
def writer(server: Headless) -> Iterator[Client]:
    """Somebody else, elsewhere."""
    with Client(server.url, TOKEN, cache=False) as client:
        client.create("support/refund", text=TEXT, commit_message="First")
        client.promote("support/refund", "production")
        yield client


@pytest.fixture
def reader(server: Headless, writer: Client) -> Iterator[Client]:
    with Client(source=Counted(server.url, TOKEN), cache=PATIENT) as client:
        yield client


def asked(client: Client) -> int:
    assert isinstance(client.source, Counted)
    return client.source.asked


def live(client: Client) -> None:
    client.get("support/refund@production")
    until(lambda: client.cache_info().live and not client.cache_info().stale)


def test_a_known_version_is_served_without_asking(reader: Client) -> None:
    live(reader)
    before = asked(reader)
    for _ in range(100):
        assert reader.get("support/refund@production").text == TEXT
    assert asked(reader) == before


def test_a_promotion_elsewhere_is_served_within_a_second_without_asking_again(
    reader: Client, writer: Client
) -> None:
    live(reader)
    writer.save("support/refund", SECOND)
    assert reader.get("support/refund@production").text == TEXT
    writer.promote("support/refund", "production")
    took = until(lambda: reader.get("support/refund@production").text == SECOND)
    assert took < 1
    until(lambda: not reader.cache_info().stale)
    before = asked(reader)
    assert reader.get("support/refund@production").text == SECOND
    assert asked(reader) == before


@pytest.mark.parametrize("ref", ["latest", "tone", "production", "v1"])
def test_every_kind_of_ref_follows_what_moves_it(reader: Client, writer: Client, ref: str) -> None:
    writer.branch("support/refund", "tone")
    if ref == "v1":  # a name that is not there yet is not remembered as missing
        with pytest.raises(NotFound):
            reader.get("support/refund@v1")
        prompt_id = writer.prompt_id("support/refund")
        body = {"name": "v1", "version": "latest"}
        writer.source.request("POST", f"prompts/{prompt_id}/version-tags", body=body)
        assert reader.get("support/refund@v1").text == TEXT
        return
    reader.get(f"support/refund@{ref}")
    live(reader)
    saved = writer.save("support/refund", SECOND, branch="tone" if ref == "tone" else "main")
    if ref == "production":
        writer.promote("support/refund", "production")
    until(lambda: reader.get(f"support/refund@{ref}").sha == saved.sha)


def test_ones_own_change_is_seen_by_the_very_next_read(reader: Client) -> None:
    live(reader)
    for number in range(10):
        saved = reader.save("support/refund", f"{TEXT}{number}\n")
        assert reader.get("support/refund").sha == saved.sha
        reader.promote("support/refund", "production")
        assert reader.get("support/refund@production").sha == saved.sha


def test_what_is_asked_by_post_forgets_nothing_and_every_change_does(reader: Client) -> None:
    """The table of routes says which are reads."""
    forgets = []
    assert reader._cache is not None
    reader._cache.forget = forgets.append  # type: ignore[method-assign]
    for route in TABLE:
        path = re.sub(r"\{\w+\}", "12345678-1234-1234-1234-123456789abc", route.path)
        if route.method != "GET" and path.partition("/")[0] in ("prompts", "import"):
            before = len(forgets)
            reader._changed(path)
            # endpoints go around operations that write; what a dry run writes is taken back
            changes = getattr(route.run, "writes", True) and not getattr(route.run, "dry", False)
            assert (len(forgets) > before) == changes, (route.method, route.path)


class Held(HttpSource):
    """A real source, one answer of which comes late."""

    def __init__(self, url: str) -> None:
        super().__init__(url, TOKEN)
        self.hold, self.held, self.release = threading.Event(), threading.Event(), threading.Event()

    def request(self, method, path, **kwargs):  # type: ignore[no-untyped-def]
        answer = super().request(method, path, **kwargs)
        if path == "resolve" and self.hold.is_set():
            self.hold.clear()
            self.held.set()
            assert self.release.wait(10)
        return answer


@pytest.mark.parametrize("push", [True, False])
def test_an_answer_from_before_ones_own_change_that_comes_late_is_not_served(
    server: Headless, writer: Client, push: bool
) -> None:
    source = Held(server.url)
    with (
        Client(source=source, cache=CachePolicy(refresh_after=3600, max_stale=7200, push=push)) as reader,
        ThreadPoolExecutor(1) as other,
    ):
        source.hold.set()
        slow = other.submit(reader.get, "support/refund")
        assert source.held.wait(10)
        reader.save("support/refund", SECOND)
        assert reader.get("support/refund").text == SECOND
        source.release.set()
        assert slow.result(10).text == TEXT  # it was asked before
        assert reader.get("support/refund").text == SECOND


def test_a_sha_is_asked_for_once_whatever_happens(reader: Client, writer: Client) -> None:
    first = writer.version("support/refund")
    reference = f"support/refund@{first.sha}"
    assert reader.get(reference).sha == first.sha
    before = asked(reader)
    writer.save("support/refund", SECOND)
    assert reader.get(reference).sha == reader.version(reference).sha == first.sha
    assert asked(reader) == before
    assert not reader.cache_info().live  # nothing that moves is known: nobody listens


def test_a_killed_server_is_outlived_and_that_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with jupyter(tmp_path / "served") as server:
        policy = CachePolicy(refresh_after=0, max_stale=0, retry_after=0)
        with Client(server.url, server.token, cache=policy) as client:
            client.create("a", text=TEXT)
            client.get("a")
            server.popen.kill()
            server.popen.wait(10)
            until(lambda: not client.cache_info().live)
            with caplog.at_level(logging.WARNING, "jupyter_prompthub.client"):
                for _ in range(5):
                    assert client.get("a").text == TEXT
            assert client.cache_info().away
            assert client.cache_info().stale == 1
            said = [record.getMessage() for record in caplog.records]
            assert len(said) == 1
            assert "does not answer" in said[0]
            assert "served as they were known" in said[0]
            with pytest.raises(NotReachable):
                client.get("b")


def test_a_server_that_comes_back_on_another_port_is_found_and_followed(tmp_path: Path) -> None:
    home = Path(os.environ["PROMPTHUB_HOME"])
    with laptop(home, TOKEN) as first:
        client = Client(cache=PATIENT)
        assert "owner" in client.source.label
        client.create("a", text=TEXT)
        client.get("a")
        until(lambda: client.cache_info().live)
        old = first.url
    with client:
        until(lambda: not client.cache_info().live)
        assert client.get("a").text == TEXT
        with laptop(home, TOKEN) as second:
            assert second.url != old
            with Client(second.url, TOKEN, cache=False) as other:
                other.save("a", SECOND)
            until(lambda: client.get("a").text == SECOND, within=20)
            until(lambda: client.cache_info().live, within=20)
            assert client.me().role == "admin"


def test_what_happened_while_the_socket_was_broken_is_caught_up_with(
    reader: Client, writer: Client, server: Headless
) -> None:
    live(reader)
    follower = reader._cache._unfollow.__self__  # type: ignore[union-attr]
    for number in range(3):
        follower._socket.abort()
        saved = writer.save("support/refund", f"{TEXT}{number}\n")
        writer.promote("support/refund", "production")
        until(lambda sha=saved.sha: reader.get("support/refund@production").sha == sha)  # type: ignore[misc]
        until(lambda: reader.cache_info().live)


def test_without_push_the_known_one_is_served_at_once_and_refreshed_behind(
    server: Headless, writer: Client
) -> None:
    policy = CachePolicy(push=False, refresh_after=0, max_stale=3600)
    with Client(server.url, TOKEN, cache=policy) as client:
        assert client.get("support/refund").text == TEXT
        writer.save("support/refund", SECOND)
        assert client.get("support/refund").text == TEXT
        until(lambda: client.get("support/refund").text == SECOND)
        assert not client.cache_info().live


def test_beyond_the_hard_limit_it_asks_before_it_answers(server: Headless, writer: Client) -> None:
    policy = CachePolicy(push=False, refresh_after=0, max_stale=0)
    with Client(server.url, TOKEN, cache=policy) as client:
        client.get("support/refund")
        saved = writer.save("support/refund", SECOND)
        assert client.get("support/refund").sha == saved.sha


def test_a_ref_that_is_gone_is_not_served_any_more(reader: Client, writer: Client) -> None:
    writer.branch("support/refund", "tone")
    reader.get("support/refund@tone")
    live(reader)
    prompt_id = writer.prompt_id("support/refund")
    writer.source.request("DELETE", f"prompts/{prompt_id}/branches/tone")

    def gone() -> bool:
        try:
            reader.get("support/refund@tone")
        except NotFound:
            return True
        return False

    until(gone)


def test_many_threads_ask_once_and_all_are_served(reader: Client) -> None:
    barrier = threading.Barrier(16)

    def read() -> str:
        barrier.wait()
        return reader.get("support/refund@production").sha

    with ThreadPoolExecutor(16) as threads:
        shas = {future.result() for future in [threads.submit(read) for _ in range(16)]}
    assert len(shas) == 1
    assert reader.cache_info().asked <= 2  # once, and once more when the socket came up


def test_only_so_many_are_kept_and_the_least_used_leave(server: Headless, writer: Client) -> None:
    policy = CachePolicy(size=20, push=False, refresh_after=3600)
    for number in range(30):
        writer.create(f"many/p{number}", text=TEXT)
    with Client(source=Counted(server.url, TOKEN), cache=policy) as client:
        for number in range(30):
            client.get(f"many/p{number}")
            client.get("many/p0")
        assert client.cache_info().size <= 20
        before = asked(client)
        client.get("many/p0")
        assert asked(client) == before
        client.get("many/p1")
        assert asked(client) == before + 1


def test_without_a_cache_every_read_asks(server: Headless, writer: Client) -> None:
    with Client(source=Counted(server.url, TOKEN), cache=False) as client:
        for _ in range(3):
            client.get("support/refund")
        assert asked(client) == 3
        assert client.cache_info().size == 0


def test_rendering_a_known_version_asks_nobody(reader: Client, writer: Client) -> None:
    writer.create("style", content="Be brief.")
    writer.create("styled", text="---\nmodel: fake/parrot\n---\n{{> style}} Answer {{q}}\n")
    first = reader.render("styled", q="me")
    live(reader)
    before = asked(reader)
    assert reader.render("styled", q="me") == first
    assert asked(reader) == before


def test_the_store_in_this_process_tells_of_changes_too(hub: Client) -> None:
    hub.create("a", text=TEXT)
    assert hub.get("a").text == TEXT
    assert hub.cache_info().live
    with Client() as other:  # forwards to us
        other.save("a", SECOND)
        until(lambda: hub.get("a").text == SECOND)


def test_a_server_that_forwards_to_the_owner_tells_of_its_changes_too(
    server: Headless, writer: Client, tmp_path: Path
) -> None:
    with laptop(tmp_path / "home", TOKEN) as second, Client(second.url, TOKEN, cache=PATIENT) as client:
        live(client)
        saved = writer.save("support/refund", SECOND)
        writer.promote("support/refund", "production")
        until(lambda: client.get("support/refund@production").sha == saved.sha)


def test_a_person_with_an_account_is_told_and_a_revoked_one_is_not_served(tmp_path: Path) -> None:
    with headless(tmp_path / "accounts") as server:
        admin = server.register()
        made = admin.post("auth/api-keys", {"name": "reader"}).json()
        with (
            Client(server.url, admin.token, cache=False) as writer,
            Client(server.url, made["key"], cache=PATIENT) as client,
        ):
            writer.create("a", text=TEXT)
            client.get("a")
            until(lambda: client.cache_info().live and not client.cache_info().stale)
            saved = writer.save("a", SECOND)
            until(lambda: client.get("a").sha == saved.sha)
            admin.ask("DELETE", f"auth/api-keys/{made['id']}")
            writer.save("a", TEXT + "More.\n")

            def refused() -> bool:
                try:
                    client.get("a")
                except Unauthenticated:
                    return True
                return False

            until(refused)


FORKED = """
import os, sys, warnings
warnings.simplefilter("ignore")
from jupyter_prompthub import Client
hub = Client(sys.argv[1], sys.argv[2])
hub.get("support/refund")
while not hub.cache_info().live: pass
child = os.fork()
if child == 0:
    code = 1
    try:
        assert not hub.cache_info().live
        assert hub.get("support/refund").sha == sys.argv[3]
        assert hub.get("support/refund@production").sha == sys.argv[3]
        while not hub.cache_info().live: pass
        code = 0
    finally:
        os._exit(code)
assert os.waitpid(child, 0)[1] == 0
assert hub.cache_info().live
assert hub.me().role == "admin"
hub.close()
print("both")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_reads_on_and_follows_by_itself(server: Headless, writer: Client) -> None:
    sha = writer.version("support/refund").sha
    command = [sys.executable, "-c", FORKED, server.url, TOKEN, sha]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "both", done.stderr


def dropped(server: Headless) -> threading.Thread:
    """The thread of a client that nobody has any more."""
    client = Client(server.url, TOKEN, cache=PATIENT)
    live(client)
    thread: threading.Thread = client._cache._unfollow.__self__._thread  # type: ignore[union-attr]
    client.source.close()
    return thread


def test_a_client_that_is_dropped_without_closing_leaves_no_thread(server: Headless, writer: Client) -> None:
    thread = dropped(server)
    gc.collect()
    writer.save("support/refund", SECOND)  # the next word wakes the thread: nobody is there
    until(lambda: not thread.is_alive())
