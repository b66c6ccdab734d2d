"""Who wrote a commit that was brought in, beside who brought it; on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.services import protections, review_decisions, reviews, versions
from jupyter_prompthub_server.store.clock import now
from jupyter_prompthub_server.store.migrate import migrate
from jupyter_prompthub_server.store.tables import account
from sqlalchemy import insert, text

from jupyter_prompthub.core.errors import Protected
from jupyter_prompthub.core.records import (
    MergeReview,
    NewDecision,
    NewProtection,
    Review,
    Rules,
    VersionSummary,
)
from jupyter_prompthub.git.people import NOWHERE, author_of, split
from tests.server.services.bringing import Bring
from tests.server.services.conftest import Library
from tests.support.gitobjects import Made, nested


def listed(library: Library, **query: Any) -> tuple[VersionSummary, ...]:
    path = {"prompt_id": library.resolve("p").prompt_id}
    found: tuple[VersionSummary, ...] = library.run(
        versions.list_, path, versions.VersionQuery(**query)
    ).items
    return found


def test_a_version_says_who_wrote_it_in_git_and_who_brought_it_in(library: Library, bring: Bring) -> None:
    made = Made()
    first = made.commit(nested("p.prompt", b"One\n"))
    made.commit(nested("p.prompt", b"Two\n"), first, who="Ben <ben@example.com>", branch="main")
    bring(made)
    library.save(library.resolve("p").prompt_id, "Three\n")
    ours, ben, ada = listed(library)
    assert {one.author.id for one in (ours, ben, ada)} == {library.people.engineer.actor_id}
    assert (ours.git_author, ours.writer) == (None, ours.author.display_name)
    assert (ben.writer, ada.writer) == ("Ben", "Ada Löwe")
    assert ada.git_author is not None
    assert (ada.git_author.email, ada.git_author.at) == ("ada@example.com", "2023-11-14T22:14:20.000Z")
    assert ada.written_at == ada.git_author.at < ada.created_at
    whole = library.resolve("p").version
    assert whole.git_author is None
    for asked in ("löwe", "ADA@example"):
        assert [one.sha for one in listed(library, author=asked)] == [ada.sha]
    assert len(listed(library, author=library.people.engineer.actor_id)) == 3


@pytest.mark.parametrize(
    ("line", "said", "at"),
    [
        (b"Ada <a@x> 1700000060 +0530", ("Ada", "a@x"), "2023-11-14T22:14:20+00:00"),
        (b"<a@x> 0 +0000", ("", "a@x"), "1970-01-01T00:00:00+00:00"),
        (b"Ada 1700000060 +0000", ("", "Ada"), "2023-11-14T22:14:20+00:00"),
        (b"A\xe2\x80\xaed\x07a\xff <a@x> 5 +0000", ("Ada", "a@x"), "1970-01-01T00:00:05+00:00"),
        (b"Ada <a@x> 999999999999 +0000", ("Ada", "a@x"), None),
        (b"Ada <a@x> soon", ("", ""), None),
        (b"N" * 500 + b" <a@x> 5 +0000", ("N" * 200, "a@x"), "1970-01-01T00:00:05+00:00"),
    ],
)
def test_what_an_author_s_line_may_hold(line: bytes, said: tuple[str, str], at: str | None) -> None:
    author, when = author_of(
        b"tree 1\nauthor " + line + b"\ncommitter C <c@x> 7 +0000\n\nauthor D <d@x> 9 +0000\n"
    )
    assert (split(author), when and when.isoformat()) == (said, at)


def test_a_member_whose_address_git_gives_does_not_approve_what_comes_in(
    library: Library, bring: Bring
) -> None:
    people = library.people
    library.run(
        protections.create,
        new=NewProtection(prompts="*", branch="main", rules=Rules(approvals=1)),
        by=people.admin,
    )
    with library.store.database.writing(people.workspace_id) as conn:
        conn.execute(
            insert(account).values(
                actor_id=people.team_lead.actor_id,
                email="lead@example.com",
                password_hash="-",
                created_at=now(),
            )
        )
        conn.commit()
    made = Made()
    head = made.commit(nested("p.prompt", b"One\n"), branch="main")
    bring(made)
    head = made.commit(nested("p.prompt", b"Two\n"), head, who="Lead <Lead@Example.com>")
    made.commit(
        nested("p.prompt", b"Three\n"), head, who=f"A <{people.admin.actor_id}{NOWHERE}>", branch="main"
    )
    done = bring(made)
    path = {"prompt_id": library.resolve("p").prompt_id, "number": "1"}
    assert len(done.reviews) == 1

    def approve(by: Caller) -> Review:
        digest = library.run(reviews.get, path, by=by).digest
        made: Review = library.run(
            review_decisions.decide, path, NewDecision(decision="approve", digest=digest), by
        )
        return made

    for one in (people.team_lead, people.admin):
        assert [each.standing for each in approve(one).decisions if each.by.id == one.actor_id] == ["author"]
    with pytest.raises(Protected):
        library.run(review_decisions.merge, path, MergeReview(), people.team_lead)


def test_versions_of_a_store_from_before_0008_have_none(library: Library, tmp_path: Path) -> None:
    library.create("p", "One\n")
    database = library.store.database
    with database.writing("") as conn:
        for name in ("git_author", "git_authored_at"):
            conn.execute(text(f"ALTER TABLE version DROP COLUMN {name}"))
        conn.execute(text("UPDATE alembic_version SET version_num = '0007'"))
        conn.commit()
    assert migrate(database, tmp_path / "backups") is not None
    assert library.resolve("p").version.git_author is None
