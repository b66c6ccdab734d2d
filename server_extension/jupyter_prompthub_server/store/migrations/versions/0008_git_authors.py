"""Who wrote a version in git, and when, beside who brought it in: ``version.git_author``, ``version.git_authored_at``."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing, where the first migration has made the table as it is now."""
    bind = op.get_bind()
    if "git_author" not in {column["name"] for column in sa.inspect(bind).get_columns("version")}:
        bind.exec_driver_sql("ALTER TABLE version ADD COLUMN git_author TEXT")
        bind.exec_driver_sql("ALTER TABLE version ADD COLUMN git_authored_at BIGINT")
