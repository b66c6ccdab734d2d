"""Registering, signing in, refreshing, signing out: over real HTTP, on both databases."""

from __future__ import annotations

import concurrent.futures

from sqlalchemy import select

from tests.support.serving import PASSWORD, Headless


def _tags(server: Headless) -> list[str]:
    from jupyter_prompthub_server.store.tables import audit_entry

    def read(conn):
        return [row.tag for row in conn.execute(select(audit_entry.c.tag).order_by(audit_entry.c.id))]

    return server.do(server.runtime.read(read))


def test_a_registration_makes_an_organization_with_its_admin(server: Headless) -> None:
    answer = server.stranger().post(
        "auth/register",
        {
            "email": "Ada@Example.org",
            "password": PASSWORD,
            "full_name": "Ada",
            "organization": "Müller & Söhne",
        },
    )
    assert answer.status_code == 201
    body = answer.json()
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 1800
    assert body["user"]["role"] == "admin"
    assert body["user"]["email"] == "ada@example.org"
    assert body["user"]["workspace"]["name"] == "muller-sohne"
    me = server.signed_in(body).get("me").json()
    assert me["actor"]["display_name"] == "Ada"
    assert me["mode"] == "http"


def test_an_organization_that_exists_is_joined_by_invitation_only(server: Headless) -> None:
    admin = server.register("Acme")
    again = server.stranger().post(
        "auth/register",
        {"email": "b@example.org", "password": PASSWORD, "full_name": "B", "organization": "ACME"},
    )
    assert again.status_code == 409
    assert "invitation" in again.json()["error"]["message"]
    invited = server.member(admin, "engineer")
    assert invited.role == "engineer"
    assert invited.workspace == admin.workspace


def test_an_invitation_works_once_and_for_its_address_only(server: Headless) -> None:
    admin = server.register()
    token = admin.post("invitations", {"role": "viewer", "email": "only@example.org"}).json()["token"]
    body = {"email": "other@example.org", "password": PASSWORD, "full_name": "X", "invitation": token}
    assert server.stranger().post("auth/register", body).status_code == 400
    body["email"] = "only@example.org"
    assert server.stranger().post("auth/register", body).status_code == 201
    body["email"] = "late@example.org"
    assert server.stranger().post("auth/register", body).status_code == 400


def test_an_address_has_one_account(server: Headless) -> None:
    person = server.register()
    body = {"email": person.email.upper(), "password": PASSWORD, "full_name": "X", "organization": "Other"}
    assert server.stranger().post("auth/register", body).status_code == 409


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer_and_are_audited(
    server: Headless,
) -> None:
    person = server.register()
    wrong = server.stranger().post("auth/login", {"email": person.email, "password": "not this one"})
    nobody = server.stranger().post("auth/login", {"email": "no@example.org", "password": "not this one"})
    assert (wrong.status_code, nobody.status_code) == (401, 401)
    assert wrong.json()["error"]["message"] == nobody.json()["error"]["message"]
    assert _tags(server).count("session.denied") == 2
    right = server.stranger().post("auth/login", {"email": person.email, "password": PASSWORD})
    assert right.status_code == 200
    assert right.json()["user"]["id"] == person.id


def test_guessing_is_slowed_down(server: Headless) -> None:
    person = server.register()
    codes = [
        server.stranger().post("auth/login", {"email": person.email, "password": f"guess {n}"}).status_code
        for n in range(11)
    ]
    assert codes == [401] * 10 + [429]
    refused = server.stranger().post("auth/login", {"email": person.email, "password": PASSWORD})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_refreshing_rotates_and_a_used_refresh_token_ends_the_whole_session(server: Headless) -> None:
    person = server.register()
    second = server.stranger().post("auth/refresh", {"refresh_token": person.refresh_token}).json()
    third = server.stranger().post("auth/refresh", {"refresh_token": second["refresh_token"]}).json()
    current = server.signed_in(third)
    assert current.get("me").status_code == 200
    stolen = server.stranger().post("auth/refresh", {"refresh_token": second["refresh_token"]})
    assert stolen.status_code == 401
    assert "session.reuse_detected" in _tags(server)
    assert current.get("me").status_code == 401
    assert server.stranger().post("auth/refresh", {"refresh_token": current.refresh_token}).status_code == 401


def test_of_many_refreshes_at_once_with_one_token_at_most_one_succeeds(server: Headless) -> None:
    person = server.register()
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        codes = list(
            threads.map(
                lambda _: (
                    server.stranger()
                    .post("auth/refresh", {"refresh_token": person.refresh_token})
                    .status_code
                ),
                range(8),
            )
        )
    assert codes.count(200) <= 1
    assert set(codes) <= {200, 401}


def test_signing_out_ends_access_and_refresh_tokens_at_once(server: Headless) -> None:
    person = server.register()
    assert person.get("me").status_code == 200
    assert person.post("auth/logout").status_code == 204
    assert person.get("me").status_code == 401
    assert server.stranger().post("auth/refresh", {"refresh_token": person.refresh_token}).status_code == 401
    assert "session.logout" in _tags(server)


def test_a_stale_token_does_not_stop_a_sign_in(server: Headless) -> None:
    person = server.register()
    person.token = "eyJhbGciOiJIUzI1NiJ9.e30.AAAA"
    assert person.get("me").status_code == 401
    answer = person.post("auth/login", {"email": person.email, "password": PASSWORD})
    assert answer.status_code == 200


def test_a_disabled_member_is_out_at_once_and_the_last_admin_cannot_go(server: Headless) -> None:
    admin = server.register()
    engineer = server.member(admin, "engineer")
    assert engineer.get("me").status_code == 200
    assert admin.ask("PATCH", f"members/{engineer.id}", {"disabled": True}).status_code == 200
    assert engineer.get("me").status_code == 401
    login = server.stranger().post("auth/login", {"email": engineer.email, "password": PASSWORD})
    assert login.status_code == 401
    alone = admin.ask("PATCH", f"members/{admin.id}", {"role": "viewer"})
    assert alone.status_code == 409
    assert "last admin" in alone.json()["error"]["message"]


def test_a_changed_role_counts_from_the_next_request_on(server: Headless) -> None:
    admin = server.register()
    viewer = server.member(admin, "viewer")
    assert viewer.get("members").status_code == 403
    assert admin.ask("PATCH", f"members/{viewer.id}", {"role": "team_lead"}).status_code == 200
    assert viewer.get("members").status_code == 200
    assert viewer.get("me").json()["role"] == "team_lead"


def test_another_workspace_is_not_there_for_who_is_not_a_member(server: Headless) -> None:
    mine, theirs = server.register(), server.register()
    named = mine.get("me", headers={"X-PromptHub-Workspace": theirs.workspace})
    missing = mine.get("me", headers={"X-PromptHub-Workspace": "00000000-0000-7000-8000-000000000000"})
    assert (named.status_code, missing.status_code) == (404, 404)
    assert mine.get("me", params={"workspace": mine.workspace}).status_code == 200
