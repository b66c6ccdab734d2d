"""A ``%%prompthub`` line says which prompt its cell is of, also while it is being written."""

from __future__ import annotations

import pytest

from jupyter_prompthub.core.cellmagic import cell_reference
from jupyter_prompthub.magics.parsing import cell_parser, split


@pytest.mark.parametrize(
    "line",
    [
        "support/refund",
        "support/refund@production --branch tone",
        "--var message=support/other support/refund --branch=tone --save 'Kinder words'",
        "support/refund --model local/x --inputs these",
    ],
)
def test_it_is_read_as_the_magic_reads_it(line: str) -> None:
    options = cell_parser().parse_args(split(line))
    assert cell_reference(line) == f"{options.name.partition('@')[0]}@{options.branch}"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", None),
        ("--var message=x", None),
        ("--branch", None),
        ("support/refund --branch", "support/refund@main"),
        ('support/refund --var message="still op', "support/refund@main"),
        ("support/refund --save", "support/refund@main"),
        ("@", None),
    ],
)
def test_an_unfinished_line_says_what_it_can(line: str, found: str | None) -> None:
    assert cell_reference(line) == found
