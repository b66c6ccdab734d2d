"""Keys in a draft of 200 KB that five others write in, and in as long a text file in JupyterLab's editor, in Chromium."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.conftest import ready
from tests.e2e.lab import TOKEN, Lab, chromium, running_lab
from tests.support.rooms import YjsClient

from .measuring import Line, ms, percentile
from .writers import TEXT, WRITERS, Writer

__all__ = ["run"]

_PAUSE_MS = 80
_GOAL_S = 0.2
"""from a key to what is painted, 'good' by https://web.dev/articles/inp"""
_LINE = ".cm-line:visible:has-text('line 00003')"
_WATCH = """() => {
  window.painted = [];
  addEventListener('keydown', ({ timeStamp }) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.painted.push(performance.now() - timeStamp);
      port2.postMessage(null);
    });
  }, true);
}"""


def _typed(page: Page, until: float) -> list[float]:
    """Seconds from each key to its paint, typing at the end of the fourth line until then."""
    page.locator(_LINE).click()
    page.keyboard.press("End")
    page.evaluate("window.painted.length = 0")
    while time.perf_counter() < until:
        page.keyboard.type("k")
        page.wait_for_timeout(_PAUSE_MS)
    return [each / 1000 for each in page.evaluate("window.painted")]


async def _write(lab: Lab, prompt: str, until: float) -> None:
    clients = [await YjsClient(lab.url, TOKEN, prompt).connect() for _ in range(WRITERS)]
    writers = [Writer(number, client) for number, client in enumerate(clients)]
    await asyncio.gather(*(writer.work(until) for writer in writers))
    for client in clients:
        await client.stored()
        await client.disconnect()


def run(folder: Path, *, quick: bool) -> list[Line]:
    """The file first, alone; then the draft, alone; then the draft with five writers."""
    path = chromium()
    if path is None:
        raise RuntimeError("no Chromium on this machine: name one in PROMPTHUB_TEST_CHROMIUM")
    seconds = 5.0 if quick else 15.0
    expect.set_options(timeout=60_000)
    with running_lab(folder / "home", seeded=False) as lab, sync_playwright() as playwright:
        body = {"name": "long", "title": "Long", "text": TEXT, "commit_message": "First"}
        prompt = str(lab.call("POST", "prompts", body)["id"])
        (lab.root / "long.txt").write_text(TEXT)
        browser = playwright.chromium.launch(executable_path=path or None, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(lab.page("keys"))
        ready(page)
        page.evaluate(_WATCH)
        _open(page, "docmanager:open", {"path": "long.txt"}, "long.txt")
        floor = _typed(page, time.perf_counter() + seconds)
        _open(page, "prompthub:open-prompt", {"promptId": prompt}, "long")
        alone = _typed(page, time.perf_counter() + seconds)
        until = time.perf_counter() + seconds
        writing = threading.Thread(target=lambda: asyncio.run(_write(lab, prompt, until)))
        writing.start()
        among = _typed(page, until)
        writing.join()
        # what the first of them typed is in sight
        expect(page.locator(".cm-line:visible", has_text="line 00000 abcdefghij")).to_have_count(1)
        browser.close()
    beside = f"JupyterLab's editor, alone {ms(statistics.median(floor))} (p95 {ms(percentile(floor, 0.95))})"
    return [
        _line("a key in 200 KB until it is painted, p95 (p50)", alone, beside, floor),
        _line("the same, with five writers, p95 (p50)", among, beside, floor),
    ]


def _open(page: Page, command: str, arguments: dict[str, str], name: str) -> None:
    page.evaluate(
        "([name, args]) => { void window.jupyterapp.commands.execute(name, args); }", [command, arguments]
    )
    expect(page.locator(".lm-DockPanel-tabBar .lm-mod-current")).to_have_text(name)
    # the other document's is there too, and hidden
    expect(page.locator(_LINE)).to_have_count(1)


def _line(what: str, taken: list[float], beside: str, floor: list[float]) -> Line:
    p95, p50 = percentile(taken, 0.95), statistics.median(taken)
    return Line(
        "keys",
        what,
        f"{ms(p95)} ({ms(p50)})",
        beside,
        p95 / percentile(floor, 0.95),
        f"p95 ≤ {_GOAL_S * 1000:.0f} ms",
        p95 <= _GOAL_S,
    )
