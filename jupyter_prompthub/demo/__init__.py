"""Demo prompts: realistic ones, with histories, that answer on the small local model; and the notebook that uses them."""

from __future__ import annotations

import json
from importlib.resources import files

from ..core.records import ImportItem, ImportRequest, ImportVersion, NotebookFile

__all__ = ["demo_request", "quickstart"]


def demo_request() -> ImportRequest:
    """The demo prompts as one import; a name that is there already is skipped."""
    folder = files(__name__)
    manifest = json.loads(folder.joinpath("manifest.json").read_text("utf-8"))
    items = tuple(
        ImportItem(
            **{
                **entry,
                "versions": tuple(
                    ImportVersion(
                        text=folder.joinpath(version["file"]).read_text("utf-8"),
                        commit_message=version["commit_message"],
                        branch=version["branch"],
                    )
                    for version in entry["versions"]
                ),
            }
        )
        for entry in manifest["prompts"]
    )
    return ImportRequest(items=items, on_conflict="skip")


def quickstart() -> NotebookFile:
    """The five-minute tutorial."""
    name = "Quickstart.ipynb"
    return NotebookFile(name=name, content=json.loads(files(__name__).joinpath(name).read_text("utf-8")))
