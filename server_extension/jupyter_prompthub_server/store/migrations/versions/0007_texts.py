"""Executions of texts that are no prompt: ``execution.prompt_id`` may be null, ``execution.text_hash`` says which text."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_BEFORE = "prompt_id VARCHAR NOT NULL"
_AFTER = "prompt_id VARCHAR"


def upgrade() -> None:
    """Nothing, where the first migration has made the table as it is now."""
    bind = op.get_bind()
    columns = {column["name"]: column for column in sa.inspect(bind).get_columns("execution")}
    if "text_hash" not in columns:
        collation = ' COLLATE "C"' if bind.dialect.name == "postgresql" else ""
        bind.exec_driver_sql(f"ALTER TABLE execution ADD COLUMN text_hash VARCHAR{collation}")
    if columns["prompt_id"]["nullable"]:
        return
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql("ALTER TABLE execution ALTER COLUMN prompt_id DROP NOT NULL")
    else:
        _relax(bind)


def _relax(bind: sa.Connection) -> None:
    """SQLite has no statement for it. That no row is stored otherwise makes it safe to change what the table says of itself
    (https://www.sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes", the simpler procedure): the
    rows of a large table and of those that refer to it stay where they are."""
    before = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    done = bind.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'execution' AND instr(sql, ?) > 0",
        (_BEFORE, _AFTER, _BEFORE),
    )
    bind.exec_driver_sql(f"PRAGMA schema_version = {before + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
    if done.rowcount != 1:
        raise RuntimeError(f"the table execution is not as migration 0006 has left it: no {_BEFORE!r} in it")
