"""Two Labs of one person share a store: one owns it, the other forwards to it, and takes over when it is gone."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import People
from tests.e2e.desk import Desk, until
from tests.e2e.lab import Lab, chromium, running_lab
from tests.support.counts import SEED, times

TEXT = '{{role "system"}}\nfirst\n{{role "user"}}\nsecond\n'
LOST = r"WebSocket|net::ERR|Failed to fetch|Failed to load resource|NetworkError|Connection lost|ServerConnection|Connection failure"

TYPE = """([name, words, pause]) => {
  const { content } = window.jupyterapp.shell.currentWidget;
  const { storage } = content.model.room;
  const { editor } = content.wrapper;
  const line = editor.model.sharedModel.getSource().split('\\n').findIndex(each => each.startsWith(words));
  editor.setCursorPosition({ line, column: editor.getLine(line).length });
  const typing = (window.typing ??= { typed: [], stored: 0 });
  typing.timer = setInterval(() => {
    if (storage.state === 'stored') {
      typing.stored = typing.typed.length;
    } else if (typing.typed.length % 8 === 0 && storage.state === 'saving') {
      return; // people pause
    }
    const word = ` ${name}${typing.typed.length}`;
    editor.replaceSelection(word);
    typing.typed.push(word);
  }, pause);
}"""
"""Types numbered words at the end of a line, and notes which of them were said to be stored."""


@dataclass
class Place:
    """A Lab that is killed and started again on its port, with a page that stays open."""

    home: Path
    store: Path
    line: str
    port: int = 0
    lab: Lab | None = None
    desk: Desk | None = None
    stack: ExitStack = field(default_factory=ExitStack)
    pids: set[int] = field(default_factory=set)

    @property
    def running(self) -> Lab:
        assert self.lab is not None
        return self.lab

    @property
    def page(self) -> Desk:
        assert self.desk is not None
        return self.desk

    @property
    def text(self) -> str:
        """All of the document, also what is too far away to be rendered."""
        source = "window.jupyterapp.shell.currentWidget.context.model.sharedModel.getSource()"
        return str(self.page.page.evaluate(source))

    def start(self, *, seeded: bool = False) -> Lab:
        environment = {"PROMPTHUB_HOME": str(self.store)}
        self.lab = self.stack.enter_context(
            running_lab(self.home, environment, seeded=seeded, port=self.port)
        )
        self.port = self.lab.port
        self.pids.add(self.lab.process.pid)
        return self.lab

    def type(self, name: str) -> None:
        self.page.page.evaluate(TYPE, [name, self.line, 35])

    def stop_typing(self) -> tuple[list[str], int]:
        """All words typed until now, and how many of them were stored for sure."""
        typing = self.page.page.evaluate("(clearInterval(window.typing.timer), window.typing)")
        return typing["typed"], typing["stored"]


def owner(store: Path) -> int:
    """Who says to own the store."""
    return int(json.loads((store / "owner.json").read_text())["pid"])


@contextmanager
def never_two_owners(store: Path) -> Iterator[set[int]]:
    """Watches the lock; gives those who have held it."""
    lock = (store / "owner.lock").stat().st_ino
    done = threading.Event()
    held: set[int] = set()
    most = 0

    def watch() -> None:
        nonlocal most
        while not done.wait(0.005):
            rows = [row.split() for row in Path("/proc/locks").read_text().splitlines()]
            now = {int(row[4]) for row in rows if row[1] != "->" and row[5].endswith(f":{lock}")}
            held.update(now)
            most = max(most, len(now))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield held
    finally:
        done.set()
        watching.join()
    assert most == 1


@pytest.fixture
def places(tmp_path: Path, browser: Browser) -> Iterator[tuple[Place, Place]]:
    """Two Labs on one store, each with a page of its own; the first owns the store."""
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    store = tmp_path / "store"
    made = tuple(Place(tmp_path / name, store, line) for name, line in (("one", "first"), ("two", "second")))
    everybody: list[People] = []
    try:
        for place in made:
            lab = place.start(seeded=place is made[0])
            if place is made[0]:
                lab.call("POST", "prompts", {"name": "shared", "text": TEXT, "commit_message": "First"})
            people = People(browser, lab)
            people.allow(LOST)
            everybody.append(people)
            place.desk = people()
            place.desk.open("shared")
        yield made[0], made[1]
        for people in everybody:
            assert people.unexpected() == []
    finally:
        for people in everybody:
            people.leave(clean=True)
        for place in made:
            place.stack.close()


def expected(places: tuple[Place, Place]) -> tuple[str, list[tuple[list[str], int]]]:
    typed = [place.stop_typing() for place in places]
    text = TEXT
    for place, (words, _) in zip(places, typed, strict=True):
        text = text.replace(f"{place.line}\n", f"{place.line}{''.join(words)}\n")
    return text, typed


def all_show(places: tuple[Place, Place], text: str) -> bool:
    """Whether both documents have this text; the error says what is missing, doubled or foreign in which."""
    wrong = []
    wanted = Counter(text.split())
    for place in places:
        if (shown := place.text) != text:
            has = Counter(shown.split())
            missing, more = sorted(wanted - has), sorted(has - wanted)
            state = place.page.prompt.state.inner_text()
            wrong.append(
                f"the page of the Lab that types after {place.line!r} ({state!r}): "
                f"missing {missing[:9]} ({len(missing)}), too often or not typed {more[:9]} ({len(more)})"
                + ("" if missing or more else f"; all words, in another order: {shown!r}")
            )
    assert wrong == [], "\n".join(wrong)
    return True


@pytest.mark.timeout(1800)
@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="looks into Linux's table of locks")
def test_the_owner_is_killed_while_people_type_and_the_other_lab_takes_over(
    places: tuple[Place, Place],
) -> None:
    store = places[0].store
    chance = random.Random(SEED)
    prompt_id = places[0].running.call("GET", "prompts?search=shared")["items"][0]["id"]
    acknowledged = 0
    assert owner(store) == places[0].running.process.pid
    with never_two_owners(store) as held:
        for turn in range(times(1)):
            gone, stays = places if turn % 2 == 0 else places[::-1]
            assert owner(store) == gone.running.process.pid
            for place, name in zip(places, "ab", strict=True):
                place.type(f"{name}{turn}x")
            stays.page.page.wait_for_timeout(chance.uniform(300, 2500))
            gone.running.kill()
            # the page of the other Lab connects again by itself, and stores
            before = stays.page.page.evaluate("window.typing.typed.length")
            until(
                lambda stays=stays, before=before: stays.page.page.evaluate("window.typing.stored") > before,  # type: ignore[misc]
                page=stays.page.page,
            )
            assert owner(store) == stays.running.process.pid
            expect(gone.page.prompt.state).to_contain_text("offline")
            text, typed = expected(places)
            # what one of them was told to be stored is there, whoever owned the store then
            now = stays.running.call("GET", f"prompts/{prompt_id}/drafts/main")["text"]
            for place, (words, stored) in zip(places, typed, strict=True):
                assert f"{place.line}{''.join(words[:stored])}" in now
                acknowledged += stored
            # the first Lab comes back, and forwards
            gone.start()
            until(
                lambda text=text: all_show(places, text),  # type: ignore[misc]
                page=stays.page.page,
                seconds=30,
            )
            for place in places:
                place.page.prompt.stored()
                held_by = place.running.call("GET", f"prompts/{prompt_id}/drafts/main")
                assert held_by["text"] == text
            assert owner(store) == stays.running.process.pid
    assert held <= places[0].pids | places[1].pids
    assert acknowledged > 0


def test_an_owner_that_is_stopped_keeps_the_store_and_goes_on(places: tuple[Place, Place]) -> None:
    """SIGSTOP: it holds the lock, so nobody takes over; the other says offline, and is merged later."""
    first, second = places
    ben = second.page
    ben.prompt.type_after("second", " before")
    ben.prompt.stored()
    os.kill(first.running.process.pid, signal.SIGSTOP)
    try:
        ben.prompt.type_after("second before", " offline")
        expect(ben.prompt.state).to_contain_text("offline")
        expect(ben.prompt.banner).to_contain_text("kept in this tab")
        assert owner(first.store) == first.running.process.pid
    finally:
        os.kill(first.running.process.pid, signal.SIGCONT)
    text = TEXT.replace("second", "second before offline")
    ben.prompt.stored()
    until(lambda: first.page.prompt.text == ben.prompt.text == text, page=ben.page)


def test_the_command_line_saves_through_the_owner_while_two_labs_are_open(
    places: tuple[Place, Place], tmp_path: Path
) -> None:
    first, _ = places
    file = tmp_path / "shared.prompt"
    file.write_text(TEXT.replace("second", "second, by the command line"))
    command = "import sys; from jupyter_prompthub.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", command, "save", "shared", str(file), "-m", "By the command line"],
        env={**os.environ, "PROMPTHUB_HOME": str(first.store)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for place in places:
        place.page.prompt.shows("second, by the command line")
    assert owner(first.store) == first.running.process.pid
