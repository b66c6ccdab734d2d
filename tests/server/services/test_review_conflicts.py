"""Several people decide the conflicts of one review: nobody replaces what they did not see, and nothing invalid is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.services import merging, review_conflicts, review_decisions
from jupyter_prompthub_server.store.tables import review_resolution
from sqlalchemy import update

from jupyter_prompthub.core.errors import Conflict, DecidedMeanwhile, InvalidInput, StaleHead
from jupyter_prompthub.core.records import (
    ConflictResolution,
    MergeQuery,
    Review,
    ReviewResolutions,
    SeenConflict,
    UpdateReview,
)
from tests.server.services.conftest import Library
from tests.server.services.test_reviews import Desk

SYSTEM = "text:segment/0/system"
TEMPERATURE = "added:parameter/temperature"


class Table:
    """A review with two conflicts: a line of the system message, and the temperature."""

    def __init__(self, library: Library) -> None:
        self.desk = Desk(library)
        self.people = library.people
        for branch, third, heat in (("tone", "Third.", "0.9"), ("main", "Drei.", "0.1")):
            text = str(self.desk.version(branch).text)
            last = "Third." if branch == "tone" else "Three."
            front = f"---\nconfig: {{temperature: {heat}}}\n---\n"
            library.save(self.desk.id, front + text.replace(last, third), branch=branch)

    def see(self) -> Review:
        return self.desk.see()

    def decide(self, id_: str, by: Caller | None = None, *, look: Review | None = None, **one: Any) -> Review:
        new = ReviewResolutions(
            resolutions=(ConflictResolution(id=id_, **one),),
            seen={} if look is None else {id_: seen(look, id_)},
        )
        return self.desk.do(review_conflicts.resolve, new, by)


def seen(review: Review, id_: str) -> SeenConflict:
    """What a person sees of a conflict on the page."""
    decision = next((one for one in review.resolutions if one.resolution.id == id_), None)
    conflict = next((one for one in review.conflicts if one.id == id_), None)
    if conflict is None and decision is not None:
        conflict = decision.conflict
    return SeenConflict(
        digest=None if conflict is None else conflict.digest,
        decision=None if decision is None else decision.decision,
    )


@pytest.fixture
def table(library: Library) -> Table:
    return Table(library)


def test_conflicts_come_with_the_words_that_each_side_changed(table: Table) -> None:
    by_id = {one.id: one for one in table.see().conflicts}
    assert set(by_id) == {SYSTEM, TEMPERATURE}
    text = by_id[SYSTEM]
    said = [(span.op, span.text) for span in text.marks.theirs if span.op != "equal"]
    assert said == [("delete", "Three"), ("insert", "Third")]
    (run,) = text.runs
    assert "".join(span.text for span in run.ours if span.op != "delete") == "Drei.\n"
    # the temperature is new on both sides: what the other side does not have
    new = by_id[TEMPERATURE]
    assert new.base is None
    assert "".join(span.text for span in new.marks.ours) == new.ours
    assert {span.op for span in new.marks.ours} == {"equal", "insert"}


def test_two_people_decide_one_conflict_each_and_the_result_has_both(table: Table) -> None:
    engineer, colleague = table.people.engineer, table.people.colleague
    look = table.see()
    table.decide(TEMPERATURE, engineer, look=look, pick="theirs")
    made = table.decide(SYSTEM, colleague, look=look, pick="ours")
    assert made.conflicts == ()
    assert "temperature: 0.9" in str(made.text)
    assert "Drei." in str(made.text)
    by = {one.resolution.id: one for one in made.resolutions}
    assert by[SYSTEM].by.id == colleague.actor_id
    assert by[TEMPERATURE].at.endswith("Z")
    # who comes later sees what was decided, and about what
    assert by[SYSTEM].conflict is not None
    assert by[SYSTEM].conflict.digest == next(one.digest for one in look.conflicts if one.id == SYSTEM)


def test_who_did_not_see_a_decision_does_not_replace_it_and_is_told_whose_it_is(table: Table) -> None:
    look = table.see()
    table.decide(SYSTEM, table.people.colleague, look=look, pick="ours")
    with pytest.raises(DecidedMeanwhile, match="decided it meanwhile") as refused:
        table.decide(SYSTEM, table.people.engineer, look=look, pick="theirs")
    present = refused.value.details["present"]
    assert present["by"]["id"] == table.people.colleague.actor_id
    now = table.see()
    (kept,) = now.resolutions
    assert (kept.resolution.pick, kept.decision) == ("ours", present["decision"])
    # knowingly it is replaced
    made = table.decide(SYSTEM, table.people.engineer, look=now, pick="theirs")
    assert [one.resolution.pick for one in made.resolutions] == ["theirs"]


def test_a_decision_that_was_taken_back_or_made_meanwhile_is_not_taken_back_unseen(table: Table) -> None:
    first = table.decide(SYSTEM, pick="ours")

    def take_back(look: Review) -> Review:
        new = ReviewResolutions(remove=(SYSTEM,), seen={SYSTEM: seen(look, SYSTEM)})
        return table.desk.do(review_conflicts.resolve, new, table.people.colleague)

    table.decide(SYSTEM, look=first, pick="base")
    with pytest.raises(DecidedMeanwhile):
        take_back(first)
    now = table.see()
    assert SYSTEM in {one.id for one in take_back(now).conflicts}
    with pytest.raises(DecidedMeanwhile, match="taken back meanwhile") as refused:
        table.decide(SYSTEM, look=now, pick="theirs")
    assert refused.value.details == {"conflict": SYSTEM, "present": None}


def test_what_was_not_decided_cannot_be_opened_again_and_nothing_is_no_decision(table: Table) -> None:
    table.decide(SYSTEM, pick="ours")
    with pytest.raises(InvalidInput, match=f"zzz is not decided; decided: {SYSTEM}") as refused:
        table.desk.do(review_conflicts.resolve, ReviewResolutions(remove=("zzz", SYSTEM)))
    assert refused.value.details == {"decided": [SYSTEM]}
    with pytest.raises(InvalidInput, match="expected resolutions, or remove"):
        table.desk.do(review_conflicts.resolve, ReviewResolutions())
    assert [one.resolution.id for one in table.see().resolutions] == [SYSTEM]
    table.desk.do(review_conflicts.resolve, ReviewResolutions(remove=(SYSTEM,)))
    with pytest.raises(InvalidInput, match=f"{SYSTEM} is not decided; decided: nothing"):
        table.desk.do(review_conflicts.resolve, ReviewResolutions(remove=(SYSTEM,)))


def test_of_many_who_decide_at_the_same_moment_one_is_heard_and_the_others_are_told(table: Table) -> None:
    look = table.see()
    people = [table.people.engineer, table.people.colleague, table.people.team_lead, table.people.admin]

    def one(by: Caller) -> str | None:
        try:
            table.decide(SYSTEM, by, look=look, pick="ours")
        except DecidedMeanwhile:
            return None
        return by.actor_id

    with ThreadPoolExecutor(4) as pool:
        heard = [who for who in pool.map(one, people) if who is not None]
    assert len(heard) == 1
    assert [kept.by.id for kept in table.see().resolutions] == heard


def test_an_update_from_the_target_takes_what_was_decided_in_the_review(table: Table) -> None:
    colleague = table.people.colleague
    table.decide(TEMPERATURE, pick="theirs")
    with pytest.raises(Conflict, match="1 to decide"):
        table.desk.do(review_decisions.update_, UpdateReview())
    result = table.decide(SYSTEM, colleague, picks=("ours",))
    made = table.desk.do(review_decisions.update_, UpdateReview())
    assert (made.merge, made.conflicts, made.text) == ("fast_forward", (), result.text)
    assert "Drei." in str(made.text)
    assert "temperature: 0.9" in str(made.text)
    # who decided stays an author, and does not approve it as somebody else's
    assert colleague.actor_id in {one.id for one in made.authors}


def test_what_an_update_brings_along_goes_before_what_was_decided_in_the_review(table: Table) -> None:
    table.decide(TEMPERATURE, pick="theirs")
    table.decide(SYSTEM, pick="ours")
    nothing = ConflictResolution(id="value:model", pick="ours")
    with pytest.raises(InvalidInput, match="no conflict: value:model"):
        table.desk.do(review_decisions.update_, UpdateReview(resolutions=(nothing,)))
    own = ConflictResolution(id=SYSTEM, pick="ours")
    made = table.desk.do(review_decisions.update_, UpdateReview(resolutions=(own,)))
    assert "Third." in str(made.text)
    assert "temperature: 0.9" in str(made.text)


def test_a_text_that_gives_no_prompt_is_refused_while_others_are_open(table: Table) -> None:
    with pytest.raises(InvalidInput, match="does not parse") as refused:
        table.decide(SYSTEM, text="One.\n{{#if x}}\n")
    assert refused.value.details == {"conflict": SYSTEM}
    with pytest.raises(InvalidInput):
        table.decide(TEMPERATURE, text="temperature: [")
    assert table.see().resolutions == ()
    made = table.decide(SYSTEM, text="Eins.\nZwei.\nDrei.\n")
    assert [one.id for one in made.conflicts] == [TEMPERATURE]


@pytest.mark.parametrize("text", ["temperature: [", "heat: 1", "0.5", "", "temperature: 1\nmore: 2"])
def test_a_text_that_is_no_such_unit_is_refused_in_words_and_nothing_is_kept(table: Table, text: str) -> None:
    one = ConflictResolution(id=TEMPERATURE, text=text)
    with pytest.raises(InvalidInput, match=f"the resolution of {TEMPERATURE}: "):
        table.decide(TEMPERATURE, text=text)
    query = MergeQuery(source="tone", resolutions=(one,))
    with pytest.raises(InvalidInput, match=f"the resolution of {TEMPERATURE}: "):
        table.desk.library.run(merging.preview, table.desk.path, query)
    assert table.see().resolutions == ()


def test_a_text_that_decides_for_nothing_is_a_decision(table: Table) -> None:
    made = table.decide(TEMPERATURE, text="temperature: null")
    assert [one.id for one in made.conflicts] == [SYSTEM]


def test_a_conflict_that_says_something_else_since_it_was_seen_is_not_decided(table: Table) -> None:
    look = table.see()
    table.desk.edit("tone", "Third.", "The third.")
    with pytest.raises(StaleHead, match="says something else") as refused:
        table.decide(SYSTEM, look=look, pick="theirs")
    assert refused.value.details["conflict"] == SYSTEM
    # the other one is the same
    table.decide(TEMPERATURE, look=look, pick="theirs")
    made = table.decide(SYSTEM, look=table.see(), pick="theirs")
    assert "The third." in str(made.text)


def test_a_decision_that_holds_no_more_says_what_changed_and_can_be_made_anew(table: Table) -> None:
    table.decide(SYSTEM, pick="theirs")
    table.desk.edit("tone", "Third.", "The third.")
    now = table.see()
    (kept,) = now.resolutions
    assert not kept.applies
    assert [change.side for change in kept.changes] == ["theirs"]
    said = [(span.op, span.text) for span in kept.changes[0].spans if span.op != "equal"]
    assert ("insert", "The third") in said or ("insert", "The ") in said or ("insert", "The") in said
    assert "Third." in str(kept.conflict and kept.conflict.theirs)
    made = table.decide(SYSTEM, look=now, pick="theirs")
    assert [(one.applies, one.changes) for one in made.resolutions] == [(True, ())]
    # a branch that comes to say the same: no conflict is left, the decision is kept and applies to nothing
    table.desk.edit("tone", "The third.", "Drei.")
    now = table.see()
    assert SYSTEM not in {one.id for one in now.conflicts}
    assert [(one.applies, one.changes) for one in now.resolutions] == [(False, ())]


def test_decisions_of_an_older_version_of_the_program_hold(table: Table, library: Library) -> None:
    made = table.decide(SYSTEM, pick="ours")
    (kept,) = made.resolutions
    row_key = f"{table.desk.id}#{table.desk.review.number}/{SYSTEM}"

    with library.store.database.writing(library.people.workspace_id) as conn:
        column = review_resolution.c.resolution
        codec = library.store.sealer.codec(conn, library.people.workspace_id)
        old = codec.seal(column, row_key, kept.resolution.model_dump_json())
        assert conn.execute(update(review_resolution).values(resolution=old)).rowcount == 1
        conn.commit()
    # what was answered before is kept until something changes
    table.desk.edit("main", "{{question}}", "{{question}}?")
    (now,) = table.see().resolutions
    assert (now.applies, now.conflict, now.resolution) == (True, None, kept.resolution)
