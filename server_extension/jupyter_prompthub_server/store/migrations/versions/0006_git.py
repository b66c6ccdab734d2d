"""The commits that versions were made from, as frozen by ``scripts/freeze_schema.py``."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Run the statements for this database, which blank lines divide."""
    bind = op.get_bind()
    frozen = Path(__file__).with_name(f"0006_git.{bind.dialect.name}.sql").read_text("utf-8")
    for statement in frozen.strip().split("\n\n"):
        bind.exec_driver_sql(statement)
