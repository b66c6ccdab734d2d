"""Names and references."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core import names
from jupyter_prompthub.core.errors import InvalidInput


@pytest.mark.parametrize("name", ["refund", "support/refund", "a", "a/b/c-d_e.f", "v2", "x" * 200])
def test_a_slug_path_is_a_name(name: str) -> None:
    assert names.check_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Refund",
        "a//b",
        "/a",
        "a/",
        "a b",
        "a@b",
        "w:a",
        "..",
        "a/../b",
        "-a",
        "a-",
        "ä",
        "latest",
        "x" * 201,
        "a/" * 8 + "a",
        "0b5e9d1c-6c1e-4a57-9a3f-6a1d2f3b4c5d",
    ],
)
def test_anything_else_is_refused_and_the_message_says_what_is_expected(name: str) -> None:
    with pytest.raises(InvalidInput, match="expected"):
        names.check_name(name)


def test_a_refused_name_comes_with_a_suggestion_that_works() -> None:
    with pytest.raises(InvalidInput, match="try 'support/my-refund'"):
        names.check_name("Support/My refund")


@pytest.mark.parametrize("ref", ["main", "feature/tone", "v1.2", "RC-1", "production", "a_b"])
def test_branches_and_version_tags_may_be_called_that(ref: str) -> None:
    assert names.check_ref_name(ref) == ref


@pytest.mark.parametrize(
    "ref",
    ["latest", "HEAD", "abcd", "DEADBEEF", "1234", "a..b", "a.", ".a", "a/", "a~b", "a@b", "", "ü", "a b"],
)
def test_a_ref_name_that_could_be_taken_for_something_else_is_refused(ref: str) -> None:
    with pytest.raises(InvalidInput, match="expected"):
        names.check_ref_name(ref)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("support/refund", names.Reference("support/refund", "latest")),
        ("support/refund@production", names.Reference("support/refund", "production")),
        ("acme:refund@feature/tone", names.Reference("refund", "feature/tone", "acme")),
        (" refund@abc123def ", names.Reference("refund", "abc123def")),
    ],
)
def test_a_reference_has_a_workspace_a_name_and_a_ref(text: str, expected: names.Reference) -> None:
    assert names.parse_reference(text) == expected
    assert names.parse_reference(str(expected)) == expected


@pytest.mark.parametrize(
    "text", ["", "@main", "refund@", "Acme:refund", ":refund", "refund@a b", "refund@a@b"]
)
def test_a_broken_reference_names_the_part_that_is_wrong(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"workspace name|prompt name|ref"):
        names.parse_reference(text)


@given(st.text(max_size=120))
def test_every_title_gives_a_valid_name(title: str) -> None:
    slug = names.slugify(title)
    assert names.check_name(slug) == slug


def test_titles_read_as_people_would_spell_them() -> None:
    assert names.slugify("Größe & Maß") == "grosse-mass"
    assert names.slugify("Support / Refund (v2)") == "support/refund-v2"
    assert names.slugify("返金") == names.slugify("返金") != names.slugify("注文")


@given(st.from_regex(r"[A-Za-z0-9_-]{0,5}[A-Za-z0-9](/[A-Za-z0-9][A-Za-z0-9._-]{0,5})*", fullmatch=True))
def test_a_branch_survives_the_drive_path_and_stays_one_component(branch: str) -> None:
    try:
        escaped = names.escape_branch(branch)
    except InvalidInput:
        return
    assert "/" not in escaped
    assert names.unescape_branch(escaped) == branch
