"""Checks of prompts that include a snippet under review, as frozen by ``scripts/freeze_schema.py``."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Run the statements for this database, which blank lines divide."""
    bind = op.get_bind()
    frozen = Path(__file__).with_name(f"0005_dependents.{bind.dialect.name}.sql").read_text("utf-8")
    for statement in frozen.strip().split("\n\n"):
        bind.exec_driver_sql(statement)
