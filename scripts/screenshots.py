"""The pictures of the docs: drives a JupyterLab with the demo prompts, and writes docs/images/*.png.

    python scripts/screenshots.py [--only diff …]

Needs the front end (``make setup``), a Chromium, and for the answer in ``run`` the local model.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import expect, sync_playwright  # noqa: E402

from tests.e2e.lab import chromium, running_lab  # noqa: E402
from tests.e2e.scenes import SCENES, Studio  # noqa: E402

IMAGES = ROOT / "docs" / "images"
MODELS = ROOT / ".make" / "models"
LIMIT = 250_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", nargs="*", default=[], help="names of scenes, as library")
    parser.add_argument("--to", type=Path, default=IMAGES, help="folder")
    arguments = parser.parse_args()
    path = chromium()
    if path is None:
        print("no Chromium on this machine: name one in PROMPTHUB_TEST_CHROMIUM", file=sys.stderr)
        return 2
    arguments.to.mkdir(parents=True, exist_ok=True)
    models = os.environ.get("PROMPTHUB_MODELS_DIR", str(MODELS))
    expect.set_options(timeout=30_000)
    with (
        tempfile.TemporaryDirectory() as home,
        running_lab(Path(home) / "home", {"PROMPTHUB_MODELS_DIR": models}) as lab,
        sync_playwright() as playwright,
        ExitStack() as stack,
    ):
        browser = playwright.chromium.launch(executable_path=path or None, args=["--no-sandbox"])
        studio = stack.enter_context(Studio(browser, lab))
        for scene in SCENES:
            if arguments.only and scene.name not in arguments.only:
                continue
            for theme, picture in studio.shoot(scene).items():
                name = f"{scene.name}-{theme}"
                if len(picture) > LIMIT:
                    raise ValueError(f"{name} has {len(picture)} bytes, more than {LIMIT}")
                (arguments.to / f"{name}.png").write_bytes(picture)
                print(f"{name}.png  {len(picture) // 1000} kB", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
