"""The first tables, as frozen by ``scripts/freeze_schema.py``."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the statements for this database, which blank lines divide."""
    bind = op.get_bind()
    frozen = Path(__file__).with_name(f"0001_initial.{bind.dialect.name}.sql").read_text("utf-8")
    for statement in frozen.strip().split("\n\n"):
        bind.exec_driver_sql(statement.replace("%", "%%") if bind.dialect.name == "postgresql" else statement)
