"""What a person does in the browser, in the words of the product."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import APIResponse, Locator, Page, Route, TimeoutError, expect

__all__ = ["Desk", "Prompt", "held", "kernel_is_ready", "until"]

_SHOWS_UP_MS = 3_000
_TEXT = """editor => [...editor.querySelectorAll('.cm-line')].map(line => {
  const copy = line.cloneNode(true);
  copy.querySelectorAll('.jp-remote-cursor').forEach(cursor => cursor.remove());
  return copy.textContent;
}).join('\\n')"""

_ALL_IN_SIGHT_LOADED = """() => [...document.querySelectorAll('.jp-PromptHub-row.jp-mod-loading')].every(row => {
  const list = row.closest('[role=tree]').getBoundingClientRect();
  const { top, bottom } = row.getBoundingClientRect();
  return bottom <= list.top || top >= list.bottom;
})"""


_FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return '';
  // the text of what is typed in or scrolled says nothing of what it is
  const text = at.matches('a, button, jp-button, [role=tab], [role=button]') ? at.textContent : '';
  return [at.getAttribute('aria-label'), at.getAttribute('name'), at.title, at.type === 'radio' ? 'radio' : '', text]
    .filter(Boolean).join(' | ').slice(0, 120);
}"""


# the indicator says idle before there is a kernel; a cell that is run then is not run at all
_KERNEL = """() => {
  const kernel = window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
  return kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""


# the chip of the state is rendered a moment after what is typed, and says of what was there before that it is stored
_STORED = """() => {
  const drafts = [...window.jupyterapp.shell.widgets('main')].filter(
    widget => widget.isVisible && widget.hasClass('jp-mod-draft'));
  return drafts.length > 0 && drafts.every(draft => draft.content.model.room?.storage.state === 'stored');
}"""


def kernel_is_ready(page: Page) -> None:
    """Wait until the notebook in front has a kernel that answers."""
    page.wait_for_function(_KERNEL)


def until(what: Callable[[], object], *, page: Page, seconds: float = 15) -> None:
    """Wait until it is true; an assertion error of ``what`` counts as not yet."""
    end = time.monotonic() + seconds
    while True:
        try:
            if what():
                return
            problem: AssertionError | None = None
        except AssertionError as error:
            problem = error
        if time.monotonic() > end:
            raise problem or AssertionError(f"not within {seconds} s")
        page.wait_for_timeout(30)


@contextmanager
def held(page: Page, url: str, *, method: str = "POST", answered: bool = False) -> Iterator[list[Route]]:
    """Hold requests to an address until the end of the block; what is held.

    Args:
        answered: the server has it, its answer is held.
    """
    waiting: list[Route] = []
    answers: list[APIResponse] = []

    def hold(route: Route) -> None:
        if route.request.method != method:
            route.continue_()
            return
        if answered:
            answers.append(route.fetch())
        waiting.append(route)

    page.route(url, hold)
    yield waiting
    for route in waiting:
        if answered:
            route.fulfill(response=answers.pop(0))
        else:
            route.continue_()
    page.unroute(url)


class Prompt:
    """The prompt document in front."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.node = page.locator(".jp-PromptHub-document:not(.lm-mod-hidden)")
        self.state = self.node.locator(".jp-PromptHub-draftstate")
        self.preview = self.node.locator(".jp-PromptHub-previewpane .jp-PromptHub-preview")
        self.problems = self.node.locator(".jp-PromptHub-problem")
        self.answer = self.node.locator(".jp-PromptHub-answer")
        self.run_button = self.node.get_by_role("button", name="Run", exact=True)
        self.save_button = self.node.get_by_role("button", name="Save version", exact=True)
        self.banner = self.node.locator(".jp-PromptHub-connection:not(.lm-mod-hidden)")
        self.following = self.node.locator(".jp-PromptHub-following:not(.lm-mod-hidden)")
        self.others = self.node.locator(".jp-PromptHub-people")

    @property
    def text(self) -> str:
        """The source as it is shown, without other people's cursors."""
        return str(self.node.locator(".jp-PromptHub-source .cm-content").evaluate(_TEXT))

    def line(self, words: str) -> Locator:
        return self.node.locator(".jp-PromptHub-source .cm-line", has_text=words).first

    def shows(self, words: str) -> None:
        expect(self.line(words)).to_be_visible()

    def type_after(self, words: str, more: str) -> None:
        """Type at the end of the line that has these words."""
        self.line(words).click()
        self.page.keyboard.press("End")
        self.page.keyboard.type(more)

    def input(self, name: str) -> Locator:
        return self.node.locator(f".jp-PromptHub-inputs [name='{name}']")

    def stored(self) -> None:
        """What was typed until now is stored, and is said to be."""
        self.page.wait_for_function(_STORED)
        expect(self.state).to_contain_text("stored")

    def changed(self) -> None:
        expect(self.state).to_contain_text("unsaved changes")

    def save(self, message: str) -> str:
        """Save a version; its short SHA."""
        expect(self.save_button).to_be_enabled()
        self.save_button.click()
        dialog = self.page.locator(".jp-PromptHub-dialog")
        dialog.locator("[name=message]").fill(message)
        self.page.keyboard.press("Enter")
        expect(dialog).to_have_count(0)
        expect(self.state.locator(".jp-PromptHub-quiet")).to_have_text(re.compile(r"^[0-9a-f]{8}$"))
        return self.state.locator(".jp-PromptHub-quiet").inner_text()

    def run(self) -> Locator:
        """Run, and wait for the end; the answer."""
        self.run_button.click()
        done = self.node.locator(".jp-PromptHub-answer[data-phase=done]")
        expect(done).to_be_visible(timeout=60_000)
        return done


class Desk:
    """One person's JupyterLab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.prompt = Prompt(page)
        self.dialog = page.locator(".jp-PromptHub-dialog")
        self.history = page.locator(".jp-PromptHub-history:not(.lm-mod-hidden)")
        self.versions = self.history.locator(".jp-PromptHub-version")
        self.diff = page.locator(".jp-PromptHub-diff:not(.lm-mod-hidden)")

    def command(self, name: str, **arguments: Any) -> None:
        """Run a command of JupyterLab, without waiting for its end (it may ask)."""
        self.page.evaluate(
            "([name, args]) => { void window.jupyterapp.commands.execute(name, args); }", [name, arguments]
        )

    def theme(self, name: str) -> None:
        """Change the theme, and wait until it is there."""
        self.command("apputils:change-theme", theme=name)
        expect(self.page.locator(f"body[data-jp-theme-name='{name}']")).to_be_attached()
        # JupyterLab cannot show a second splash before the first has faded
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)

    def row(self, name: str) -> Locator:
        """A prompt in the library, by the last part of its name."""
        # a search shows whole names
        label = self.page.locator(
            ".jp-PromptHub-row-label", has_text=re.compile(f"(?:^|/){re.escape(name)}$")
        )
        return self.page.locator(".jp-PromptHub-promptRow").filter(has=label)

    def library(self) -> None:
        """Open the library in the sidebar."""
        self.command("prompthub:open-library")
        expect(self.page.locator(".jp-PromptHub-promptRow").first).to_be_visible()

    def settled(self) -> None:
        """The library shows all of what is in sight: no row moves any more."""
        expect(self.page.locator(".jp-PromptHub-library [role=tree][aria-busy=true]")).to_have_count(0)
        # rows around what is in sight are loaded when they come into it
        self.page.wait_for_function(_ALL_IN_SIGHT_LOADED)

    def open(self, name: str) -> Prompt:
        """Open a prompt from the library, and wait for its text."""
        self.settled()
        search = self.page.get_by_label("Search the library")
        try:
            self.row(name).first.wait_for(timeout=_SHOWS_UP_MS)
        except TimeoutError:
            # a long library renders what is in sight
            search.fill(name)
            self.row(name).first.wait_for()
            self.settled()
        self.row(name).click()
        expect(self.page.locator(".lm-TabBar-tab.lm-mod-current", has_text=name).first).to_be_visible()
        self.prompt.stored()
        # what was stored before is here before the document shows it
        expect(self.prompt.node.locator(".jp-PromptHub-source .cm-content")).to_be_visible()
        if search.input_value():
            search.fill("")
            # as it is when the row is clicked in a short library
            self.prompt.node.locator(".cm-content").focus()
        return self.prompt

    def tab(self, label: str) -> None:
        """Bring a document of the main area to the front."""
        self.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text=label).first.click()

    def tab_to(self, words: str, *, back: bool = False, most: int = 60) -> None:
        """Press Tab until what has the focus is called so; what it passed is in the message of a failure."""
        passed = []
        for _ in range(most):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            here = str(self.page.evaluate(_FOCUS))
            if re.search(words, here):
                return
            passed.append(here)
        raise AssertionError(f"Tab does not reach {words!r}: {passed}")

    def press(self, dialog: Locator, key: str) -> None:
        """A key for a dialog, once it has the focus."""
        expect(dialog.locator(":focus")).to_have_count(1)
        self.page.keyboard.press(key)

    def toast(self, words: str) -> Locator:
        found = self.page.locator(".Toastify__toast", has_text=words).first
        expect(found).to_be_visible()
        return found

    def quiet(self) -> None:
        """Take the notifications away."""
        self.page.evaluate("document.querySelectorAll('.Toastify__close-button').forEach(b => b.click())")

    def accept(self, **fields: str) -> None:
        """Fill the dialog in front, and accept it."""
        for name, value in fields.items():
            field = self.dialog.locator(f"[name='{name}']")
            if field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self.dialog.locator("button.jp-mod-accept").click()
        expect(self.dialog).to_have_count(0)
