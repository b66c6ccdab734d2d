"""API keys: shown once, checked by their checksum, never wider than their owner."""

from __future__ import annotations

from jupyter_prompthub_server.access.tokens import check_api_key, new_api_key
from sqlalchemy import select, update

from tests.support.serving import Headless


def test_a_key_works_until_it_is_revoked(server: Headless) -> None:
    person = server.register()
    made = person.post("auth/api-keys", {"name": "ci"}).json()
    robot = person.using(made["key"])
    me = robot.get("me").json()
    assert me["actor"]["id"] == person.id
    assert me["via"] == "api-key"
    listed = person.get("auth/api-keys").json()["items"]
    assert [item["last4"] for item in listed] == [made["key"][-4:]]
    assert "key" not in listed[0]
    assert listed[0]["last_used_at"] is not None
    assert person.ask("DELETE", f"auth/api-keys/{made['id']}").status_code == 204
    assert robot.get("me").status_code == 401


def test_only_a_hash_of_the_key_is_stored(server: Headless) -> None:
    from jupyter_prompthub_server.store.tables import api_key

    person = server.register()
    key = person.post("auth/api-keys", {"name": "ci"}).json()["key"]
    rows = server.do(server.runtime.read(lambda conn: conn.execute(select(api_key)).all()))
    assert key not in repr(rows)
    assert key[3:-6] not in repr(rows)


def test_a_key_is_never_wider_than_its_owner(server: Headless) -> None:
    admin = server.register()
    lead = server.member(admin, "team_lead")
    assert lead.post("auth/api-keys", {"name": "x", "role": "admin"}).status_code == 403
    narrow = lead.using(lead.post("auth/api-keys", {"name": "x", "role": "viewer"}).json()["key"])
    wide = lead.using(lead.post("auth/api-keys", {"name": "y"}).json()["key"])
    assert narrow.get("members").status_code == 403
    assert wide.get("members").status_code == 200
    admin.ask("PATCH", f"members/{lead.id}", {"role": "engineer"})
    assert wide.get("members").status_code == 403
    assert wide.get("me").json()["role"] == "engineer"
    assert narrow.get("me").json()["role"] == "viewer"


def test_a_narrow_key_cannot_make_itself_a_wider_one(server: Headless) -> None:
    admin = server.register()
    narrow = admin.using(admin.post("auth/api-keys", {"name": "x", "role": "viewer"}).json()["key"])
    made = narrow.post("auth/api-keys", {"name": "y"}).json()
    assert made["role"] == "viewer"
    assert admin.using(made["key"]).get("me").json()["role"] == "viewer"
    assert narrow.post("auth/api-keys", {"name": "z", "role": "engineer"}).status_code == 403


def test_an_expired_key_is_refused(server: Headless) -> None:
    from datetime import UTC, datetime, timedelta

    from jupyter_prompthub_server.store.tables import api_key

    person = server.register()
    made = person.post("auth/api-keys", {"name": "x", "expires_in_days": 1}).json()
    database = server.runtime.store.database
    with database.writing(person.workspace) as conn:
        past = datetime.now(UTC) - timedelta(seconds=1)
        conn.execute(update(api_key).where(api_key.c.id == made["id"]).values(expires_at=past))
        conn.commit()
    answer = person.using(made["key"]).get("me")
    assert answer.status_code == 401
    assert "expired" in answer.json()["error"]["message"]


def test_a_key_belongs_to_one_workspace_and_one_owner(server: Headless) -> None:
    mine, theirs = server.register(), server.register()
    made = mine.post("auth/api-keys", {"name": "x"}).json()
    robot = mine.using(made["key"])
    assert robot.get("me", headers={"X-PromptHub-Workspace": theirs.workspace}).status_code == 404
    assert theirs.ask("DELETE", f"auth/api-keys/{made['id']}").status_code == 404
    colleague = server.member(mine, "admin")
    assert colleague.ask("DELETE", f"auth/api-keys/{made['id']}").status_code == 404


def test_a_mistyped_key_is_told_by_its_checksum() -> None:
    key = new_api_key()
    assert check_api_key(key)
    swapped = key[:10] + ("A" if key[10] != "A" else "B") + key[11:]
    assert not check_api_key(swapped)
    assert not check_api_key(key[:-1])
