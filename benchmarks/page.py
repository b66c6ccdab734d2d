"""JupyterLab's page with our extension and without it: requests, kilobytes, time until it can be used."""

from __future__ import annotations

import statistics
from pathlib import Path

from playwright.sync_api import Browser, Response, sync_playwright

from tests.e2e.lab import Lab, chromium, running_lab

from .measuring import Line

__all__ = ["run"]

_OURS = "jupyterlab-prompthub"


def _load(browser: Browser, lab: Lab, turn: int) -> tuple[float, float, int, int]:
    """Seconds until the shell is restored and until the library shows rows (0 without us), requests, bytes."""
    context = browser.new_context()
    page = context.new_page()
    sizes: list[int] = []

    def on(response: Response) -> None:
        sizes.append(int(response.headers.get("content-length") or 0))

    page.on("response", on)
    page.goto(lab.page(f"page-{turn}"))
    page.wait_for_function("window.jupyterapp !== undefined")
    page.evaluate("window.jupyterapp.restored")
    shell = page.evaluate("performance.now()") / 1000
    usable = 0.0
    if page.evaluate("window.jupyterapp.commands.hasCommand('prompthub:open-library')"):
        page.evaluate("void window.jupyterapp.commands.execute('prompthub:open-library')")
        page.locator(".jp-PromptHub-promptRow").first.wait_for()
        usable = page.evaluate("performance.now()") / 1000 - shell
    count, size = len(sizes), sum(sizes)
    context.close()
    return shell, usable, count, size


def run(folder: Path, *, quick: bool) -> list[Line]:
    """By turns in one Chromium, each load in a context of its own (nothing cached)."""
    path = chromium()
    if path is None:
        raise RuntimeError("no Chromium on this machine: name one in PROMPTHUB_TEST_CHROMIUM")
    without = folder / "without" / "config" / "labconfig"
    without.mkdir(parents=True)
    (without / "page_config.json").write_text(f'{{"disabledExtensions": {{"{_OURS}": true}}}}')
    loads: dict[str, list[tuple[float, float, int, int]]] = {"with": [], "without": []}
    with (
        running_lab(folder / "with") as ours,
        running_lab(folder / "without") as bare,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path or None, args=["--no-sandbox"])
        for turn in range(4 if quick else 8):
            for name, lab in (("with", ours), ("without", bare)):
                done = _load(browser, lab, turn)
                if turn:  # the first is the warm-up
                    loads[name].append(done)
        browser.close()
    middle = {
        name: [statistics.median(each) for each in zip(*all_, strict=True)] for name, all_ in loads.items()
    }
    shell, usable, count, size = middle["with"]
    floor_shell, _, floor_count, floor_size = middle["without"]
    spread = statistics.stdev(each[0] for each in loads["without"])
    more = shell - floor_shell
    return [
        Line(
            "page",
            "shell restored, over JupyterLab without us",
            f"{more:+.2f} s ({shell:.2f} s)",
            f"JupyterLab {floor_shell:.2f} s (± {spread:.2f})",
            shell / floor_shell,
            "within noise (2 deviations)",
            more <= max(2 * spread, 0.05),
        ),
        Line(
            "page",
            "requests and kB more, the library open",
            f"{count - floor_count:.0f} requests, {(size - floor_size) / 1000:.0f} kB",
            f"JupyterLab {floor_count:.0f} requests, {floor_size / 1000:.0f} kB",
            None,
            "≤ 15 requests, ≤ 400 kB",
            count - floor_count <= 15 and size - floor_size <= 400_000,
        ),
        Line("page", "library usable after the shell", f"{usable:.2f} s", "", None, "≤ 1 s", usable <= 1),
    ]
