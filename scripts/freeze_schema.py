"""Write the first migration's SQL from the tables: ``python scripts/freeze_schema.py``.

Only until the first release; afterwards a change of the tables is a new file in ``migrations/versions``.
"""

from __future__ import annotations

from pathlib import Path

import jupyter_prompthub_server.store.migrate as migrate
from jupyter_prompthub_server.store.ddl import statements
from jupyter_prompthub_server.store.tables import metadata
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

__all__ = ["frozen"]


def frozen(dialect: Dialect) -> str:
    """All statements, one blank line between two of them and none inside."""
    parts = []
    for table in metadata.sorted_tables:
        parts.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        parts += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    parts += statements(dialect.name)
    lines = ("\n".join(line.rstrip() for line in part.strip().splitlines()) for part in parts)
    return "\n\n".join(lines) + "\n"


def main() -> None:
    """Write both files."""
    folder = Path(migrate.__file__).parent / "migrations" / "versions"
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        path = folder / f"0001_initial.{dialect.name}.sql"
        path.write_text(frozen(dialect), "utf-8")
        print(f"wrote {path}")


if __name__ == "__main__":
    main()
