"""Snippets: from the names in a template to exact versions (the lock), and their texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select, tuple_

from jupyter_prompthub.core.errors import InvalidInput, NotFound, SnippetError
from jupyter_prompthub.core.names import Reference, check_name
from jupyter_prompthub.core.reviews import Included

from ..store.tables import version, version_snippet
from ..store.types import AnyRow
from ..transaction import Tx
from .many_refs import runs
from .refs import prompt_named, resolve

__all__ = [
    "MAX_DEPTH",
    "Locked",
    "Snippet",
    "included",
    "included_by",
    "lock",
    "locked_by",
    "names_of_version",
    "shas_of_version",
    "texts_of",
    "texts_of_version",
    "texts_of_versions",
]

_Key = tuple[str, str]
"""prompt id and SHA of a version"""

MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Snippet:
    """One snippet of a lock. ``ref`` is None for one that is reached through another."""

    name: str
    prompt_id: str
    sha: str
    ref: str | None
    path: tuple[str, ...]
    """names from the including prompt to this snippet"""


@dataclass(frozen=True, slots=True)
class Locked:
    """All snippets of a content, transitively, by prompt id."""

    snippets: Mapping[str, Snippet]
    names: Mapping[str, str]
    """name as some template says it -> prompt id"""

    @property
    def shas(self) -> dict[str, str]:
        """Prompt id -> version SHA: the lock that is hashed and stored."""
        return {prompt_id: one.sha for prompt_id, one in sorted(self.snippets.items())}

    @property
    def by_name(self) -> dict[str, str]:
        """Version SHA by name."""
        return {name: self.snippets[prompt_id].sha for name, prompt_id in self.names.items()}

    def texts(self, tx: Tx) -> dict[str, str]:
        """Text by name."""
        return texts_of(
            tx, {name: (prompt_id, self.snippets[prompt_id].sha) for name, prompt_id in self.names.items()}
        )

    def included(self, tx: Tx) -> Included:
        """Texts and SHAs by name."""
        return Included(self.texts(tx), self.by_name)


def _error(message: str, path: Iterable[str]) -> SnippetError:
    chain = list(path)
    return SnippetError(
        f"{message} ({' → '.join(chain)})" if len(chain) > 1 else message, details={"path": chain}
    )


def _direct(tx: Tx, name: str, ref: str, path: tuple[str, ...]) -> Snippet:
    """A snippet that the content itself names, at the ref that its front matter gives."""
    try:
        row: AnyRow = prompt_named(tx, Reference(check_name(name)))
        found = resolve(tx, row, ref)
    except (NotFound, InvalidInput) as error:
        raise _error(f"the snippet {name!r} cannot be found: {error.message}", path) from error
    if row.archived_at is not None:
        raise _error(f"the snippet {name!r} is archived: restore it, or include another one", path)
    return Snippet(name, row.id, found.sha, ref, path)


def _nested(tx: Tx, above: Iterable[Snippet]) -> list[Snippet]:
    """What the versions of these snippets include themselves, as their own locks say."""
    by_version = {(one.prompt_id, one.sha): one for one in above}
    rows = tx.conn.execute(
        select(
            version_snippet.c.prompt_id,
            version_snippet.c.sha,
            version_snippet.c.name,
            version_snippet.c.snippet_prompt_id,
            version_snippet.c.snippet_sha,
        )
        .where(
            version_snippet.c.workspace_id == tx.workspace_id,
            tuple_(version_snippet.c.prompt_id, version_snippet.c.sha).in_(list(by_version)),
            version_snippet.c.name.is_not(None),
        )
        .order_by(version_snippet.c.name)
    )
    return [
        Snippet(
            row.name,
            row.snippet_prompt_id,
            row.snippet_sha,
            None,
            (*by_version[row.prompt_id, row.sha].path, row.name),
        )
        for row in rows
    ]


def lock(tx: Tx, refs: Mapping[str, str], prompt_id: str | None, own_name: str) -> Locked:
    """Fix every snippet of a content, level by level; where one is reached twice, the nearest counts.

    Args:
        refs: ref by snippet name, as the content has them.
        prompt_id: of the including prompt; None for one that does not exist yet.
        own_name: how messages call the including prompt.

    Raises:
        SnippetError: a snippet is missing or archived; the prompt includes itself; two snippets bring the
            same one at different versions; more than 16 levels. ``details["path"]`` names the chain.
    """
    level = [_direct(tx, name, ref, (own_name, name)) for name, ref in sorted(refs.items())]
    first: dict[str, Snippet] = {}
    for one in level:
        if (other := first.setdefault(one.prompt_id, one)) is not one:
            raise _error(
                f"{other.name!r} and {one.name!r} are the same prompt (one is its former name): use one name",
                one.path,
            )
    known: dict[str, Snippet] = {}
    names: dict[str, str] = {}
    depth = 0
    while level:
        depth += 1
        fresh: dict[str, Snippet] = {}
        for one in level:
            if one.prompt_id == prompt_id:
                raise _error("a prompt cannot include itself", one.path)
            if depth > MAX_DEPTH:
                raise _error(f"snippets are nested deeper than {MAX_DEPTH} levels", one.path)
            names.setdefault(one.name, one.prompt_id)
            if one.prompt_id in known:
                continue
            twin = fresh.setdefault(one.prompt_id, one)
            if twin.sha != one.sha:
                raise SnippetError(
                    f"two versions of the snippet {one.name!r} are included: {' → '.join(twin.path)} at {twin.sha[:12]}, "
                    f"and {' → '.join(one.path)} at {one.sha[:12]}. Include it in the prompt itself to choose one.",
                    details={"path": list(one.path), "other_path": list(twin.path)},
                )
        known.update(fresh)
        level = _nested(tx, fresh.values()) if fresh else []
    return Locked(known, names)


def names_of_version(
    tx: Tx, prompt_id: str, sha: str, locked: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """A version's snippets by name, exactly as its lock has them: the prompt's id and the SHA of each.

    Args:
        locked: the version's lock.
    """
    return _names(tx, {(prompt_id, sha): locked})[prompt_id, sha]


def shas_of_version(tx: Tx, prompt_id: str, sha: str, locked: Mapping[str, str]) -> dict[str, str]:
    """The SHAs of a version's snippets by name, exactly as its lock has them."""
    return {name: one[1] for name, one in names_of_version(tx, prompt_id, sha, locked).items()}


def texts_of_version(tx: Tx, prompt_id: str, sha: str, locked: Mapping[str, str]) -> dict[str, str]:
    """The texts of a version's snippets by name, exactly as its lock has them."""
    return texts_of(tx, names_of_version(tx, prompt_id, sha, locked))


def texts_of_versions(tx: Tx, locks: Mapping[_Key, Mapping[str, str]]) -> dict[_Key, dict[str, str]]:
    """The same of many versions, by (prompt id, SHA), in as many statements.

    Args:
        locks: the versions' locks.
    """
    names = _names(tx, locks)
    texts = _texts(tx, {one for mine in names.values() for one in mine.values()})
    return {key: {name: texts[one] for name, one in mine.items()} for key, mine in names.items()}


def included(tx: Tx, locks: Mapping[_Key, Mapping[str, str]]) -> dict[_Key, dict[str, tuple[str, str]]]:
    """The snippets of many versions, by (prompt id, SHA): of each name the prompt's id and the text, in as many statements
    as for one.

    Args:
        locks: the versions' locks.
    """
    names = _names(tx, locks)
    texts = _texts(tx, {one for mine in names.values() for one in mine.values()})
    return {key: {name: (one[0], texts[one]) for name, one in mine.items()} for key, mine in names.items()}


def locked_by(tx: Tx, prompt_id: str, shas: Collection[str]) -> dict[str, dict[str, str]]:
    """The SHAs of the snippets of some versions of a prompt by name, by SHA, exactly as their locks have them."""
    names = _names_by(tx, prompt_id, shas)
    return {sha: {name: one[1] for name, one in mine.items()} for (_, sha), mine in names.items()}


def included_by(tx: Tx, prompt_id: str, shas: Collection[str]) -> dict[str, Included]:
    """The snippets of some versions of a prompt, by SHA, exactly as their locks have them."""
    names = _names_by(tx, prompt_id, shas)
    texts = _texts(tx, {one for mine in names.values() for one in mine.values()})
    return {
        sha: Included(
            {name: texts[one] for name, one in mine.items()}, {name: one[1] for name, one in mine.items()}
        )
        for (_, sha), mine in names.items()
    }


def texts_of(tx: Tx, wanted: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Texts by name, of versions that are named by their prompt and SHA."""
    texts = _texts(tx, set(wanted.values()))
    return {name: texts[key] for name, key in wanted.items()}


def _names_by(tx: Tx, prompt_id: str, shas: Collection[str]) -> dict[_Key, dict[str, _Key]]:
    rows = tx.conn.execute(
        select(version.c.sha, version.c.lock).where(
            version.c.workspace_id == tx.workspace_id,
            version.c.prompt_id == prompt_id,
            version.c.sha.in_(set(shas)),
        )
    )
    return _names(tx, {(prompt_id, row.sha): row.lock for row in rows})


def _names(tx: Tx, locks: Mapping[_Key, Mapping[str, str]]) -> dict[_Key, dict[str, _Key]]:
    inside = {key for key, locked in locks.items() if locked}
    inside |= {one for locked in locks.values() for one in locked.items()}
    rows: defaultdict[_Key, list[AnyRow]] = defaultdict(list)
    for some in runs(sorted(inside)):
        found = select(
            version_snippet.c.prompt_id,
            version_snippet.c.sha,
            version_snippet.c.name,
            version_snippet.c.snippet_prompt_id,
        ).where(
            version_snippet.c.workspace_id == tx.workspace_id,
            tuple_(version_snippet.c.prompt_id, version_snippet.c.sha).in_(some),
            version_snippet.c.name.is_not(None),
        )
        for row in tx.conn.execute(found):
            rows[row.prompt_id, row.sha].append(row)
    names: dict[_Key, dict[str, _Key]] = {}
    for key, locked in locks.items():
        mine = names[key] = {}
        for row in (row for one in (key, *locked.items()) for row in rows[one]):  # its own names come first
            if row.snippet_prompt_id in locked:
                mine.setdefault(row.name, (row.snippet_prompt_id, locked[row.snippet_prompt_id]))
    return names


def _texts(tx: Tx, wanted: Collection[_Key]) -> dict[_Key, str]:
    return {
        (row.prompt_id, row.sha): tx.codec.open(version.c.text, row.sha, row.text)
        for some in runs(sorted(wanted))
        for row in tx.conn.execute(
            select(version.c.prompt_id, version.c.sha, version.c.text).where(
                version.c.workspace_id == tx.workspace_id,
                tuple_(version.c.prompt_id, version.c.sha).in_(some),
            )
        )
    }
