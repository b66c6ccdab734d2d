"""The shortest way through the product in Firefox: open, edit, see the preview, save, run.

Mozilla's own Marionette client drives the system's Firefox; nothing is downloaded. Where there is none, this is
skipped. Everything else is tested in Chromium.
"""

from __future__ import annotations

import base64
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import NewPrompt
from tests.e2e.lab import Lab
from tests.support.fake_provider import FakeProvider

FIREFOX = ("firefox-esr", "firefox")
# of the client's own: two at import, and a socket it leaves open while it waits for Firefox to answer
pytestmark = [
    pytest.mark.filterwarnings("ignore:distro.linux_distribution:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:'telnetlib' is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
    ),
]


class Fox:
    """One window of Firefox, in the words of the tests."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def script(self, body: str, *arguments: Any) -> Any:
        return self.driver.execute_script(body, script_args=list(arguments), sandbox=None)

    def until(self, what: Callable[[], Any], message: str, seconds: float = 30) -> Any:
        from marionette_driver import Wait, errors

        passing = (
            errors.ElementClickInterceptedException,
            errors.ElementNotInteractableException,
            errors.JavascriptException,
            errors.NoSuchElementException,
            errors.StaleElementException,
        )
        return Wait(self.driver, timeout=seconds, ignored_exceptions=passing).until(
            lambda _: what(), message=message
        )

    def text(self, selector: str) -> str:
        return str(self.script("return document.querySelector(arguments[0])?.textContent ?? ''", selector))

    def shows(self, selector: str, words: str) -> None:
        self.until(lambda: words in self.text(selector), f"{selector} does not show {words!r}")

    def find(self, selector: str) -> Any:
        from marionette_driver import By

        return self.until(lambda: self.driver.find_element(By.CSS_SELECTOR, selector), f"no {selector}")

    def click(self, selector: str) -> None:
        """Click as soon as nothing lies over it."""
        from marionette_driver import By

        self.until(
            lambda: self.driver.find_element(By.CSS_SELECTOR, selector).click() or True, f"no {selector}"
        )

    def keys(self, *keys: str) -> None:
        actions = self.driver.actions.sequence("key", "keyboard")
        for key in keys:
            actions = actions.send_keys(key)
        actions.perform()


@pytest.fixture
def fox(tmp_path: Path) -> Iterator[Fox]:
    named = os.environ.get("PROMPTHUB_TEST_FIREFOX")
    path = named or next((found for name in FIREFOX if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Firefox on this machine: install one (Debian: apt-get install firefox-esr)")
    from marionette_driver.marionette import Marionette

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "user.js").write_text(
        f'user_pref("marionette.port", {port});\n'
        'user_pref("browser.shell.checkDefaultBrowser", false);\n'
        'user_pref("datareporting.policy.dataSubmissionEnabled", false);\n'
    )
    command = [path, "--headless", "--marionette", "--no-remote", "--profile", str(profile), "about:blank"]
    with (tmp_path / "firefox.log").open("wb") as log:
        browser = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    driver = Marionette(host="127.0.0.1", port=port, startup_timeout=60)
    try:
        driver.start_session()
        driver.set_window_rect(width=1280, height=900)
        yield Fox(driver)
        picture = tmp_path / "window.png"
        picture.write_bytes(base64.b64decode(driver.screenshot()))
        print(f"picture of the window: {picture}")
        driver.delete_session()
    finally:
        browser.terminate()
        browser.wait(20)


def test_open_edit_save_and_run_in_firefox(
    fox: Fox, lab: Lab, scripted: str, new_prompt: NewPrompt, provider: FakeProvider
) -> None:
    prompt = new_prompt(
        "in-firefox", "---\nmodel: " + scripted + '\n---\n{{role "user"}}\nSay {{word}} twice.\n'
    )
    fox.driver.navigate(lab.page("firefox"))
    fox.until(lambda: fox.script("return window.jupyterapp !== undefined"), "JupyterLab did not start", 60)
    # what goes wrong on the page from here on
    fox.script(
        "window.__errors = []; window.addEventListener('error', e => window.__errors.push(e.message));"
    )
    fox.until(
        lambda: not fox.script("return document.querySelector('#jupyterlab-splash')"), "the splash stays"
    )
    fox.until(
        lambda: not fox.script("return document.querySelector('#jupyterlab-splash')"), "the splash stays"
    )
    fox.click(".lm-TabBar-tab[data-id=prompthub-library]")
    fox.shows(".jp-PromptHub-library", "in-firefox")
    fox.find(".jp-PromptHub-library input").send_keys("in-firefox")
    fox.until(
        lambda: len(fox.script("return [...document.querySelectorAll('.jp-PromptHub-promptRow')]")) == 1,
        "not found",
    )
    fox.click(".jp-PromptHub-promptRow")
    source = ".jp-PromptHub-source .cm-content"
    fox.shows(source, "twice.")
    fox.shows(".jp-PromptHub-draftstate", "stored")

    # type at the end, as a person does
    fox.click(source)
    from marionette_driver.keys import Keys

    fox.driver.actions.sequence("key", "ctrl").key_down(Keys.CONTROL).key_down(Keys.END).key_up(
        Keys.END
    ).key_up(Keys.CONTROL).perform()
    fox.keys("Please.")
    fox.shows(".jp-PromptHub-draftstate", "unsaved changes")
    fox.shows(".jp-PromptHub-draftstate", "stored")
    fox.shows(".jp-PromptHub-preview", "Please.")

    # run
    fox.find(".jp-PromptHub-inputs [name='word']").send_keys("yes")
    fox.shows(".jp-PromptHub-preview", "Say yes twice.")
    fox.click(".jp-PromptHub-tabpanel button.jp-mod-primary")
    fox.shows(".jp-PromptHub-answer[data-phase=done]", provider.answer)

    # save
    fox.script("void window.jupyterapp.commands.execute('prompthub:save-version')")
    fox.find(".jp-PromptHub-dialog [name=message]").send_keys("Politely")
    fox.click(".jp-PromptHub-dialog button.jp-mod-accept")
    fox.until(lambda: "unsaved" not in fox.text(".jp-PromptHub-draftstate"), "the draft stays unsaved")
    versions = lab.call("GET", f"prompts/{prompt}/versions")["items"]
    assert [version["commit_message"] for version in versions] == ["Politely", "First"]
    assert lab.call("GET", f"prompts/{prompt}/versions/latest")["text"].endswith(
        "Say {{word}} twice.\nPlease."
    )
    assert fox.script("return window.__errors") == []
