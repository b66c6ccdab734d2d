"""What every request goes through: shapes, bounds, errors."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from tests.support.serving import API, Headless

BAD_BODIES = {
    "not JSON": b"{nope",
    "a duplicate key": b'{"name": "a", "name": "b"}',
    "NaN": b'{"name": "a", "expires_in_days": NaN}',
    "a NUL": b'{"name": "a\\u0000b"}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "not UTF-8": b'{"name": "\xff"}',
    "65 levels": b'{"name": ' + b"[" * 65 + b"]" * 65 + b"}",
    "a list": b"[]",
    "an unknown field": b'{"name": "a", "role_": "admin"}',
    "a wrong type": b'{"name": 7}',
    "a missing field": b"{}",
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_malformed_body_is_refused_in_plain_words(server: Headless, body: bytes) -> None:
    person = server.register()
    answer = person.ask("POST", "auth/api-keys", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == "invalid_input"
    assert len(error["trace_id"]) == 32
    assert "Traceback" not in answer.text
    assert person.get("auth/api-keys").json()["items"] == []


def test_what_is_wrong_in_an_import_is_said_with_the_prompts_name(server: Headless) -> None:
    person = server.register()
    items = [
        {"name": "fine", "versions": [{"text": "One\n"}]},
        {
            "name": "support/refund",
            "versions": [{"text": "One\n"}, {"text": 7}],
            "tags": ["no tag"],
            "extra": 1,
        },
    ]
    answer = person.post("import", {"items": items})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["message"] == (
        "the body does not fit: support/refund, tag 1: is not spelled as it has to be: a letter, a digit or _ first, "
        "then also . : / -, 64 at most; support/refund, version 2, text: expected text, got a number; "
        "support/refund, extra: is not a field of this request"
    )
    assert error["details"]["fields"][1]["path"] == "items.1.versions.1.text"


def test_a_body_that_is_not_json_by_its_header_is_refused(server: Headless) -> None:
    person = server.register()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"):
        answer = person.ask("POST", "auth/api-keys", content=b'{"name": "a"}', headers={"Content-Type": kind})
        assert answer.status_code == 415, kind


def test_a_body_over_one_mebibyte_is_refused(server: Headless) -> None:
    person = server.register()
    body = b'{"name": "' + b"x" * (1024 * 1024) + b'"}'
    json_type = {"Content-Type": "application/json"}
    answer = person.ask("POST", "auth/api-keys", content=body, headers=json_type)
    assert answer.status_code == 413
    chunked = person.ask(
        "POST",
        "auth/api-keys",
        content=(body[i : i + 65536] for i in range(0, len(body), 65536)),
        headers=json_type,
    )
    assert chunked.status_code == 413


def test_a_huge_body_is_refused_before_it_was_sent(server: Headless) -> None:
    person = server.register()
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as conn:
        conn.sendall(
            f"POST /{API}auth/api-keys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {person.token}\r\n"
            "Content-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{".encode()
        )
        assert conn.recv(65536).startswith(b"HTTP/1.1 413")


def test_unknown_and_repeated_query_arguments_are_refused_but_not_the_timestamp_of_jupyterlab(
    server: Headless,
) -> None:
    person = server.register()
    assert person.get("audit?1764000000000").status_code == 200
    assert person.get("audit?limit=1&1764000000000").status_code == 200
    assert person.get("audit?limitt=1").status_code == 400
    assert person.get("audit?limit=1&limit=2").status_code == 400
    assert person.get("audit?limit=0").status_code == 400
    assert person.get("me?x=1").status_code == 400


def test_errors_of_addresses_and_verbs_are_json(server: Headless) -> None:
    person = server.register()
    for method, path, status in [
        ("GET", "nothing/here", 404),
        ("DELETE", "me", 405),
        ("GET", "members/%FF", 405),
        ("PATCH", "members/%FF", 400),
        ("PATCH", "members/%00", 400),
    ]:
        answer = person.ask(method, path, {} if method == "PATCH" else None)
        assert answer.status_code == status, path
        assert set(answer.json()["error"]) == {"code", "message", "details", "trace_id"}
    assert person.ask("DELETE", "me").headers["Allow"] == "GET"
    assert server.client.get(server.url + "favicon.ico").json()["error"]["code"] == "not_found"
    assert server.client.request("BREW", server.url + API + "me").status_code == 405


def test_a_stranger_does_not_learn_which_addresses_exist(server: Headless) -> None:
    stranger = server.stranger()
    texts = {stranger.get(path).json()["error"]["message"] for path in ("me", "members", "nothing/here")}
    assert len(texts) == 1
    assert stranger.get("nothing/here").status_code == 401


def test_a_change_leaves_a_receipt_and_a_repeated_key_gets_the_same_answer(server: Headless) -> None:
    person = server.register()
    headers = {"Idempotency-Key": "abc"}
    first = person.post("auth/api-keys", {"name": "a"}, headers=headers)
    again = person.post("auth/api-keys", {"name": "a"}, headers=headers)
    other = person.post("auth/api-keys", {"name": "b"}, headers=headers)
    entry, leaf = first.headers["X-PromptHub-Receipt"].split(";")
    assert len(leaf) == 64
    assert again.json() == first.json()
    assert again.headers["X-PromptHub-Receipt"] == f"{entry};{leaf}"
    assert again.headers["X-PromptHub-Replayed"] == "true"
    assert other.status_code == 422
    assert len(person.get("auth/api-keys").json()["items"]) == 1
    entries = {item["id"]: item["leaf_hash"] for item in person.get("audit").json()["items"]}
    assert entries[entry] == leaf


def test_an_idempotency_key_is_bounded(server: Headless) -> None:
    person = server.register()
    answer = person.post("auth/api-keys", {"name": "a"}, headers={"Idempotency-Key": "k" * 201})
    assert answer.status_code == 400


def test_denials_are_audited(server: Headless) -> None:
    admin = server.register()
    viewer = server.member(admin, "viewer")
    assert viewer.get("members").status_code == 403
    entries = admin.get("audit").json()["items"]
    assert [item["actor_id"] for item in entries if item["tag"] == "access.denied"] == [viewer.id]
