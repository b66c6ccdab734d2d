"""The front end's types are made from the models, and are as new as they are."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _generator():
    spec = importlib.util.spec_from_file_location("generate_types", ROOT / "scripts" / "generate_types.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_typescript_types_are_what_the_models_give():
    generator = _generator()
    if shutil.which("node") is None or not (ROOT / "labextension" / "node_modules").is_dir():
        pytest.skip("needs node and the front end's packages")
    assert generator.TARGET.read_text(encoding="utf-8") == generator.generate(), (
        "stale: run python scripts/generate_types.py"
    )


def test_every_noun_has_a_typescript_type():
    generator = _generator()
    text = generator.TARGET.read_text(encoding="utf-8")
    missing = [m.__name__ for m in generator.nouns() if f"export interface I{m.__name__} " not in text]
    assert missing == []
