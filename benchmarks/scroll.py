"""The graph of 2,000 versions scrolls: what a frame takes in Chromium, beside a bare list of as many rows there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.conftest import ready
from tests.e2e.lab import Lab, chromium, running_lab

from .measuring import Line, percentile

__all__ = ["run"]

_ON_MAIN, _BRANCHES, _EACH = 500, 5, 100
_SAVED = 1_000
"""on main, after the import, which takes 1,000 at once"""
_A_FRAME_PX = 216
"""four rows in a frame: 240 rows a second"""
_GOAL_MS = 34.0
"""two frames at 60 Hz"""
_SCROLL = """([selector, step]) => new Promise(done => {
  const box = document.querySelector(selector);
  const frames = [];
  box.scrollTop = 0;
  let last = performance.now();
  const frame = now => {
    frames.push(now - last);
    last = now;
    const before = box.scrollTop;
    box.scrollTop += step;
    if (box.scrollTop === before) {
      done(frames.slice(2));
    } else {
      requestAnimationFrame(frame);
    }
  };
  requestAnimationFrame(frame);
})"""
_BARE = """([selector, rows]) => {
  const like = document.querySelector(selector);
  const box = document.createElement('div');
  box.id = 'bare';
  const size = `width:${like.clientWidth}px;height:${like.clientHeight}px`;
  box.style.cssText = `position:fixed;right:0;bottom:0;overflow:auto;${size}`;
  for (let row = 0; row < rows; row++) {
    const line = document.createElement('div');
    line.style.height = '54px';
    line.textContent = `Version ${row}`;
    box.append(line);
  }
  document.body.append(box);
}"""
_LIST = ".jp-PromptHub-versions [role=grid]"


def _history() -> dict[str, Any]:
    def versions(branch: str, count: int, base: int | None) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = [
            {
                "text": f"{branch} {number}\n{{{{question}}}}\n",
                "commit_message": f"{branch}, change {number}",
                "branch": branch,
            }
            for number in range(count)
        ]
        if base is not None:
            made[0]["base"] = base
        return made

    items = versions("main", _ON_MAIN, None)
    for at in range(_BRANCHES):
        items += versions(f"side-{at:02}", _EACH, at * _ON_MAIN // _BRANCHES)
    return {"name": "long", "versions": items}


def run(folder: Path, *, quick: bool) -> list[Line]:
    """Twice through: while older pages come, and with all of them there."""
    path = chromium()
    if path is None:
        raise RuntimeError("no Chromium on this machine: name one in PROMPTHUB_TEST_CHROMIUM")
    expect.set_options(timeout=60_000)
    with running_lab(folder / "home", seeded=False) as lab, sync_playwright() as playwright:
        lab.call("POST", "import", {"items": [_history()]})
        prompt = str(lab.call("GET", "prompts?search=long")["items"][0]["id"])
        for number in range(_SAVED):
            text = f"saved {number}\n{{{{question}}}}\n"
            lab.call("PUT", f"prompts/{prompt}", {"text": text, "commit_message": f"Saved, change {number}"})
        browser = playwright.chromium.launch(executable_path=path or None, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        coming, there, bare = _frames(page, lab, prompt)
        browser.close()
    floor = f"a bare list {percentile(bare, 0.95):.1f} ms"
    lines = []
    for what, frames in (("older pages come on the way", coming), ("all pages there", there)):
        p95 = percentile(frames, 0.95)
        lines.append(
            Line(
                "scroll",
                f"a frame of the graph of 2,000 versions, {what}, p95 (longest)",
                f"{p95:.1f} ms ({max(frames):.1f} ms)",
                floor,
                p95 / percentile(bare, 0.95),
                f"≤ {_GOAL_MS:.0f} ms",
                p95 <= _GOAL_MS,
            )
        )
    return lines


def _frames(page: Page, lab: Lab, prompt: str) -> tuple[list[float], list[float], list[float]]:
    page.goto(lab.page("scroll"))
    ready(page)
    page.evaluate(
        "promptId => { void window.jupyterapp.commands.execute('prompthub:open-history', { promptId }); }",
        prompt,
    )
    expect(page.locator(f"{_LIST} [role=row]").first).to_be_visible()
    coming: list[float] = []
    while page.locator(_LIST).get_attribute("aria-rowcount") == "-1":
        coming += page.evaluate(_SCROLL, [_LIST, _A_FRAME_PX])
    rows = int(page.locator(_LIST).get_attribute("aria-rowcount") or 0)
    if rows != _ON_MAIN + _BRANCHES * _EACH + _SAVED:
        raise RuntimeError(f"the history shows {rows} versions")
    there = page.evaluate(_SCROLL, [_LIST, _A_FRAME_PX])
    page.evaluate(_BARE, [_LIST, rows])
    bare = page.evaluate(_SCROLL, ["#bare", _A_FRAME_PX])
    return coming, there, bare
