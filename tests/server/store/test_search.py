"""Search finds the same on both databases, whatever is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_prompthub_server.store import search
from jupyter_prompthub_server.store.clock import new_id, now
from jupyter_prompthub_server.store.paging import Sort, fetch
from jupyter_prompthub_server.store.search import MARK_END, MARK_START, highlight, words
from jupyter_prompthub_server.store.store import Store
from jupyter_prompthub_server.store.tables import prompt
from sqlalchemy import insert, select, text

from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.records import PageQuery
from tests.support.people import People, settle

_LIBRARY = {
    "support/refund": ("Refund letter", ["support", "billing"], "Write to {{customer}} about their refund."),
    "support/greeting": ("Greeting", ["support"], "Say hello, and mention the order-number ORD_12."),
    "extract/invoice": (
        "Invoice to JSON",
        ["extraction"],
        "Read the café's invoice. Straße, Zürich, 東京都.",
    ),
    "mention": ("Mentions", [], "Long text that says refund only far below. " + "filler " * 300 + "refund"),
}


@pytest.fixture
def people(store: Store) -> People:
    """The library above, and a namesake in the other workspace."""
    people = settle(store)
    assert people.elsewhere is not None
    for who, library in (
        (people, _LIBRARY),
        (people.elsewhere, {"other": ("Refund", ["support"], "refund")}),
    ):
        with store.database.writing(who.workspace_id) as conn:
            for name, (title, tags, body) in library.items():
                row_id = new_id()
                conn.execute(
                    insert(prompt).values(
                        workspace_id=who.workspace_id,
                        id=row_id,
                        name=name,
                        title=title,
                        created_by=who.admin.actor_id,
                        created_at=now(),
                        updated_at=now(),
                    )
                )
                search.index(conn, who.workspace_id, row_id, name=name, title=title, tags=tags, text=body)
            conn.commit()
    return people


def _find(store: Store, people: People, typed: str) -> list[str] | None:
    with store.database.reading() as conn:
        found = search.matching(conn, people.workspace_id, typed)
        if found is None:
            return None
        query = select(prompt.c.name).join(found, found.c.prompt_id == prompt.c.id)
        return list(conn.execute(query.order_by(found.c.rank, prompt.c.name)).scalars())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("refund", {"support/refund", "mention"}),
        ("REFUND letter", {"support/refund"}),
        ("ref", {"support/refund", "mention"}),
        ("ref letter", set()),
        ("letter ref", {"support/refund"}),
        ("support", {"support/refund", "support/greeting"}),
        ("support/gree", {"support/greeting"}),
        ("billing", {"support/refund"}),
        ("cafe", {"extract/invoice"}),
        ("CAFÉ", {"extract/invoice"}),
        ("strasse zurich", {"extract/invoice"}),
        ("京", {"extract/invoice"}),
        ("東京", {"extract/invoice"}),
        ("ord_12", {"support/greeting"}),
        ("number-ord", {"support/greeting"}),
        ("{{customer}}", {"support/refund"}),
        ("nowhere", set()),
    ],
)
def test_words_are_found_by_their_beginning_in_any_spelling(
    store: Store, people: People, typed: str, expected: set[str]
) -> None:
    assert set(_find(store, people, typed) or []) == expected


def test_a_match_in_the_name_comes_before_one_in_the_text(store: Store, people: People) -> None:
    assert _find(store, people, "refund") == ["support/refund", "mention"]


@pytest.mark.parametrize("typed", ["", "  ", "!!", '"', "***", "\x00", "_", "🙂", "\u0301"])
def test_what_holds_no_word_is_no_search(store: Store, people: People, typed: str) -> None:
    assert _find(store, people, typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        'name_terms:refund OR "x',
        "refund NEAR(letter, 2)",
        "refund AND NOT letter",
        "'; DROP TABLE prompt; --",
        "refund:* & !letter | (x <-> y)",
        "refund^2 *",
        "{name_terms}: refund",
        "a" * 5_000,
        " ".join(f"w{i}" for i in range(500)),
        "\\' \\\\ %s :x %(y)s ? $1",
        "²³ ½ ﬁ",
    ],
)
def test_the_syntax_of_a_search_engine_is_only_words(store: Store, people: People, typed: str) -> None:
    assert _find(store, people, typed) is not None
    assert set(_find(store, people, "refund") or []) == {"support/refund", "mention"}


def test_a_renewed_entry_is_found_by_its_new_words_only(store: Store, people: People) -> None:
    ws = people.workspace_id
    with store.database.writing(ws) as conn:
        row_id = conn.execute(select(prompt.c.id).where(prompt.c.name == "support/refund")).scalar_one()
        search.index(conn, ws, row_id, name="support/refund", title="New", tags=[], text="apology")
        conn.commit()
    assert _find(store, people, "letter") == []
    assert _find(store, people, "apology") == ["support/refund"]
    with store.database.writing(ws) as conn:
        search.remove(conn, ws, row_id)
        conn.commit()
    assert _find(store, people, "apology") == []


def test_the_index_can_be_made_anew(store: Store, people: People) -> None:
    with store.database.writing("") as conn:
        if store.database.is_sqlite:
            conn.execute(text("INSERT INTO search_fts (search_fts) VALUES ('delete-all')"))
            conn.commit()
            assert _find(store, people, "invoice") == []
        search.rebuild(conn)
        conn.commit()
    assert _find(store, people, "invoice") == ["extract/invoice"]


def test_pages_of_a_ranked_search_are_whole_and_in_order(store: Store, people: People) -> None:
    got, cursor = [], None
    with store.database.reading() as conn:
        found = search.matching(conn, people.workspace_id, "re")
        assert found is not None
        query = select(prompt.c.name).join(found, found.c.prompt_id == prompt.c.id)
        order = [Sort(found.c.rank), Sort(prompt.c.name)]
        whole = [row.name for row in fetch(conn, query, order, PageQuery(limit=50), named="s").rows]
        while True:
            paged = fetch(conn, query, order, PageQuery(limit=1, cursor=cursor), named="s")
            got += [row.name for row in paged.rows]
            if (cursor := paged.next_cursor) is None:
                break
        with pytest.raises(InvalidInput):
            fetch(conn, query, order, PageQuery(cursor="nonsense"), named="s")
    assert got == whole
    assert len(whole) == 3


def _marked(typed: str, source: str) -> str | None:
    found = highlight(typed, source)
    return None if found is None else found.replace(MARK_START, "[").replace(MARK_END, "]")


def test_a_highlight_is_the_first_line_that_matches() -> None:
    source = "Dear customer,\nyour Refund is late. A refund!\nrefund"
    assert _marked("refund", source) == "your [Refund] is late. A [refund]!"
    assert _marked("late your", source) == "[your] Refund is [late]. A refund!"
    assert _marked("ref", source) == "your [Refund] is late. A [refund]!"
    assert _marked("cafe", "le café") == "le [café]"
    assert _marked("nothing", source) is None
    assert _marked("", source) is None


def test_a_highlight_of_a_long_line_is_cut_around_its_match() -> None:
    found = highlight("needle", "x " * 1_000 + "needle" + " y" * 1_000)
    assert found is not None
    assert found.startswith("…")
    assert found.endswith("…")
    assert f"{MARK_START}needle{MARK_END}" in found
    assert len(found) < 200


def test_a_highlight_is_looked_for_in_the_first_part_of_a_long_text() -> None:
    filler = "word " * 6_000 + "\n"
    assert _marked("needle", filler + "needle") == "[needle]"
    assert _marked("needle", filler * 2 + "needle") is None


@given(st.text("ab_ é\n", max_size=60), st.text("abé ", max_size=8))
def test_a_highlight_is_found_exactly_where_a_word_matches(source: str, typed: str) -> None:
    asked = words(typed)
    there = [
        line
        for line in source.splitlines()
        if any(word in asked or word.startswith(asked[-1]) for word in words(line) if asked)
    ]
    found = _marked(typed, source)
    assert (found is None) == (not there)
    if found is not None:
        assert found.replace("[", "").replace("]", "") == there[0].strip()


def test_marks_in_the_text_itself_are_not_taken_for_matches() -> None:
    assert highlight("b", "\x01a\x02 b") == f" a  {MARK_START}b{MARK_END}".strip()


@given(st.text(max_size=200), st.text(max_size=50))
def test_a_highlight_only_adds_marks(source: str, typed: str) -> None:
    found = highlight(typed, source)
    if found is not None:
        assert found.count(MARK_START) == found.count(MARK_END) > 0
        bare = found.replace(MARK_START, "").replace(MARK_END, "").strip("…").strip()
        assert bare in source.replace(MARK_START, " ").replace(MARK_END, " ")


@given(st.text(max_size=100))
def test_words_are_stable_under_folding(source: str) -> None:
    assert words(" ".join(words(source))) == words(source)
