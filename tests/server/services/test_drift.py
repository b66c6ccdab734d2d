"""What ran, against what is served now: for many versions at once."""

from __future__ import annotations

import pytest
from jupyter_prompthub_server.services import deployments, drift, versions
from pydantic import ValidationError

from jupyter_prompthub.core.records import Drift, DriftItem, DriftQuery, DriftState, Rollback
from tests.server.services.conftest import Library, item

NOWHERE = "0" * 64


def ask(library: Library, *items: tuple[str, str, str]) -> tuple[Drift, ...]:
    query = DriftQuery(items=tuple(DriftItem(prompt=p, ref=ref, version_sha=sha) for p, ref, sha in items))
    answer: tuple[Drift, ...] = library.run(drift.check, new=query, by=library.people.viewer).items
    return answer


def test_a_ref_that_moved_tells_how_far_and_which_units_changed(library: Library) -> None:
    made = library.create("a/b", "Hello {{name}}\n")
    assert made.head is not None
    library.promote(made.id, "production")
    first = made.head.sha
    library.save(made.id, "---\nmodel: x/y\n---\nHello {{name}}, {{more}}\n")
    second = library.save(made.id, "---\nmodel: x/z\n---\nHello {{name}}, {{more}}\n").sha
    latest, production = ask(library, ("a/b", "latest", first), (made.id, "production", first))
    assert (latest.state, latest.current_sha, latest.behind_by, latest.ahead_by) == (
        DriftState.MOVED,
        second,
        2,
        0,
    )
    assert latest.changed
    assert "user message: text changed" in latest.changes
    assert any(label.startswith("model") for label in latest.changes)
    assert latest.changes_count == len(latest.changes)
    assert any("more" in reason for reason in latest.breaks)
    assert (production.state, production.changed, production.prompt) == (DriftState.SAME, False, "a/b")


def test_a_rollback_is_ahead_and_behind_by_nothing(library: Library) -> None:
    made = library.create("a", "One\n")
    library.promote(made.id, "production")
    second = library.save(made.id, "Two\n").sha
    library.promote(made.id, "production")
    rollback = Rollback(environment="production", reason="worse")
    library.run(deployments.rollback, {"prompt_id": made.id}, rollback, library.people.admin)
    (answer,) = ask(library, ("a", "production", second))
    assert (answer.state, answer.behind_by, answer.ahead_by) == (DriftState.MOVED, 0, 1)


def test_what_is_gone_or_came_from_elsewhere_is_said_and_the_rest_is_answered(library: Library) -> None:
    made = library.create("a", "One\n")
    assert made.head is not None
    here = made.head.sha
    answers = ask(
        library,
        ("nobody", "latest", here),
        ("a", "production", here),
        ("a", "not a ref", here),
        ("a", "latest", NOWHERE),
        ("a", "latest", here),
    )
    assert [one.state.value for one in answers] == ["gone", "gone", "gone", "unknown", "same"]
    assert "promote one first" in answers[1].reason
    assert "another store" in answers[3].reason
    assert answers[3].current_sha == here
    assert answers[3].behind_by is None


def test_a_renamed_prompt_is_found_by_the_name_that_ran(library: Library) -> None:
    made = library.create("old", "One\n")
    assert made.head is not None
    library.update(made.id, name="newer")
    (answer,) = ask(library, ("old", "latest", made.head.sha))
    assert (answer.state, answer.prompt) == (DriftState.SAME, "newer")


def test_other_versions_of_snippets_are_a_change(library: Library) -> None:
    style = library.create("style", "Be brief.\n")
    made = library.create("a", "{{> style}} Go\n")
    assert made.head is not None
    library.save(style.id, "Be long.\n")
    library.save(made.id, "{{> style}} Go\n")
    (answer,) = ask(library, ("a", "latest", made.head.sha))
    assert answer.changes == ("snippets: other versions of them",)


def test_another_workspace_is_not_there(library: Library) -> None:
    made = library.create("a", "One\n")
    assert made.head is not None
    query = DriftQuery(items=(DriftItem(prompt=made.id, version_sha=made.head.sha),))
    (answer,) = library.run(drift.check, new=query, by=library.people.stranger).items
    assert answer.state is DriftState.GONE
    assert answer.current_sha is None


def test_two_hundred_at_once_are_answered_in_order_and_no_more_are_taken(library: Library) -> None:
    made = library.create("a", "One\n")
    assert made.head is not None
    shas = [made.head.sha, *(library.save(made.id, f"{n}\n").sha for n in range(4))]
    answers = ask(library, *(("a", "latest", shas[n % 5]) for n in range(200)))
    assert [one.behind_by for one in answers] == [4 - n % 5 for n in range(200)]
    with pytest.raises(ValidationError):
        ask(library, *(("a", "latest", shas[0]) for _ in range(201)))


def test_two_hundred_prompts_take_as_many_statements_as_four(library: Library) -> None:
    items = []
    for number in range(200):
        made = library.create(f"p/{number}", "---\nmodel: x/y\n---\nHello {{name}}\n")
        assert made.head is not None
        library.promote(made.id, "staging")
        library.branch(made.id, "side")
        library.save(made.id, f"---\nmodel: x/z\n---\nHello {{{{name}}}} {number}\n")
        library.save(made.id, "---\nmodel: x/y\n---\nHi {{name}}\n", branch="side")
        ref = ("latest", "side", "staging", "production", made.head.short)[number % 5]
        items.append((made.id if number % 2 else f"p/{number}", ref, made.head.sha))

    def statements(*asked: tuple[str, str, str]) -> int:
        with library.counted() as seen:
            answers = ask(library, *asked)
        states = [one.state.value for one in answers[:5]]
        assert states == ["moved", "moved", "same", "gone", "same"]
        assert [(one.behind_by, one.ahead_by) for one in answers[:3]] == [(1, 0), (1, 0), (0, 0)]
        assert [one.prompt for one in answers if one.prompt_id] == [
            f"p/{number}" for number in range(len(asked)) if number % 5 != 3
        ]
        return len(seen)

    few = statements(*items[:6])
    assert statements(*items) == few
    assert few <= 15


def test_long_and_forked_histories_are_counted_together(library: Library) -> None:
    library.import_(
        *(item(name, *(f"{number}\n" for number in range(600))) for name in ("long/a", "long/b")),
        item("short", "1\n", "2\n"),
    )
    asked, expected = [], []
    for name, last in (("long/a", 599), ("long/b", 599), ("short", 1)):
        made = library.resolve(name).prompt_id
        shas = {
            one.number: one.sha
            for one in library.run(
                versions.list_, {"prompt_id": made}, versions.VersionQuery(limit=200)
            ).items
        }
        newest = max(shas)
        oldest = min(shas)
        library.branch(made, "fork", shas[oldest])
        fork = library.save(made, "Forked\n", branch="fork").sha
        asked += [(name, "latest", shas[oldest]), (name, "latest", fork), (name, "fork", shas[newest])]
        apart = newest - oldest
        expected += [(apart, 0), (apart, 1), (1, apart)]
        assert last == newest - 1
    assert [(one.behind_by, one.ahead_by) for one in ask(library, *asked)] == expected
