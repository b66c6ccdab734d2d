"""The connection of a draft is lost, and comes back: what was typed meanwhile is merged."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.desk import until
from tests.e2e.lab import Lab
from tests.support.counts import SEED, times
from tests.support.wire import Wire, wire

TEXT = '{{role "system"}}\nfirst\n{{role "user"}}\nsecond\n'
LOST = r"WebSocket|net::ERR|Failed to fetch|Failed to load resource|NetworkError|Connection lost|ServerConnection"


@pytest.fixture
def line(lab: Lab) -> Iterator[Wire]:
    """A network between a browser and the Lab."""
    with wire(lab.port) as proxy:
        yield proxy


@pytest.fixture
def afar(browser: Browser, lab: Lab, line: Wire) -> Iterator[People]:
    """People behind that network."""
    remote = Lab(f"http://127.0.0.1:{line.port}", lab.root, lab.log, lab.process)
    people = People(browser, remote)
    people.allow(LOST)
    yield people
    people.leave(clean=True)
    assert people.unexpected() == []


def test_a_connection_that_died_silently_is_noticed_and_both_sides_are_merged(
    person: People, afar: People, lab: Lab, line: Wire, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("silent", TEXT)
    far, near = afar(), person()
    one, two = far.open("silent"), near.open("silent")
    one.type_after("first", " before")
    one.stored()
    two.shows("first before")

    line.go_silent()
    began = time.monotonic()
    one.type_after("first before", " offline")
    expect(one.state).to_contain_text("offline")  # a ping tells, not a timer of half a minute
    assert time.monotonic() - began < 15
    expect(one.banner).to_contain_text("kept in this tab")
    two.type_after("second", " meanwhile")
    two.stored()
    assert "offline" not in two.text
    assert "meanwhile" not in one.text

    line.come_back()
    one.banner.get_by_role("button", name="Reconnect now").click()
    expected = TEXT.replace("first", "first before offline").replace("second", "second meanwhile")
    until(lambda: one.text == two.text == expected, page=far.page)
    one.stored()
    expect(one.banner).to_be_hidden()
    assert lab.call("GET", f"prompts/{prompt_id}/drafts/main")["text"] == expected
    # events come again as well
    sha = two.save("Both")
    expect(one.state).to_contain_text(sha)


def test_a_connection_that_is_cut_comes_back_by_itself(
    afar: People, lab: Lab, line: Wire, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("cut", TEXT)
    desk = afar()
    prompt = desk.open("cut")
    prompt.line("first").click()
    desk.page.keyboard.press("End")
    chance = random.Random(SEED)
    for _ in range(times(3)):
        cut = chance.randrange(10)
        for number in range(10):
            desk.page.keyboard.type(str(number))
            if number == cut:
                line.cut()
        prompt.stored()
    expected = TEXT.replace("first", "first" + "0123456789" * times(3))
    assert prompt.text == expected
    assert lab.call("GET", f"prompts/{prompt_id}/drafts/main")["text"] == expected


def test_ten_minutes_without_the_server_are_merged(
    person: People, afar: People, lab: Lab, line: Wire, new_prompt: NewPrompt
) -> None:
    """The browser's clock is put ahead, so that all its timers believe it; the room is left by everybody and
    its log compacted meanwhile."""
    prompt_id = new_prompt("minutes", TEXT)
    desk = afar(clock=True)
    prompt = desk.open("minutes")
    prompt.type_after("first", " before")
    prompt.stored()
    line.go_silent()
    prompt.type_after("first before", " offline")
    desk.page.clock.run_for("00:20")
    expect(prompt.state).to_contain_text("offline")
    near = person()
    other = near.open("minutes")
    other.type_after("second", " meanwhile")
    other.stored()
    near.page.close()
    desk.page.clock.run_for("10:00")
    expect(prompt.banner).to_contain_text(re.compile("Offline since"))
    prompt.type_after("first before offline", " long")
    assert "meanwhile" not in prompt.text

    line.come_back()
    desk.page.clock.resume()
    expected = TEXT.replace("first", "first before offline long").replace("second", "second meanwhile")
    # after ten minutes it tries again only now and then
    until(lambda: prompt.text == expected, page=desk.page, seconds=60)
    prompt.stored()
    assert lab.call("GET", f"prompts/{prompt_id}/drafts/main")["text"] == expected


def test_a_draft_that_was_made_anew_says_so_and_opens_again(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("anew", TEXT)
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "side"})
    person.allow(r"404 \(Not Found\).*/drafts/side")
    desk = person()
    desk.command("prompthub:open-prompt", promptId=prompt_id, branch="side")
    prompt = desk.prompt
    prompt.stored()
    lab.call("DELETE", f"prompts/{prompt_id}/branches/side")
    expect(prompt.state).to_contain_text("closed")
    expect(prompt.banner).to_contain_text("The branch was deleted.")
    expect(prompt.banner).to_contain_text("Everything that you typed is stored.")
    assert prompt.text == TEXT
    prompt.banner.get_by_role("button", name="Copy my text").click()
    desk.toast("in the clipboard")
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "side"})
    prompt.banner.get_by_role("button", name="Open again").click()
    expect(prompt.banner).to_be_hidden()
    prompt.stored()
    prompt.type_after("first", " again")
    prompt.stored()
    assert "first again" in lab.call("GET", f"prompts/{prompt_id}/drafts/side")["text"]
