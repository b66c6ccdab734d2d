"""The first tables."""

from alembic import op
from jupyter_prompthub_server.store.ddl import statements
from jupyter_prompthub_server.store.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    bind = op.get_bind()
    metadata.create_all(bind)
    for statement in statements(bind.dialect.name):
        op.execute(statement)
