"""Pages: keyset cursors of any depth, and a promised ``page=`` up to row 10,000.

A cursor is the sort key of the last row of a page, opaque to clients and bound to the order that it was
made for; it tells nothing that the page itself did not.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, String, and_, func, literal_column, or_, select

from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.records import PageQuery

from .types import AnyRow, Instant

__all__ = ["COUNTED", "Paged", "Sort", "count", "fetch"]

COUNTED = 10_000
"""Totals are counted up to here, and ``page=`` reaches up to here."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sort:
    """One column of an order. The last one of an order must be unique, and none may be null."""

    column: ColumnElement[Any]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Paged:
    """Rows of one page, and what goes into the answer beside them."""

    rows: Sequence[AnyRow]
    next_cursor: str | None
    page: int | None
    limit: int
    total: int | None

    def fields(self) -> dict[str, Any]:
        """The fields of :class:`~jupyter_prompthub.core.records.Page`."""
        return {"next_cursor": self.next_cursor, "page": self.page, "limit": self.limit, "total": self.total}


def fetch(
    conn: Connection,
    query: Select[Any],
    order: Sequence[Sort],
    asked: PageQuery,
    *,
    named: str,
    counted: Select[Any] | None = None,
    total: ColumnElement[int] | None = None,
) -> Paged:
    """Read one page of ``query`` (which has no order or limit of its own).

    Args:
        order: the sort columns; all of them must be among the query's columns or its tables'.
        named: the name of this order (and of what it is filtered by, where a cursor must not be taken
            over to another filter): a cursor made for another one is refused.
        counted: has as many rows as ``query`` and is counted instead (up to 10,000).
        total: the number of rows of ``query``, where its own statement knows it; then nothing is counted, unless the
            page is empty.

    Raises:
        InvalidInput: a cursor that is damaged or of another order, or a page beyond row 10,000.
    """
    statement = query.order_by(*(s.column.desc() if s.descending else s.column.asc() for s in order))
    keys = [s.column.label(f"_key{i}") for i, s in enumerate(order)]
    statement = statement.add_columns(*keys).limit(asked.limit + 1)
    if asked.cursor:
        if asked.page is not None:
            raise InvalidInput("expected cursor or page, got both")
        statement = statement.where(_beyond(order, _decode(asked.cursor, named, order)))
    elif asked.page is not None:
        offset = (asked.page - 1) * asked.limit
        if offset + asked.limit > COUNTED:
            raise InvalidInput(
                f"page {asked.page} goes beyond row {COUNTED}: go on with next_cursor instead of page",
                details={"limit": COUNTED},
            )
        statement = statement.offset(offset)
    if total is not None:
        statement = statement.add_columns(total.label("_total"))
    rows = conn.execute(statement).all()
    cursor = None
    if total is not None and rows:
        known = min(COUNTED, rows[0]._total)
    else:
        known = count(conn, query if counted is None else counted)
    if len(rows) > asked.limit:
        rows = rows[: asked.limit]
        cursor = _encode(named, [getattr(rows[-1], f"_key{i}") for i in range(len(order))])
    return Paged(rows, cursor, asked.page, asked.limit, known)


def count(conn: Connection, query: Select[Any]) -> int:
    """How many rows there are, at most 10,000."""
    inner = query.with_only_columns(literal_column("1"), maintain_column_froms=True).limit(COUNTED).subquery()
    return int(conn.execute(select(func.count()).select_from(inner)).scalar_one())


def _beyond(order: Sequence[Sort], values: Sequence[Any]) -> ColumnElement[bool]:
    """The rows after the one with these sort values."""
    cases = []
    for i, (sort, value) in enumerate(zip(order, values, strict=True)):
        equal = [earlier.column == known for earlier, known in zip(order[:i], values[:i], strict=True)]
        after = sort.column < value if sort.descending else sort.column > value
        cases.append(and_(*equal, after))
    return or_(*cases)


_TO_JSON: dict[type, Callable[[Any], Any]] = {
    datetime: lambda at: {"ms": round(at.timestamp() * 1000)},
    str: lambda text: text,
    int: lambda number: number,
    float: lambda number: number,
}


def _encode(named: str, values: Sequence[Any]) -> str:
    data = [named, *(_TO_JSON[type(value)](value) for value in values)]
    return base64.urlsafe_b64encode(json.dumps(data, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(cursor: str, named: str, order: Sequence[Sort]) -> list[Any]:
    try:
        data = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(data, list) and len(data) == len(order) + 1 and data[0] == named:
            return [_value(each, sort.column) for each, sort in zip(data[1:], order, strict=True)]
    except (binascii.Error, ValueError, OverflowError, OSError, KeyError, TypeError, AttributeError):
        pass
    raise InvalidInput("this cursor is not one of this list: start again without a cursor")


def _value(each: Any, column: ColumnElement[Any]) -> Any:
    """A value of a cursor, if it is one that the column could have."""
    if isinstance(column.type, Instant):
        return datetime.fromtimestamp(each["ms"] / 1000, UTC)
    if isinstance(column.type, String):
        each.encode()  # raises for what is no text, and for lone surrogates
        if isinstance(each, str) and "\0" not in each:
            return each
    elif isinstance(each, float) or (type(each) is int and abs(each) < 2**63):
        return each
    raise ValueError(each)
