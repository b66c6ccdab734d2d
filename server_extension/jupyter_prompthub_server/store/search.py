"""Full-text search over names, titles, tags and head texts: FTS5 or ``tsvector``, with one notion of a word.

Words are cut and folded here (case, accents, compatibility forms; Chinese and Japanese text by single
characters), so that both databases find the same. What a user types is only ever words: all of them must
occur, the last one may be the beginning of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    Float,
    FromClause,
    Subquery,
    bindparam,
    cast,
    column,
    delete,
    func,
    literal_column,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from .tables import search_entry

__all__ = [
    "MARK_END",
    "MARK_START",
    "highlight",
    "index",
    "matching",
    "rebuild",
    "relabel",
    "remove",
    "words",
]

MARK_START, MARK_END = "\x01", "\x02"
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_MOST_WORDS = 32
_MOST_BYTES = 260_000
_BM25 = "bm25(search_fts, 8.0, 4.0, 1.0)"
_LOOKED_AT = 32_768
"""code points of a text in which a highlight is looked for, so that a page of long texts is answered as fast"""
_LINE = 160
"""code points of a line that a highlight shows"""


@lru_cache(maxsize=8192)
def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def _found(source: str, start: int = 0) -> Iterator[tuple[str, int, int]]:
    for match in _WORD.finditer(source, start):
        folded = _fold(match[0])
        if folded.isalnum():
            yield folded, match.start(), match.end()


def words(source: str) -> list[str]:
    """The folded words of a text, in order."""
    if source.isascii():
        return _ASCII_WORD.findall(source.lower())
    return [word for word, _, _ in _found(source)]


def _terms(source: str) -> str:
    """The words to index; of a very long text the first ones: a ``tsvector`` holds 1 MB."""
    data = " ".join(words(source)).encode()
    if len(data) <= _MOST_BYTES:
        return data.decode()
    return data[:_MOST_BYTES].rpartition(b" ")[0].decode()


def _asked(query: str) -> list[str]:
    return words(query)[:_MOST_WORDS]


def index(
    conn: Connection,
    workspace_id: str,
    prompt_id: str,
    *,
    name: str,
    title: str,
    tags: Sequence[str],
    text: str,
    description: str = "",
) -> None:
    """Put a prompt into the index, or renew its entry."""
    values = {**_labels(name, title, tags, description), "text_terms": _terms(text)}
    conn.execute(_INDEX[conn.dialect.name], {"workspace_id": workspace_id, "prompt_id": prompt_id, **values})


def _upsert(made: Any) -> Any:
    renewed = {name: made.excluded[name] for name in ("name_terms", "tag_terms", "text_terms")}
    return made.on_conflict_do_update(index_elements=["workspace_id", "prompt_id"], set_=renewed)


_INDEX = {
    "sqlite": _upsert(sqlite.insert(search_entry)),
    "postgresql": _upsert(postgresql.insert(search_entry)),
}
_RELABEL = update(search_entry).where(
    search_entry.c.workspace_id == bindparam("ws"), search_entry.c.prompt_id == bindparam("prompt")
)  # built once: building costs more than running


def relabel(
    conn: Connection,
    workspace_id: str,
    prompt_id: str,
    *,
    name: str,
    title: str,
    tags: Sequence[str],
    description: str,
) -> None:
    """Renew what a prompt's entry says beside its text."""
    mine = {"ws": workspace_id, "prompt": prompt_id}
    conn.execute(_RELABEL, mine | _labels(name, title, tags, description))


def _labels(name: str, title: str, tags: Sequence[str], description: str) -> dict[str, str]:
    return {
        "name_terms": _terms(f"{name} {title}"),
        "tag_terms": _terms(f"{' '.join(tags)} {description}"),
    }


def remove(conn: Connection, workspace_id: str, prompt_id: str) -> None:
    """Take a prompt out of the index."""
    conn.execute(
        delete(search_entry).where(
            search_entry.c.workspace_id == workspace_id, search_entry.c.prompt_id == prompt_id
        )
    )


def rebuild(conn: Connection) -> None:
    """Make the index anew from ``search_entry`` (after a crash of the disk, say)."""
    if conn.dialect.name == "sqlite":
        conn.execute(text("INSERT INTO search_fts (search_fts) VALUES ('rebuild')"))
    else:
        conn.execute(text("REINDEX INDEX ix_search_entry_terms"))


def matching(conn: Connection, workspace_id: str, query: str, *, ranked: bool = True) -> Subquery | None:
    """The prompts of a workspace that match, as a subquery with columns ``prompt_id`` and ``rank`` (the
    smaller the better; a match in the name weighs most). None if there is no word in ``query``.

    Args:
        ranked: false where nobody asks for the order, as when matches are counted: the rank is most of the work where a
            word is common. It is 0 then.
    """
    asked = _asked(query)
    if not asked:
        return None
    if conn.dialect.name == "sqlite":
        return _fts(workspace_id, asked, ranked)
    return _tsvector(workspace_id, asked, ranked)


def _fts(workspace_id: str, asked: list[str], ranked: bool) -> Subquery:
    fts: FromClause = table("search_fts", column("rowid"))
    terms = " ".join(f'"{word}"' for word in asked) + "*"  # words hold letters and digits only
    # by itself first: joined to the other tables at once, SQLite asks the index again for every prompt
    hit = (
        select(fts.c.rowid, literal_column(_BM25 if ranked else "0.0").label("rank"))
        .where(text("search_fts MATCH :search_terms").bindparams(bindparam("search_terms", terms)))
        .cte("hit")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(search_entry.c.prompt_id, hit.c.rank)
        .join_from(hit, search_entry, search_entry.c.id == hit.c.rowid)
        .where(search_entry.c.workspace_id == workspace_id)
        .subquery("found")
    )


def _tsvector(workspace_id: str, asked: list[str], ranked: bool) -> Subquery:
    terms: Any = literal_column("search_entry.terms")
    query = func.to_tsquery("simple", " & ".join(f"'{word}'" for word in asked) + ":*")
    weights = text("'{0.1, 0.125, 0.5, 1.0}'::float4[]")
    rank: Any = -func.ts_rank(weights, terms, query) if ranked else literal_column("0.0")
    return (
        select(search_entry.c.prompt_id, cast(rank, Float(53)).label("rank"))
        .where(terms.op("@@")(query), search_entry.c.workspace_id == workspace_id)
        .subquery("found")
    )


def highlight(query: str, source: str) -> str | None:
    """The first line of ``source`` that holds a word of ``query``, its matches between U+0001 and U+0002,
    cut to about 160 code points around the first match; None where none does. It looks at the first 32,768 code points."""
    asked = _asked(query)
    if not asked:
        return None
    whole, begun = set(asked), asked[-1]
    source = source[:_LOOKED_AT].replace(MARK_START, " ").replace(MARK_END, " ")
    for line in source.splitlines():
        spots: list[tuple[int, int]] = []
        for word, a, b in _found(line, _possible(line, asked)):
            if spots and a > spots[0][0] + 2 * _LINE:
                break
            if word in whole or word.startswith(begun):
                spots.append((a, b))
        if spots:
            return _marked(line, spots)
    return None


def _possible(line: str, asked: list[str]) -> int:
    """Where the first match in a line can be, found without cutting it into words; its end where there is none."""
    if not line.isascii():
        return 0
    lower = line.lower()
    at = min((found for word in asked if (found := lower.find(word)) >= 0), default=len(line))
    while 0 < at < len(line) and line[at - 1].isalnum():
        at -= 1
    return at


def _marked(line: str, spots: list[tuple[int, int]]) -> str:
    start = max(0, min(spots[0][0] - _LINE // 4, len(line) - _LINE))
    end = max(start + _LINE, spots[0][1])
    parts, at = ["…" if start else ""], start
    for a, b in spots:
        if b > end:
            break
        parts += [line[at:a], MARK_START, line[a:b], MARK_END]
        at = b
    parts += [line[at:end], "…" if end < len(line) else ""]
    return "".join(parts).strip()
