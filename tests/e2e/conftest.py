"""End-to-end tests: a real JupyterLab with the demo prompts, a real Chromium.

The browser is the system's Chromium (or the one PROMPTHUB_TEST_CHROMIUM names); nothing is downloaded. Where
there is none, these tests are skipped. An error on the page, or in its console, fails the test; a failure leaves a
picture of every window.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.e2e.desk import Desk
from tests.e2e.lab import Lab, chromium, running_lab
from tests.e2e.seats import Seats
from tests.e2e.team import Team, running_team
from tests.support.fake_provider import FakeProvider

_SLOWER = float(os.environ.get("PROMPTHUB_TEST_SLOWER", "1"))
"""how many times slower the pages are made, to find tests that only a quick machine passes"""
_WAIT_MS = int(20_000 * _SLOWER)
_SIZE = (1280, 800)
_failed = pytest.StashKey[bool]()
_number = itertools.count(1)

NewPrompt = Callable[[str, str], str]
NewTeam = Callable[[Mapping[str, str], Mapping[str, str]], Team]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    report = yield
    item.stash[_failed] = item.stash.get(_failed, False) or report.failed
    return report


# Playwright's sync API runs an event loop of its own in this thread until it is stopped: keep pytest-jupyter's autouse
# loop fixtures out of this folder, and end Playwright with the folder.
@pytest.fixture(autouse=True)
def jp_asyncio_loop() -> Iterator[None]:
    yield None


@pytest.fixture(autouse=True)
def jp_server_cleanup() -> Iterator[None]:
    yield None


@pytest.fixture(scope="session")
def provider() -> Iterator[FakeProvider]:
    """Answers where there is no local model, and where a test needs to know the answer."""
    with FakeProvider() as running:
        yield running


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, provider: FakeProvider) -> Iterator[Lab]:
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    with running_lab(tmp_path_factory.mktemp("lab") / "home") as running:
        connection = {"name": "scripted", "provider": "openai", "base_url": provider.url}
        connection |= {"secret": "sk-12345678", "models": ["scripted-1"]}
        running.call("POST", "connections", {**connection, "allow_private_address": True})
        yield running


@pytest.fixture(scope="session")
def scripted() -> str:
    """A model whose answer is known."""
    return "scripted/scripted-1"


@pytest.fixture
def new_prompt(lab: Lab) -> NewPrompt:
    """Make a prompt with one version, as another program would; its id."""

    def make(name: str, text: str) -> str:
        body = {"name": name, "title": name.capitalize(), "text": text, "commit_message": "First"}
        return str(lab.call("POST", "prompts", body)["id"])

    return make


@pytest.fixture
def kernels(lab: Lab) -> Iterator[None]:
    """Ends the kernels that a test has started."""
    yield
    for session in lab.call_jupyter("GET", "api/sessions"):
        lab.call_jupyter("DELETE", f"api/sessions/{session['id']}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine")
    expect.set_options(timeout=_WAIT_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path or None, args=["--no-sandbox"])
        yield running
        running.close()


class People:
    """Makes windows of new, separate people, and collects what went wrong in them.

    Args:
        seats: where they sit; without it everybody gets a profile of their own.
    """

    def __init__(self, browser: Browser, lab: Lab, seats: Seats | None = None) -> None:
        self._browser = browser
        self._lab = lab
        self._seats = seats
        self._seated: list[BrowserContext] = []
        self._allowed: list[str] = []
        self.contexts: list[BrowserContext] = []
        self.pages: list[Page] = []
        self.errors: list[str] = []
        self.said: list[str] = []
        """everything that the consoles were told"""

    def allow(self, pattern: str) -> None:
        """The test brings about console errors like this."""
        self._allowed.append(pattern)

    def __call__(
        self,
        path: str = "",
        *,
        width: int = _SIZE[0],
        height: int = _SIZE[1],
        library: bool = True,
        clock: bool = False,
    ) -> Desk:
        """A window.

        Args:
            clock: its clock can be put ahead (``page.clock``).
        """
        if self._seats is None or clock:  # a clock is the whole profile's, for good
            context = new_context(self._browser)
            self.contexts.append(context)
        else:
            context = self._seats.take()
            self._seated.append(context)
        return self._desk(context, path, (width, height), library=library, clock=clock)

    def window(self, desk: Desk) -> Desk:
        """One more window of the same person."""
        return self._desk(desk.page.context, "", _SIZE, library=True, clock=False)

    def leave(self, *, clean: bool) -> None:
        """Everybody goes. ``clean``: nothing went wrong in their windows."""
        for context in self.contexts:
            context.close()
        for context in self._seated:
            assert self._seats is not None
            self._seats.give_back(context, origin=self._lab.url, clean=clean)

    def _desk(
        self, context: BrowserContext, path: str, size: tuple[int, int], *, library: bool, clock: bool
    ) -> Desk:
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if clock:
            page.clock.install()
        self.pages.append(page)
        if _SLOWER > 1:
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        page.on("pageerror", lambda error: self.errors.append(f"{error}\n{error.stack or ''}"))
        page.on("console", self._on_console)
        self.visit(page, f"e2e-{os.getpid()}-{next(_number)}", path)
        desk = Desk(page)
        if library:
            desk.library()
        return desk

    def visit(self, page: Page, workspace: str, path: str = "", *, reset: bool = True) -> None:
        page.goto(self._lab.page(workspace, path, reset=reset))
        ready(page)

    def unexpected(self) -> list[str]:
        return [e for e in self.errors if not any(re.search(pattern, e) for pattern in self._allowed)]

    def _on_console(self, message: ConsoleMessage) -> None:
        self.said.append(f"{message.type}: {message.text}")
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")


def new_context(browser: Browser) -> BrowserContext:
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(_WAIT_MS)
    return context


def ready(page: Page) -> None:
    page.wait_for_function("window.jupyterapp !== undefined")
    page.evaluate("window.jupyterapp.restored")
    page.wait_for_selector("#jupyterlab-splash", state="detached")


@pytest.fixture(scope="package")
def seats(browser: Browser) -> Seats:
    return Seats(lambda: new_context(browser))


@pytest.fixture
def person(
    browser: Browser, lab: Lab, seats: Seats, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[People]:
    people = People(browser, lab, seats)
    yield people
    failed = request.node.stash.get(_failed, False)
    unexpected = people.unexpected()
    if failed or unexpected:
        print("the console:", *people.said[-30:], sep="\n  ")
        for index, page in enumerate(people.pages):
            if not page.is_closed():
                picture = tmp_path / f"window-{index}.png"
                page.screenshot(path=picture)
                print(f"picture of the window: {picture}")
    people.leave(clean=not failed and not unexpected)
    assert unexpected == [], "\n".join(unexpected)


@pytest.fixture
def new_team(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewTeam]:
    """Make a team: roles by name, and texts of prompts by name."""
    everybody: list[People] = []
    with ExitStack() as stack:

        def seat(lab: Lab) -> Desk:
            people = People(browser, lab)
            everybody.append(people)
            return people()

        teams: list[Team] = []

        def make(roles: Mapping[str, str], prompts: Mapping[str, str]) -> Team:
            teams.append(stack.enter_context(running_team(tmp_path, roles, prompts, seat)))
            return teams[-1]

        yield make
        failed = request.node.stash.get(_failed, False)
        for number, people in enumerate(everybody):
            for pattern in (each for team in teams for each in team.allowed):
                people.allow(pattern)
            if failed or people.unexpected():
                print("the console:", *people.said[-20:], sep="\n  ")
                picture = tmp_path / f"person-{number}.png"
                people.pages[0].screenshot(path=picture)
                print(f"picture of the window: {picture}")
            people.leave(clean=True)
    for people in everybody:
        assert people.unexpected() == []
