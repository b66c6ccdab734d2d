"""What ``git merge-file`` does to pairs of edits, and what we do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from jupyter_prompthub.core.merge import merge
from jupyter_prompthub.core.promptfile import check, parse
from tests.core.merge_cases import BASE, CASES, PAGE, Case, edited, page


def _by_git(folder: Path, ours: str, theirs: str) -> tuple[bool, str]:
    """Whether git reports a conflict, and what it makes of the texts."""
    for name, text in (("ours", ours), ("base", BASE), ("theirs", theirs)):
        (folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode >= 0, done.stderr
    return done.returncode > 0, done.stdout


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_where_git_is_silent_or_conflicts_without_need(case: Case, tmp_path: Path) -> None:
    ours, theirs = edited(case.ours), edited(case.theirs)
    for text in (ours, theirs):
        parse(text)
    conflict, text = _by_git(tmp_path, ours, theirs)
    assert conflict == (case.git == "needless")
    result, other = merge(BASE, ours, theirs), merge(BASE, theirs, ours)
    assert [one.check for one in result.conflicts] == ([case.found] if case.found else [])
    assert {one.side for found in result.conflicts for one in found.causes} == (
        {"ours", "theirs"} if case.found else set()
    )
    assert result.text == other.text
    if case.found:
        # what git gives is what we warn of
        assert (check(text)[0] is None) == (case.found == "unparsable")
    else:
        assert result.text is not None
        parse(result.text)


def test_the_table_of_the_docs_is_made_of_these_cases() -> None:
    assert len(CASES) >= 25
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.core.merge_cases"
