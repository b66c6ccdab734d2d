"""What tables alone cannot say: insert-only triggers and the search index."""

from __future__ import annotations

__all__ = ["INSERT_ONLY", "statements"]

INSERT_ONLY = (
    "audit_entry",
    "deployment",
    "version",
    "version_editor",
    "version_parent",
    "version_snippet",
)
"""Tables that refuse UPDATE and DELETE."""

_SQLITE_SEARCH = (
    """CREATE VIRTUAL TABLE search_fts USING fts5(
        name_terms, tag_terms, text_terms, content='search_entry', content_rowid='id',
        tokenize="unicode61 remove_diacritics 0", prefix='2 3')""",
    """CREATE TRIGGER search_entry_insert AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_fts (rowid, name_terms, tag_terms, text_terms)
        VALUES (new.id, new.name_terms, new.tag_terms, new.text_terms);
    END""",
    """CREATE TRIGGER search_entry_delete AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_fts (search_fts, rowid, name_terms, tag_terms, text_terms)
        VALUES ('delete', old.id, old.name_terms, old.tag_terms, old.text_terms);
    END""",
    """CREATE TRIGGER search_entry_update AFTER UPDATE ON search_entry BEGIN
        INSERT INTO search_fts (search_fts, rowid, name_terms, tag_terms, text_terms)
        VALUES ('delete', old.id, old.name_terms, old.tag_terms, old.text_terms);
        INSERT INTO search_fts (rowid, name_terms, tag_terms, text_terms)
        VALUES (new.id, new.name_terms, new.tag_terms, new.text_terms);
    END""",
)

_POSTGRESQL_SEARCH = (
    """ALTER TABLE search_entry ADD COLUMN terms tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple'::regconfig, name_terms), 'A') ||
        setweight(to_tsvector('simple'::regconfig, tag_terms), 'B') ||
        setweight(to_tsvector('simple'::regconfig, text_terms), 'C')) STORED""",
    "CREATE INDEX ix_search_entry_terms ON search_entry USING gin (terms)",
)

_POSTGRESQL_FUNCTIONS = (
    """CREATE FUNCTION prompthub_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$""",
)


def statements(dialect: str) -> tuple[str, ...]:
    """The statements to run once after the tables were made, for ``sqlite`` or ``postgresql``."""
    if dialect == "sqlite":
        guards = tuple(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
            for table in INSERT_ONLY
            for verb in ("UPDATE", "DELETE")
        )
        return (*guards, *_SQLITE_SEARCH)
    guards = tuple(
        f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION prompthub_insert_only()"
        for table in INSERT_ONLY
    )
    return (*_POSTGRESQL_FUNCTIONS, *guards, *_POSTGRESQL_SEARCH)
