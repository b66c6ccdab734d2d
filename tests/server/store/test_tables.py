"""The tables keep what the rules promise, whoever writes to them."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from jupyter_prompthub_server.store import tables as t
from jupyter_prompthub_server.store.clock import new_id, now
from jupyter_prompthub_server.store.ddl import INSERT_ONLY
from jupyter_prompthub_server.store.migrate import FOLDER
from jupyter_prompthub_server.store.store import Store
from sqlalchemy import Connection, Dialect, ForeignKeyConstraint, delete, insert, inspect, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError

from scripts.freeze_schema import REVISIONS, frozen
from tests.support.people import People

GLOBAL = {
    "account": "belongs to a person",
    "actor": "a person may be a member of several workspaces",
    "audit_salt": "belongs to an entry",
    "revoked_jti": "a token's id",
    "store_meta": "about the store",
    "workspace": "is one",
}
"""Tables without a workspace_id, and why."""


def _prompt(conn: Connection, people: People, name: str = "p") -> str:
    prompt_id = new_id()
    conn.execute(
        insert(t.prompt).values(
            workspace_id=people.workspace_id,
            id=prompt_id,
            name=name,
            title=name,
            created_by=people.engineer.actor_id,
            created_at=now(),
            updated_at=now(),
        )
    )
    return prompt_id


def _version(conn: Connection, people: People, prompt_id: str, sha: str, number: int = 1) -> None:
    conn.execute(
        insert(t.version).values(
            workspace_id=people.workspace_id,
            prompt_id=prompt_id,
            sha=sha,
            number=number,
            content_hash="c",
            text_hash="t",
            lock_hash="l",
            text=b"plain.0:x",
            content=b"plain.0:{}",
            lock={},
            commit_message="",
            author_id=people.engineer.actor_id,
            via="test",
            created_at=now(),
        )
    )


def _deployment(
    people: People, prompt_id: str, number: int = 1, previous: str | None = None
) -> dict[str, object]:
    return {
        "workspace_id": people.workspace_id,
        "id": new_id(),
        "environment": "production",
        "prompt_id": prompt_id,
        "number": number,
        "version_sha": "a" * 64,
        "previous_id": previous,
        "action": "promote",
        "actor_id": people.team_lead.actor_id,
        "via": "test",
        "created_at": now(),
    }


def test_every_owned_table_names_its_workspace() -> None:
    without = {name for name, table in t.metadata.tables.items() if "workspace_id" not in table.c}
    assert without == set(GLOBAL)


def test_a_foreign_key_between_owned_tables_stays_inside_the_workspace() -> None:
    for table in t.metadata.tables.values():
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKeyConstraint):
                target = constraint.referred_table
                if "workspace_id" in table.c and "workspace_id" in target.c:
                    columns = {(e.parent.name, e.column.name) for e in constraint.elements}
                    assert ("workspace_id", "workspace_id") in columns, f"{table.name}: {constraint.name}"


def test_the_migrated_schema_is_the_one_in_the_code(store: Store) -> None:
    def ours(item: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        derived = {"terms", "ix_search_entry_terms"}
        return not (reflected and (name in derived or str(name).startswith(("search_fts", "alembic_"))))

    with store.database.reading() as conn:
        context = MigrationContext.configure(conn, opts={"include_object": ours, "compare_type": False})
        assert compare_metadata(context, t.metadata) == []


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda d: str(d.name))
def test_migrations_are_frozen_from_the_tables(dialect: Dialect, revision: str) -> None:
    path = FOLDER / "versions" / f"{revision}_{REVISIONS[revision]}.{dialect.name}.sql"
    assert path.read_text("utf-8") == frozen(dialect, revision), "run: python scripts/freeze_schema.py"


@pytest.mark.parametrize("name", INSERT_ONLY)
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_alter_an_insert_only_row(
    store: Store, people: People, name: str, verb: str
) -> None:
    ws = people.workspace_id
    with store.database.writing(ws) as conn:
        prompt_id = _prompt(conn, people)
        _version(conn, people, prompt_id, "a" * 64)
        _version(conn, people, prompt_id, "b" * 64, 2)
        mine = {"workspace_id": ws, "prompt_id": prompt_id, "sha": "b" * 64}
        conn.execute(insert(t.version_parent).values(**mine, position=0, parent_sha="a" * 64))
        conn.execute(insert(t.version_editor).values(**mine, actor_id=people.engineer.actor_id))
        snippet = {"snippet_prompt_id": prompt_id, "snippet_sha": "a" * 64}
        conn.execute(insert(t.version_snippet).values(**mine, **snippet))
        conn.execute(insert(t.deployment).values(**_deployment(people, prompt_id)))
        entry = {"id": "e", "workspace_id": ws, "tag": "t", "actor_id": "a", "via": "v", "target": {}}
        conn.execute(insert(t.audit_entry).values(**entry, created_at=now(), bytes=b"{}", leaf_hash="h"))
        conn.commit()
    table = t.metadata.tables[name]
    changed = update(table).values({"workspace_id": ws}) if verb == "update" else delete(table)
    with store.database.writing(ws) as conn, pytest.raises(DBAPIError, match="insert-only"):
        conn.execute(changed)
    with store.database.reading() as conn:
        assert conn.execute(table.select()).all() != []


@pytest.mark.postgres
def test_postgresql_refuses_to_truncate_the_log(store: Store) -> None:
    if store.database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    with store.database.writing("") as conn, pytest.raises(DBAPIError, match="insert-only"):
        conn.execute(text("TRUNCATE audit_entry CASCADE"))


def test_a_row_cannot_refer_to_another_workspaces_row(store: Store, people: People) -> None:
    assert people.elsewhere is not None
    with store.database.writing(people.workspace_id) as conn:
        prompt_id = _prompt(conn, people)
        _version(conn, people, prompt_id, "a" * 64)
        foreign = {
            "workspace_id": people.elsewhere.workspace_id,
            "prompt_id": prompt_id,
            "name": "main",
            "head": "a" * 64,
            "created_by": people.elsewhere.engineer.actor_id,
            "created_at": now(),
            "updated_at": now(),
        }
        with pytest.raises(IntegrityError):
            conn.execute(insert(t.branch).values(foreign))


def test_a_row_cannot_name_an_actor_who_is_no_member(store: Store, people: People) -> None:
    with store.database.writing(people.workspace_id) as conn, pytest.raises(IntegrityError):
        conn.execute(
            insert(t.prompt).values(
                workspace_id=people.workspace_id,
                id=new_id(),
                name="p",
                title="",
                created_by=people.stranger.actor_id,
                created_at=now(),
                updated_at=now(),
            )
        )


def test_two_prompts_of_a_workspace_cannot_have_one_name_and_those_of_two_can(
    store: Store, people: People
) -> None:
    assert people.elsewhere is not None
    with store.database.writing(people.workspace_id) as conn:
        _prompt(conn, people, "same")
        _prompt(conn, people.elsewhere, "same")
        conn.commit()
    with store.database.writing(people.workspace_id) as conn, pytest.raises(IntegrityError):
        _prompt(conn, people, "same")


def test_a_branch_cannot_point_at_another_prompts_version(store: Store, people: People) -> None:
    with store.database.writing(people.workspace_id) as conn:
        one, two = _prompt(conn, people, "one"), _prompt(conn, people, "two")
        _version(conn, people, one, "a" * 64)
        head = {"workspace_id": people.workspace_id, "prompt_id": two, "name": "main", "head": "a" * 64}
        with pytest.raises(IntegrityError):
            conn.execute(
                insert(t.branch).values(
                    **head, created_by=people.engineer.actor_id, created_at=now(), updated_at=now()
                )
            )


def test_of_two_deployments_with_one_number_the_second_is_refused(store: Store, people: People) -> None:
    with store.database.writing(people.workspace_id) as conn:
        prompt_id = _prompt(conn, people)
        _version(conn, people, prompt_id, "a" * 64)
        first = _deployment(people, prompt_id)
        conn.execute(insert(t.deployment).values(first))
        conn.execute(insert(t.deployment).values(_deployment(people, prompt_id, 2, str(first["id"]))))
        conn.commit()
    with store.database.writing(people.workspace_id) as conn, pytest.raises(IntegrityError):
        conn.execute(insert(t.deployment).values(_deployment(people, prompt_id, 2, str(first["id"]))))
    with store.database.writing(people.workspace_id) as conn, pytest.raises(IntegrityError):
        conn.execute(insert(t.deployment).values(_deployment(people, prompt_id, 3, None)))


def test_a_sealed_column_refuses_raw_text(store: Store, people: People) -> None:
    with store.database.writing(people.workspace_id) as conn:
        prompt_id = _prompt(conn, people)
        with pytest.raises(Exception, match="never raw text"):
            conn.execute(
                insert(t.execution_payload).values(
                    workspace_id=people.workspace_id, execution_id=prompt_id, output=b"no prefix at all"
                )
            )


def test_names_sort_by_code_point_on_both_databases(store: Store, people: People) -> None:
    names = ["B", "a", "a-b", "a/b", "ab", "é", "日"]
    with store.database.writing(people.workspace_id) as conn:
        for name in reversed(names):
            _prompt(conn, people, name)
        conn.commit()
    with store.database.reading() as conn:
        found = conn.execute(t.prompt.select().order_by(t.prompt.c.name)).all()
    assert [row.name for row in found] == names


def test_times_come_back_as_they_went_in(store: Store, people: People) -> None:
    at = now()
    with store.database.writing("") as conn:
        conn.execute(insert(t.revoked_jti).values(jti="j", revoked_at=at, expires_at=at))
        assert conn.execute(t.revoked_jti.select()).one().revoked_at == at
        with pytest.raises(Exception, match="aware"):
            conn.execute(
                insert(t.revoked_jti).values(jti="k", revoked_at=at.replace(tzinfo=None), expires_at=at)
            )


def test_both_databases_have_the_same_tables(store: Store) -> None:
    with store.database.reading() as conn:
        names = {name for name in inspect(conn).get_table_names() if not name.startswith("search_fts")}
    assert names == {*t.metadata.tables, "alembic_version"}
