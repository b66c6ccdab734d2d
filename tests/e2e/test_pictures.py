"""The product looks as the pictures of the docs show it: light, dark, and 400 px narrow.

Compared is what a person would notice: both pictures in grey at an eighth of their size. Times, SHAs, names of people
and a caret may differ; a panel that moved, a lost style sheet, or a dark text on a dark ground do not pass.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser

from tests.e2e.lab import running_lab
from tests.e2e.scenes import SCENES, Scene, Studio

_IMAGES = Path(__file__).parents[2] / "docs" / "images"
_CELL_PX = 8
_NOTICEABLE = 24  # of 255 levels of grey
_TOLERATED = 0.025  # of all cells
_TOLERATED_OF_A_MODEL = (
    0.06  # how long an answer is, and the lines that tell its time, differ from machine to machine
)


def _difference(one: Image.Image, other: Image.Image) -> float:
    """The share of cells whose grey differs noticeably; 1 for pictures of different sizes."""
    if one.size != other.size:
        return 1
    small = (one.width // _CELL_PX, one.height // _CELL_PX)
    cells = [picture.convert("L").resize(small, Image.Resampling.BOX) for picture in (one, other)]
    counts = ImageChops.difference(*cells).histogram()
    return sum(counts[_NOTICEABLE + 1 :]) / sum(counts)


@pytest.fixture(scope="module")
def studio(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A JupyterLab that has the demo prompts, and nothing of other tests."""
    with running_lab(tmp_path_factory.mktemp("pictures") / "home") as lab, Studio(browser, lab) as made:
        yield made


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_product_looks_as_in_the_docs(studio: Studio, scene: Scene, tmp_path: Path) -> None:
    if scene.model and not os.environ.get("PROMPTHUB_TEST_MODEL"):
        pytest.skip("the local model is not installed")
    tolerated = _TOLERATED_OF_A_MODEL if scene.model else _TOLERATED
    wrong = []
    for theme, picture in studio.shoot(scene).items():
        name = f"{scene.name}-{theme}.png"
        (tmp_path / name).write_bytes(picture)
        stored = _IMAGES / name
        assert stored.exists(), (
            f"there is no docs/images/{name}: python scripts/screenshots.py --only {scene.name}"
        )
        share = _difference(Image.open(io.BytesIO(picture)), Image.open(stored))
        if share > tolerated:
            wrong.append(
                f"{share:.1%} of {name} differ from docs/images: look at {tmp_path / name}; "
                f"if it is right, python scripts/screenshots.py --only {scene.name}"
            )
    assert wrong == []
