"""Conversations of reviews, through the dispatcher, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from jupyter_prompthub_server.operations import Caller, Operation
from jupyter_prompthub_server.services import reviews, threads
from jupyter_prompthub_server.store.tables import actor
from sqlalchemy import update

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.errors import Conflict, Forbidden, InvalidInput, NotFound, StaleHead
from jupyter_prompthub.core.records import (
    ApplySuggestion,
    CommentPatch,
    NewComment,
    NewThread,
    ReviewQuery,
    Rules,
    Thread,
    ThreadPatch,
    ThreadQuery,
)
from jupyter_prompthub.core.reviews import anchors
from tests.server.services.conftest import Library
from tests.server.services.test_reviews import Desk

SYSTEM = "segment/0/system"


class Talk(Desk):
    """A desk with short ways to talk."""

    def begin(self, words: str | None = None, by: Caller | None = None, **more: Any) -> Thread:
        place: dict[str, Any] = {}
        if words is not None:
            source = self.version("tone").content.segments[0].source
            start = source.index(words)
            place = {"path": SYSTEM, "start": start, "end": start + len(words)}
        new = NewThread(**{"body": "Why?", **place, **more})
        made: Thread = self.library.run(threads.begin, self._at(None), new, by or self.people.colleague)
        return made

    def on(
        self, op: Operation, thread: Thread, new: Any, by: Caller | None = None, at: int | None = None
    ) -> Thread:
        path = {**self._at(None), "thread_id": thread.id}
        if at is not None:
            path["comment_id"] = thread.comments[at].id
        made: Thread = self.library.run(op, path, new, by or self.people.colleague)
        return made

    def all(self) -> tuple[Thread, ...]:
        found: tuple[Thread, ...] = self.library.run(
            threads.list_, self._at(None), ThreadQuery(), self.people.viewer
        ).items
        return found


@pytest.fixture
def talk(library: Library) -> Talk:
    return Talk(library, Rules(conversations_resolved=True))


def test_a_conversation_follows_its_words_through_later_versions(talk: Talk) -> None:
    made = talk.begin("Third.")
    assert (made.quote, made.outdated, made.original) == ("Third.", False, made.anchor)
    talk.edit("tone", "One.", "One, and one more.")
    (found,) = talk.all()
    assert found.anchor
    assert found.anchor != found.original
    text = talk.version("tone").content.segments[0].source
    assert text[found.anchor.start : found.anchor.end] == "Third."
    talk.edit("tone", "Third.", "Nothing at all.")
    (found,) = talk.all()
    assert (found.anchor, found.outdated, found.quote) == (None, True, "Third.")


def test_a_place_in_what_the_review_shows_is_found_in_the_source(library: Library) -> None:
    talk = Talk(library)
    # main has a message more before the others: places in the merge result are not those of the source
    talk.edit("main", '{{role "system"}}', '{{role "user"}}\nHello.\n{{role "system"}}\nZero.')
    seen = talk.see()
    assert seen.digest
    assert seen.text
    start = promptfile.parse(seen.text).content.segments[1].source.index("Third.")
    shown = {"path": "segment/1/system", "start": start, "end": start + 6, "digest": seen.digest}
    made = talk.begin(**shown, suggestion="3.")
    assert made.anchor
    assert made.shown
    assert (made.quote, made.anchor.path) == ("Third.", SYSTEM)
    assert (made.shown.path, made.shown.start, made.shown.end) == ("segment/1/system", start, start + 6)
    assert talk.all()[0].shown == made.shown
    with pytest.raises(InvalidInput, match="comes from main"):
        talk.begin(path="segment/0/user", digest=seen.digest)
    with pytest.raises(InvalidInput, match="update it from main"):
        talk.begin(path="segment/1/system", digest=seen.digest, suggestion="All of it")
    talk.edit("tone", "{{question}}", "{{question}}?")
    with pytest.raises(StaleHead):
        talk.begin(**shown)
    talk.on(threads.update_, made, ThreadPatch(resolved=True))
    talk.merge()
    (after,) = talk.all()
    assert after.shown
    assert after.shown.path == "segment/1/system"


def test_open_conversations_about_a_place_hold_the_merge_up(talk: Talk) -> None:
    talk.begin(body="Well done.")  # about the whole review: talk
    assert talk.codes() == []
    made = talk.begin("Third.")
    assert talk.codes() == ["conversations"]
    assert talk.see().open_threads == 1
    done = talk.on(threads.update_, made, ThreadPatch(resolved=True))
    assert done.resolved_by
    assert talk.codes() == []
    talk.on(threads.update_, made, ThreadPatch(resolved=False))
    assert talk.codes() == ["conversations"]
    talk.on(threads.update_, made, ThreadPatch(resolved=True))
    assert talk.merge().state.value == "merged"


def test_a_suggestion_becomes_a_version_of_both(talk: Talk) -> None:
    made = talk.begin("Third.", body="Shorter", suggestion="3.")
    head = talk.version("tone").sha
    with pytest.raises(StaleHead):
        talk.on(threads.apply, made, ApplySuggestion(expected_head="0" * 64), at=0)
    done = talk.on(threads.apply, made, ApplySuggestion(expected_head=head), talk.people.engineer, 0)
    version = talk.version("tone")
    assert "\n3.\n" in version.text
    assert done.comments[0].applied_sha == version.sha
    assert done.resolved_at
    assert (version.author.id, [one.id for one in version.editors]) == (
        talk.people.engineer.actor_id,
        [talk.people.colleague.actor_id],
    )
    # who suggested it wrote a part of it
    assert talk.people.colleague.actor_id in {one.id for one in talk.see().authors}
    with pytest.raises(Conflict, match="has been applied"):
        talk.on(threads.apply, made, ApplySuggestion(), at=0)


def test_a_suggestion_of_words_that_changed_is_not_applied(talk: Talk) -> None:
    made = talk.begin("Two.\nThird.", suggestion="2. 3.")
    plain = talk.on(threads.add, made, NewComment(body="Hm."))
    talk.edit("tone", "Two.", "Two!")
    head = talk.version("tone").sha
    with pytest.raises(Conflict, match="not there any more"):
        talk.on(threads.apply, made, ApplySuggestion(), at=0)
    with pytest.raises(Conflict, match="suggests nothing"):
        talk.on(threads.apply, plain, ApplySuggestion(), at=1)
    broken = talk.begin("Third.", suggestion="{{#if x}}")
    with pytest.raises(Exception, match="line"):
        talk.on(threads.apply, broken, ApplySuggestion(), at=0)
    assert talk.version("tone").sha == head
    whole = talk.begin(path="segment/1/user", suggestion='{{role "user"}}\n{{question}}?\n')
    talk.on(threads.apply, whole, ApplySuggestion(), at=0)
    assert talk.version("tone").text.endswith("{{question}}?\n")


@pytest.mark.parametrize(("end", "written"), [("\r\n", "\n"), ("\r", "\n"), ("\n", "\r\n")])
def test_a_suggestion_is_written_with_the_line_ends_of_the_prompt(talk: Talk, end: str, written: str) -> None:
    text = talk.version("tone").text
    talk.library.save(talk.id, text.replace("\n", end), "Line ends", branch="tone")
    some = talk.begin("Two.\nThird.", suggestion=f"2.{written}3.")
    talk.on(threads.apply, some, ApplySuggestion(), at=0)
    expected = text.replace("Two.\nThird.", "2.\n3.")
    assert talk.version("tone").text == expected.replace("\n", end)
    message = '{{role "user"}}\n\n{{question}}?\n'
    whole = talk.begin(path="segment/1/user", suggestion=message.replace("\n", written))
    talk.on(threads.apply, whole, ApplySuggestion(), at=0)
    expected = expected[: expected.index('{{role "user"}}')] + message
    assert talk.version("tone").text == expected.replace("\n", end)


def test_who_is_mentioned_finds_it_in_the_inbox(talk: Talk) -> None:
    def box(by: Caller) -> int:
        return len(talk.library.run(reviews.list_, new=ReviewQuery(inbox="mentioned"), by=by).items)

    lead, viewer = talk.people.team_lead, talk.people.viewer
    made = talk.begin("Third.", body="@Team Lead of Acme, is that so?")
    assert [one.id for one in made.comments[0].mentions] == [lead.actor_id]
    assert (box(lead), box(viewer)) == (1, 0)
    talk.on(threads.add, made, NewComment(body="See this", mentions=(viewer.actor_id,)))
    assert box(viewer) == 1
    with pytest.raises(InvalidInput, match="no member"):
        talk.on(threads.add, made, NewComment(body="x", mentions=(talk.people.stranger.actor_id,)))


def test_a_comment_in_other_words_mentions_whom_they_name(talk: Talk) -> None:
    def box(by: Caller) -> int:
        return len(talk.library.run(reviews.list_, new=ReviewQuery(inbox="mentioned"), by=by).items)

    def edited(body: str) -> tuple[set[str], str | None]:
        path = {**talk._at(None), "thread_id": made.id, "comment_id": made.comments[0].id}
        outcome = talk.library.told(threads.edit, path, CommentPatch(body=body), talk.people.colleague)
        (event,) = [one for one in outcome.events if one.kind == "review.commented"]
        return {one.id for one in talk.all()[0].comments[0].mentions}, event.ids.get("mentioned")

    lead, viewer = talk.people.team_lead, talk.people.viewer
    made = talk.begin("Third.", body="Is that so?", mentions=(viewer.actor_id,))
    both = {lead.actor_id, viewer.actor_id}
    assert edited("Is that so, @Team Lead of Acme?") == (both, lead.actor_id)
    assert (box(lead), box(viewer)) == (1, 1)
    assert edited("@Team Lead of Acme, is that so?") == (both, None)
    assert edited("Is that so?") == ({viewer.actor_id}, None)
    assert (box(lead), box(viewer)) == (0, 1)


@pytest.mark.parametrize(
    ("body", "who"),
    [
        ("@Ann, look", ["Ann"]),
        ("@annlee look", ["Ann Lee"]),
        ("@ANN LEE look", ["Ann Lee"]),
        ("@Annabel", []),
        ("mail bob@Ann", []),
        ("(@Ann) and @AnnLee.", ["Ann", "Ann Lee"]),
        ("@@Ann", []),
        ("@", []),
        ("Ann", []),
    ],
)
def test_a_name_is_meant_whole(library: Library, body: str, who: list[str]) -> None:
    names = {"Ann": library.people.team_lead, "Ann Lee": library.people.colleague}
    with library.store.database.writing(library.people.workspace_id) as conn:
        for name, person in names.items():
            conn.execute(update(actor).where(actor.c.id == person.actor_id).values(display_name=name))
        conn.commit()
    made = Talk(library).begin(body=body, by=library.people.admin)
    assert sorted(one.display_name for one in made.comments[0].mentions) == who


def test_conversations_come_by_pages_and_are_so_many_at_most(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [talk.begin(body=str(at)).id for at in range(5)]
    page = talk.library.run(threads.list_, talk._at(None), ThreadQuery(limit=3))
    assert [one.id for one in page.items] == made[:3]
    rest = talk.library.run(threads.list_, talk._at(None), ThreadQuery(limit=3, cursor=page.next_cursor))
    assert ([one.id for one in rest.items], rest.next_cursor) == (made[3:], None)
    monkeypatch.setattr(threads, "_MOST", 5)
    monkeypatch.setattr(threads, "_MOST_COMMENTS", 2)
    with pytest.raises(Conflict, match="5 conversations, the most"):
        talk.begin()
    first = talk.all()[0]
    talk.on(threads.add, first, NewComment(body="two"))
    with pytest.raises(Conflict, match="2 comments, the most"):
        talk.on(threads.add, first, NewComment(body="three"))


def test_many_places_of_one_version_are_followed_by_one_match(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        talk.begin("Third.")
    talk.edit("tone", "One.", "First of all.")
    calls = []
    matched = anchors.match_units
    monkeypatch.setattr(anchors, "match_units", lambda *both: calls.append(both) or matched(*both))
    assert {one.outdated for one in talk.all()} == {False}
    assert len(calls) == 1


def test_comments_are_changed_by_who_wrote_them(talk: Talk) -> None:
    made = talk.begin("Third.")
    with pytest.raises(Forbidden):
        talk.on(threads.edit, made, CommentPatch(body="x"), talk.people.admin, 0)
    done = talk.on(threads.edit, made, CommentPatch(body="Why third?"), at=0)
    assert (done.comments[0].body, bool(done.comments[0].edited_at)) == ("Why third?", True)
    with pytest.raises(Forbidden):
        talk.on(threads.add, made, NewComment(body="x"), talk.people.viewer)


def test_a_place_that_is_not_there_is_refused(talk: Talk) -> None:
    for wrong in (
        {"path": "segment/9/user"},
        {"path": SYSTEM, "start": 0, "end": 10_000},
        {"path": "variable/question", "start": 0, "end": 1},
        {"path": "variable/question", "suggestion": "x"},
        {"suggestion": "x"},
    ):
        with pytest.raises(InvalidInput):
            talk.begin(**wrong)
    with pytest.raises(NotFound):
        talk.begin(version="0" * 64)
    assert talk.all() == ()


def test_foreign_ids_are_not_there(talk: Talk) -> None:
    made = talk.begin("Third.")
    talk.library.branch(talk.id, "other", "tone")
    second = talk.open(source="other")
    here = {"prompt_id": talk.id, "number": "1", "thread_id": made.id, "comment_id": made.comments[0].id}
    stray = talk.begin()
    for wrong, by in (
        ({"number": str(second.number)}, talk.people.admin),
        ({"thread_id": stray.id}, talk.people.admin),
        ({"comment_id": stray.comments[0].id}, talk.people.admin),
        ({}, talk.people.stranger),
    ):
        with pytest.raises(NotFound):
            talk.library.run(threads.edit, {**here, **wrong}, CommentPatch(body="x"), by)
