"""Health, readiness and metrics of the headless server."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.support.serving import API, Headless, headless


def test_live_and_ready_answer_strangers_without_details(server: Headless) -> None:
    for root in ("", API):
        for name in ("health/live", "health/ready"):
            answer = server.client.get(server.url + root + name)
            assert answer.json() == {"status": "ok", "version": "", "components": {}}


def test_health_says_how_the_parts_are(server: Headless) -> None:
    person = server.register()
    body = person.get("health").json()
    assert set(body["components"]) == {"database", "providers", "disk", "memory"}
    assert body["components"]["database"]["status"] == "ok"
    assert body["version"]
    assert server.client.get(server.url + "health").json()["components"]["database"]["status"] == "ok"


@pytest.mark.parametrize("path", ["health", "metrics"])
def test_details_are_for_this_machine_or_somebody_known(server: Headless, path: str) -> None:
    assert server.client.get(server.url + path).status_code == 200
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    assert server.client.get(server.url + path, headers=forwarded).status_code == 401
    person = server.register()
    known = {**forwarded, "Authorization": f"Bearer {person.token}"}
    assert server.client.get(server.url + path, headers=known).status_code == 200


def test_a_scraper_may_have_a_token_of_its_own(home: Path) -> None:
    with headless(home, metrics_token="scrape-me-please") as server:
        headers = {"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer scrape-me-please"}
        assert server.client.get(server.url + "metrics", headers=headers).status_code == 200
        headers["Authorization"] = "Bearer something-else"
        assert server.client.get(server.url + "metrics", headers=headers).status_code == 401


def test_metrics_name_routes_and_never_what_a_client_wrote(server: Headless) -> None:
    person = server.register()
    person.get("me")
    person.get("nothing/secret-name")
    text = httpx.get(server.url + "metrics", trust_env=False).text
    assert 'prompthub_http_requests_total{method="GET",route="me",status="200"} 1.0' in text
    assert 'route="unknown",status="404"' in text
    assert "secret-name" not in text


def test_a_store_that_cannot_be_opened_is_503_everywhere_and_the_server_lives(home: Path) -> None:
    (home / "prompthub.db").write_bytes(b"this is not a database, and longer than a header" * 40)
    with headless(home) as server:
        assert server.client.get(server.url + "health/live").status_code == 200
        assert server.client.get(server.url + "health/ready").status_code == 503
        answer = server.stranger().post("auth/login", {"email": "a@b.co", "password": "x"})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert answer.json()["error"]["code"] == "store_unavailable"


def test_a_second_server_on_the_same_store_stands_by_and_takes_over(home: Path) -> None:
    with headless(home) as owner, ExitStack() as stack:
        person = owner.register()
        standby = stack.enter_context(headless(home))
        assert standby.client.get(standby.url + "health/ready").status_code == 503
        refused = standby.stranger().using(person.token).get("me")
        assert refused.status_code == 503
        assert refused.json()["error"]["code"] == "store_locked"
        owner.do(owner.server.close())
        until = time.monotonic() + 10
        while standby.client.get(standby.url + "health/ready").status_code != 200:
            assert time.monotonic() < until, "the standby did not take over"
        assert standby.stranger().using(person.token).get("me").status_code == 200
