"""Generated documents are current."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.generate_docs import DOCUMENTS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_generated_document_is_current(name: str) -> None:
    written = (ROOT / "docs" / name).read_text()
    assert written == DOCUMENTS[name](), f"docs/{name} is stale: run `python scripts/generate_docs.py`"
