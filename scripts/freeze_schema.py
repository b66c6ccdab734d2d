"""Write the SQL of the migrations that make tables: ``python scripts/freeze_schema.py``.

Only until the first release; afterwards they stay as they are, and a change is a new file in ``migrations/versions``.
A table that is younger than the first migration names its own in its ``info``: ``since``.
"""

from __future__ import annotations

from pathlib import Path

import jupyter_prompthub_server.store.migrate as migrate
from jupyter_prompthub_server.store.ddl import statements
from jupyter_prompthub_server.store.tables import metadata
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

__all__ = ["REVISIONS", "frozen"]


FIRST = "0001"
REVISIONS = {
    FIRST: "initial",
    "0002": "samples",
    "0003": "reviews",
    "0004": "threads",
    "0005": "dependents",
    "0006": "git",
}


def frozen(dialect: Dialect, revision: str = FIRST) -> str:
    """All statements, one blank line between two of them and none inside."""
    parts = []
    for table in metadata.sorted_tables:
        if table.info.get("since", FIRST) != revision:
            continue
        parts.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        parts += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    if revision == FIRST:
        parts += statements(dialect.name)
    lines = ("\n".join(line.rstrip() for line in part.strip().splitlines()) for part in parts)
    return "\n\n".join(lines) + "\n"


def main() -> None:
    """Write both files."""
    folder = Path(migrate.__file__).parent / "migrations" / "versions"
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        for revision, name in REVISIONS.items():
            path = folder / f"{revision}_{name}.{dialect.name}.sql"
            path.write_text(frozen(dialect, revision), "utf-8")
            print(f"wrote {path}")


if __name__ == "__main__":
    main()
