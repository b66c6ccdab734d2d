"""The pictures of the docs: drives a JupyterLab with the demo prompts, and writes docs/images/*.png.

    python scripts/screenshots.py [--only diff-dark …]

Needs the front end (``make setup``), a Chromium, and for the answer in ``run`` the local model.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, expect, sync_playwright  # noqa: E402

from tests.e2e.desk import Desk  # noqa: E402
from tests.e2e.lab import Lab, chromium, running_lab  # noqa: E402

IMAGES = ROOT / "docs" / "images"
MODELS = ROOT / ".make" / "models"
WIDTH, HEIGHT = 1440, 900
LIMIT = 250_000
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
NAMES = ("library", "editor", "run", "diff", "history")


def shown(lab: Lab) -> str:
    """The id of the prompt that is shown."""
    found = {item["name"]: item["id"] for item in lab.call("GET", "prompts?limit=50")["items"]}
    return str(found["support/refund"])


@contextmanager
def desk_of(browser: Browser, lab: Lab, theme: str) -> Iterator[Desk]:
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=1)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(lab.page(f"pictures-{theme}"))
    page.wait_for_function("window.jupyterapp !== undefined")
    page.evaluate("window.jupyterapp.restored")
    page.wait_for_selector("#jupyterlab-splash", state="detached")
    desk = Desk(page)
    desk.command("apputils:change-theme", theme=THEMES[theme])
    light = str(theme == "light").lower()
    expect(page.locator(f"body[data-jp-theme-light={light}]")).to_be_attached()
    desk.library()
    yield desk
    context.close()


def take(desk: Desk, name: str, wanted: set[str]) -> None:
    """One picture, without notifications and hovered rows."""
    if wanted and name not in wanted:
        return
    desk.quiet()
    desk.page.mouse.move(WIDTH - 5, HEIGHT // 2)
    expect(desk.page.locator(".Toastify__toast")).to_have_count(0)
    # fonts, icons and the last animation
    desk.page.wait_for_timeout(400)
    picture = desk.page.screenshot(animations="disabled", caret="hide")
    if len(picture) > LIMIT:
        raise ValueError(f"{name} has {len(picture)} bytes, more than {LIMIT}")
    target = IMAGES / f"{name}.png"
    target.write_bytes(picture)
    print(f"{target.relative_to(ROOT)}  {len(picture) // 1000} kB")


def pictures(desk: Desk, theme: str, prompt_id: str, wanted: set[str]) -> None:
    page = desk.page
    expect(page.locator(".jp-LauncherCard").first).to_be_visible()
    page.get_by_label("Search the library").blur()
    take(desk, f"library-{theme}", wanted)

    prompt = desk.open("summarize")
    expect(prompt.preview).to_contain_text("System")
    take(desk, f"editor-{theme}", wanted)

    prompt.input("sentences").fill("1")
    prompt.run()
    page.wait_for_timeout(300)
    take(desk, f"run-{theme}", wanted)

    desk.command("prompthub:open-history", promptId=prompt_id)
    expect(desk.versions.first).to_be_visible()
    take(desk, f"history-{theme}", wanted)

    shas = desk.versions.evaluate_all("rows => rows.map(row => row.dataset.sha)")
    main = desk.versions.filter(has_text="main").first.get_attribute("data-sha")
    desk.command("prompthub:compare-versions", promptId=prompt_id, base=shas[-1], head=main)
    expect(desk.diff.locator(".cm-changedText, .cm-deletedText").first).to_be_visible()
    take(desk, f"diff-{theme}", wanted)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", nargs="*", default=[], help="names of pictures, as library-light")
    wanted = set(parser.parse_args().only)
    path = chromium()
    if path is None:
        print("no Chromium on this machine: name one in PROMPTHUB_TEST_CHROMIUM", file=sys.stderr)
        return 2
    IMAGES.mkdir(parents=True, exist_ok=True)
    models = os.environ.get("PROMPTHUB_MODELS_DIR", str(MODELS))
    expect.set_options(timeout=30_000)
    with (
        tempfile.TemporaryDirectory() as home,
        running_lab(Path(home) / "home", {"PROMPTHUB_MODELS_DIR": models}) as lab,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path or None, args=["--no-sandbox"])
        prompt_id = shown(lab)
        for theme in THEMES:
            with desk_of(browser, lab, theme) as desk:
                pictures(desk, theme, prompt_id, wanted)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
