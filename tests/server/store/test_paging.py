"""Pages are whole: no row twice, none left out, at any depth, also while rows come in."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from jupyter_prompthub_server.store.clock import now
from jupyter_prompthub_server.store.paging import COUNTED, Sort, fetch
from jupyter_prompthub_server.store.store import Store
from jupyter_prompthub_server.store.tables import revoked_jti
from sqlalchemy import insert, select

from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.records import PageQuery

T = revoked_jti
BY_TIME = [Sort(T.c.revoked_at, descending=True), Sort(T.c.jti)]


@pytest.fixture
def rows(store: Store) -> list[str]:
    """25 rows, five to each time; their keys in the order of ``BY_TIME``."""
    at = now()
    made = [
        {"jti": f"{i:02}", "revoked_at": at + timedelta(milliseconds=i % 5), "expires_at": at}
        for i in range(25)
    ]
    with store.database.writing("") as conn:
        conn.execute(insert(T), made)
        conn.commit()
    return [str(r["jti"]) for r in sorted(made, key=lambda r: (-(int(str(r["jti"])) % 5), r["jti"]))]


@pytest.mark.parametrize("limit", [1, 3, 5, 24, 25, 26])
def test_cursors_give_every_row_once_and_in_order(store: Store, rows: list[str], limit: int) -> None:
    got, cursor, pages = [], None, 0
    with store.database.reading() as conn:
        while True:
            paged = fetch(conn, select(T), BY_TIME, PageQuery(limit=limit, cursor=cursor), named="x")
            got += [row.jti for row in paged.rows]
            assert paged.total == 25
            pages += 1
            if (cursor := paged.next_cursor) is None:
                break
    assert got == rows
    assert pages == -(-25 // limit)


def test_pages_by_number_are_the_same_rows(store: Store, rows: list[str]) -> None:
    with store.database.reading() as conn:
        pages = [
            fetch(conn, select(T), BY_TIME, PageQuery(limit=10, page=page), named="x")
            for page in (1, 2, 3, 4)
        ]
    assert [row.jti for paged in pages for row in paged.rows] == rows
    assert [paged.next_cursor is None for paged in pages] == [False, False, True, True]
    assert pages[1].fields() == {
        "next_cursor": pages[1].next_cursor,
        "page": 2,
        "limit": 10,
        "total": 25,
    }


def test_a_row_that_comes_in_before_the_cursor_shifts_nothing(store: Store, rows: list[str]) -> None:
    with store.database.reading() as conn:
        first = fetch(conn, select(T), BY_TIME, PageQuery(limit=10), named="x")
    with store.database.writing("") as conn:
        conn.execute(insert(T).values(jti="!", revoked_at=now() + timedelta(days=1), expires_at=now()))
        conn.commit()
    with store.database.reading() as conn:
        second = fetch(conn, select(T), BY_TIME, PageQuery(limit=10, cursor=first.next_cursor), named="x")
    assert [row.jti for row in second.rows] == rows[10:20]


def _cursor(*data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "ÿ",
        "AAAA",
        _cursor("x"),
        _cursor("other", {"ms": 1}, "a"),
        _cursor("x", {"ms": 1}, "a", "b"),
        _cursor("x", {"ms": 1e99}, "a"),
        _cursor("x", {"ms": "1"}, "a"),
        _cursor("x", {}, "a"),
        _cursor("x", None, "a"),
        _cursor("x", [1], True),
        _cursor("x", "text where a time is expected", "a"),
        _cursor("x", {"ms": 1}, {"ms": 1}),
        _cursor("x", {"ms": 1}, 7),
        _cursor("x", {"ms": 1}, "nul\0"),
        _cursor("x", {"ms": 1}, "\ud800"),
    ],
)
def test_a_cursor_that_is_not_of_this_list_is_refused(store: Store, rows: list[str], cursor: str) -> None:
    with store.database.reading() as conn, pytest.raises(InvalidInput, match="start again"):
        fetch(conn, select(T), BY_TIME, PageQuery(cursor=cursor), named="x")


def test_cursor_and_page_together_and_pages_beyond_the_limit_are_refused(
    store: Store, rows: list[str]
) -> None:
    with store.database.reading() as conn:
        cursor = fetch(conn, select(T), BY_TIME, PageQuery(limit=1), named="x").next_cursor
        with pytest.raises(InvalidInput, match="got both"):
            fetch(conn, select(T), BY_TIME, PageQuery(cursor=cursor, page=1), named="x")
        with pytest.raises(InvalidInput, match="next_cursor"):
            fetch(conn, select(T), BY_TIME, PageQuery(limit=100, page=COUNTED // 100 + 1), named="x")
        last = fetch(conn, select(T), BY_TIME, PageQuery(limit=100, page=COUNTED // 100), named="x")
        assert last.rows == []


def test_totals_stop_at_ten_thousand(store: Store) -> None:
    at = now()
    with store.database.writing("") as conn:
        conn.execute(
            insert(T), [{"jti": f"{i:05}", "revoked_at": at, "expires_at": at} for i in range(10_050)]
        )
        conn.commit()
    with store.database.reading() as conn:
        assert fetch(conn, select(T), BY_TIME, PageQuery(limit=1), named="x").total == COUNTED
