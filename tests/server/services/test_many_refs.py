"""Many refs at once say what one by one says, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jupyter_prompthub_server.dispatch import Tx
from jupyter_prompthub_server.services import many_refs, refs, versions
from jupyter_prompthub_server.store.clock import now
from jupyter_prompthub_server.store.tables import version
from sqlalchemy import insert, select

from jupyter_prompthub.core.errors import PromptHubError
from jupyter_prompthub.core.names import parse_reference
from jupyter_prompthub.core.records import NewVersionTag
from tests.server.services.conftest import Library


@contextmanager
def reading(library: Library) -> Iterator[Tx]:
    with library.store.database.reading() as conn:
        yield Tx(conn, library.people.viewer, versions.resolve, now(), library.store.sealer)


def told(found: object) -> object:
    return (type(found), found.message, found.details) if isinstance(found, PromptHubError) else found


def test_many_refs_mean_what_each_means_by_itself(library: Library) -> None:
    shas, names = [], ["a", "b/c", "draft", "old", "newer", "nobody", "acme:a", "globex:a"]
    for name in ("a", "b/c"):
        made = library.create(name, "One\n")
        library.branch(made.id, "side")
        shas.append(library.save(made.id, f"Two of {name}\n", branch="side").sha)
        library.run(versions.tag, {"prompt_id": made.id}, NewVersionTag(name="v1", version="latest"))
        library.save(made.id, "Three\n")
        library.promote(made.id, "staging", "side")
        library.promote(made.id, "staging", "main")
        names.append(made.id)
    library.create("draft", None)
    library.update(library.create("old").id, name="newer")
    asked = [
        *("latest", "main", "side", "v1", "staging", "production", "nowhere", "0000", "MAIN", "a/b"),
        *(sha[:length] for sha in shas for length in (4, 12, 64)),
        shas[0][:12].upper(),
    ]
    references = [parse_reference(name) for name in names]
    with reading(library) as tx:
        found = many_refs.named(tx, references)
        for one in references:
            try:
                assert found.get(one) == refs.prompt_named(tx, one)
            except PromptHubError:
                assert one not in found
        pairs = [(row, ref) for row in found.values() for ref in asked]
        resolved = many_refs.resolved(tx, pairs)
        for row, ref in pairs:
            alone: object
            try:
                alone = refs.resolve(tx, row, ref)
            except PromptHubError as error:
                alone = error
            assert told(resolved[row.id, ref]) == told(alone), (row.name, ref)
    assert [one.name for one in references if one not in found] == ["nobody", "a"]
    assert many_refs.resolved(tx, []) == {}


def test_a_prefix_that_fits_several_versions_is_refused_as_alone(library: Library) -> None:
    made = library.create("a", "One\n")
    assert made.head is not None
    sha = made.head.sha
    twin = sha[:8] + ("0" if sha[8] != "0" else "1") + sha[9:]
    mine = select(version).where(version.c.sha == sha)
    with library.store.database.writing(library.people.workspace_id) as conn:
        row = conn.execute(mine).one()
        conn.execute(insert(version).values({**row._mapping, "sha": twin, "number": 2}))
        conn.commit()
    with reading(library) as tx:
        prompt = refs.prompt_named(tx, parse_reference("a"))
        found = many_refs.resolved(tx, [(prompt, sha[:8]), (prompt, sha), (prompt, twin[:9])])
    assert "fits several versions" in str(told(found[made.id, sha[:8]]))
    assert found[made.id, sha] == refs.Found(sha, sha)
    assert found[made.id, twin[:9]] == refs.Found(twin, twin[:9])


def test_refs_of_many_prompts_take_as_many_statements_as_those_of_few(library: Library) -> None:
    def statements() -> int:
        items = library.search(limit=200).items
        with reading(library) as tx, library.counted() as seen:
            found = many_refs.named(tx, [parse_reference(one.name) for one in items])
            kinds = ("latest", "side", "nowhere", "abcd")
            many_refs.resolved(tx, [(row, kinds[at % 4]) for at, row in enumerate(found.values())])
        return len(seen)

    for at in range(4):
        library.create(f"a/{at}")
    few = statements()
    for at in range(60):
        library.create(f"b/{at}")
    assert statements() == few
