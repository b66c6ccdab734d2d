"""A viewer of a team's server reads along: a Lab that forwards to ``prompthub serve`` with its user's own key."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import People
from tests.e2e.desk import Desk
from tests.e2e.lab import chromium, running_lab
from tests.support.processes import serve
from tests.support.serving import API, PASSWORD

TEXT = '{{role "system"}}\nfirst\n{{role "user"}}\nHello {{name}}\n'


class Account:
    """Somebody with an account at ``prompthub serve``."""

    def __init__(self, url: str, name: str, **more: str) -> None:
        self.url, self.name = url, name
        body = {"email": f"{name.lower()}@example.org", "password": PASSWORD, "full_name": name, **more}
        self.token = ""
        self.token = self.call("POST", "auth/register", body)["access_token"]

    def call(self, method: str, path: str, body: object = None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = httpx.request(method, f"{self.url}{API}{path}", json=body, headers=headers, timeout=30)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def members(self) -> list[dict[str, dict[str, str]]]:
        return list(self.call("GET", "members")["items"])  # type: ignore[call-overload]

    def invited(self, name: str, role: str) -> Account:
        return Account(self.url, name, invitation=self.call("POST", "invitations", {"role": role})["token"])


@pytest.fixture
def team(tmp_path: Path, browser: Browser) -> Iterator[tuple[Account, Desk, Desk]]:
    """The admin, and the desks of an engineer and of a viewer."""
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    with ExitStack() as stack:
        server = stack.enter_context(serve(tmp_path / "serve"))
        admin = Account(server.url, "Ada", organization="Team")
        admin.call("POST", "prompts", {"name": "shared", "text": TEXT, "commit_message": "First"})
        desks: list[Desk] = []
        everybody: list[People] = []
        for name, role in (("Ben", "engineer"), ("Vera", "viewer")):
            key = admin.invited(name, role).call("POST", "auth/api-keys", {"name": "lab"})
            home = tmp_path / name
            store = home / "prompthub"
            store.mkdir(parents=True)
            stack.enter_context(FileLock(store / "owner.lock"))
            record = {"pid": os.getpid(), "host": socket.gethostname()}
            record |= {"address": server.url, "token": key["key"]}
            (store / "owner.json").write_text(json.dumps(record))
            lab = stack.enter_context(running_lab(home, seeded=False))
            people = People(browser, lab)
            everybody.append(people)
            desks.append(people())
        yield admin, desks[0], desks[1]
        for people in everybody:
            people.leave(clean=True)
            assert people.unexpected() == []


def test_a_viewer_reads_along_follows_and_changes_nothing(team: tuple[Account, Desk, Desk]) -> None:
    _, ben, vera = team
    one, two = ben.open("shared"), vera.open("shared")
    expect(two.state).to_contain_text("read only")
    expect(one.state).not_to_contain_text("read only")
    expect(two.save_button).to_be_disabled()
    expect(two.run_button).to_be_disabled()
    expect(two.node.locator(".jp-PromptHub-runbar")).to_contain_text("Your role may not run prompts.")

    # each knows the other by name, and sees where they are
    for prompt, name in ((one, "Vera"), (two, "Ben")):
        expect(prompt.others.get_by_role("button", name=f"Follow {name}")).to_be_visible()
    two.line("Hello").click()
    expect(one.node.locator(".jp-remote-cursor").first).to_be_attached()
    expect(one.others.get_by_role("button", name="Follow Vera, line 4")).to_be_visible()

    # what is typed does not get into the text, by keys or otherwise
    vera.page.keyboard.type("not mine")
    vera.page.keyboard.press("Control+Shift+K")
    assert two.text == TEXT
    one.type_after("first", " by Ben")
    two.shows("first by Ben")
    assert two.text == one.text == TEXT.replace("first", "first by Ben")

    # following works for readers too
    one.line("Hello").click()
    ben.page.keyboard.press("End")
    ben.page.keyboard.insert_text("\n" + "".join(f"row {number}\n" for number in range(200)))
    one.stored()
    expect(two.line("row 199")).to_have_count(0)
    two.others.get_by_role("button", name="Follow Ben").click()
    expect(two.line("row 199")).to_be_in_viewport()
    vera.page.keyboard.press("Escape")
    expect(two.following).to_be_hidden()
    for prompt in (one, two):
        prompt.node.locator(".jp-PromptHub-source .cm-scroller").evaluate("node => node.scrollTo(0, 0)")

    # a page that sends an edit all the same (as one does that has typed when its role is taken away): the server drops
    # it, and says so
    vera.page.evaluate(
        "window.jupyterapp.shell.currentWidget.context.model.sharedModel.updateSource(0, 0, 'forged ')"
    )
    expect(two.banner).to_contain_text("what you typed last is not stored")
    expect(two.banner.get_by_role("button", name="Copy my text")).to_be_visible()
    one.type_after("first by Ben", ", again")
    one.stored()
    assert "forged" not in one.text
    two.banner.get_by_role("button", name="Open again").click()
    two.shows("first by Ben, again")
    expect(two.state).to_contain_text("read only")
    assert "forged" not in two.text


def test_a_role_that_is_changed_holds_at_once_for_what_is_open(team: tuple[Account, Desk, Desk]) -> None:
    admin, ben, vera = team
    members = {each["actor"]["display_name"]: each["actor"]["id"] for each in admin.members()}
    one, two = ben.open("shared"), vera.open("shared")
    two.node.get_by_role("tab", name="Settings").click()
    model = two.node.get_by_label("model", exact=True)
    expect(model).to_be_disabled()

    # a viewer becomes an engineer: the open editor takes what is typed
    admin.call("PATCH", f"members/{members['Vera']}", {"role": "engineer"})
    vera.toast("You can change prompts now, also those that are open.")
    expect(two.state).not_to_contain_text("read only")
    expect(model).to_be_enabled()
    two.type_after("first", " by Vera")
    two.stored()
    expect(two.save_button).to_be_enabled()
    one.shows("first by Vera")

    # and an engineer a viewer
    admin.call("PATCH", f"members/{members['Ben']}", {"role": "viewer"})
    ben.toast("what is open is read only now")
    expect(one.state).to_contain_text("read only")
    expect(one.save_button).to_be_disabled()
    expect(one.run_button).to_be_disabled()
    one.line("Hello").click()
    ben.page.keyboard.type("not mine")
    two.type_after("first by Vera", ", again")
    one.shows("first by Vera, again")
    assert one.text == TEXT.replace("first", "first by Vera, again")
