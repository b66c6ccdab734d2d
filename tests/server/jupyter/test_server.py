"""Inside a Jupyter server: its authentication, its authorizer, its base URL, its XSRF check."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jupyter_server.auth.authorizer import Authorizer
from tornado.httpclient import HTTPClientError

API = ("prompthub", "api", "v1")


@pytest.fixture
def jp_server_config() -> dict[str, Any]:
    return {
        "ServerApp": {
            "jpserver_extensions": {"jupyter_prompthub_server": True},
            "allow_unauthenticated_access": False,
        }
    }


@pytest.fixture
def fetch(jp_fetch: Any) -> Any:
    """``status, body = await fetch("GET", "me")``."""

    async def ask(method: str, *path: str, body: Any = None, **kwargs: Any) -> tuple[int, Any]:
        text = None if body is None else json.dumps(body)
        if text is None and method in ("POST", "PUT", "PATCH"):
            text = ""
        headers = {"Content-Type": "application/json", **kwargs.pop("headers", {})}
        try:
            answer = await jp_fetch(*API, *path, method=method, body=text, headers=headers, **kwargs)
        except HTTPClientError as error:
            assert error.response is not None
            answer = error.response
        return answer.code, json.loads(answer.body) if answer.body else None

    return ask


async def test_whoever_the_server_lets_in_is_the_local_admin(fetch: Any) -> None:
    status, me = await fetch("GET", "me")
    assert status == 200
    assert (me["mode"], me["via"], me["role"], me["workspace"]["name"]) == (
        "laptop",
        "jupyter",
        "admin",
        "local",
    )


async def test_strangers_get_401_in_json_except_for_live_and_ready(fetch: Any) -> None:
    wrong = {"Authorization": "token wrong"}
    for path in ("me", "openapi.json", "health", "metrics", "events", "nothing"):
        status, body = await fetch("GET", path, headers=wrong)
        assert status == 401, path
        assert body["error"]["code"] == "unauthenticated"
    for path in ("live", "ready"):
        status, body = await fetch("GET", "health", path, headers=wrong)
        assert (status, body) == (200, {"status": "ok", "version": "", "components": {}})


async def test_the_servers_authorizer_is_asked(fetch: Any, jp_serverapp: Any) -> None:
    asked = []

    class ReadOnly(Authorizer):
        def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
            asked.append((action, resource))
            return action == "read"

    jp_serverapp.web_app.settings["authorizer"] = ReadOnly(parent=jp_serverapp)
    assert (await fetch("GET", "me"))[0] == 200
    status, body = await fetch("POST", "auth", "api-keys", body={"name": "a"})
    assert status == 403
    assert body["error"]["code"] == "forbidden"
    assert asked == [("read", "prompthub"), ("write", "prompthub")]


async def test_a_cookie_alone_cannot_change_anything(fetch: Any, jp_serverapp: Any, jp_base_url: str) -> None:
    from tornado.httpclient import AsyncHTTPClient, HTTPRequest

    url = f"http://127.0.0.1:{jp_serverapp.port}{jp_base_url}prompthub/api/v1/"
    token = jp_serverapp.identity_provider.token
    client = AsyncHTTPClient()
    signed_in = await client.fetch(HTTPRequest(url + f"me?token={token}"))
    cookie = "; ".join(item.split(";")[0] for item in signed_in.headers.get_list("Set-Cookie"))
    assert (await client.fetch(HTTPRequest(url + "me", headers={"Cookie": cookie}))).code == 200
    forged = HTTPRequest(
        url + "auth/api-keys",
        method="POST",
        body='{"name": "forged"}',
        headers={"Cookie": cookie, "Content-Type": "application/json"},
    )
    refused = await client.fetch(forged, raise_error=False)
    assert refused.code == 403
    assert json.loads(refused.body)["error"]["code"] == "forbidden"
    assert (await fetch("GET", "auth", "api-keys"))[1]["items"] == []


async def test_there_are_no_accounts_on_a_laptop_and_the_answer_says_so(fetch: Any) -> None:
    status, body = await fetch("POST", "auth", "login", body={"email": "a@b.co", "password": "0123456789"})
    assert status == 404
    assert "Jupyter" in body["error"]["message"]


async def test_errors_are_ours_below_our_address(fetch: Any) -> None:
    assert (await fetch("GET", "nothing"))[1]["error"]["code"] == "not_found"
    assert (await fetch("DELETE", "me"))[1]["error"]["code"] == "method_not_allowed"


async def test_the_openapi_description_is_served(fetch: Any) -> None:
    status, body = await fetch("GET", "openapi.json")
    assert status == 200
    assert body["openapi"] == "3.1.0"


async def test_a_store_that_is_newer_than_the_program_leaves_the_server_running(
    fetch: Any, jp_serverapp: Any
) -> None:
    import sqlite3

    app = next(iter(jp_serverapp.extension_manager.extension_apps["jupyter_prompthub_server"]))
    assert (await fetch("GET", "me"))[0] == 200
    await app.runtime.close()
    with sqlite3.connect(app.runtime.settings.home / "prompthub.db") as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    conn.close()
    app.runtime._closed = False
    status, body = await fetch("GET", "me")
    assert status == 503
    assert body["error"]["code"] == "store_unavailable"
    assert "newer" in body["error"]["message"]
    assert (await fetch("GET", "health", "live"))[0] == 200
