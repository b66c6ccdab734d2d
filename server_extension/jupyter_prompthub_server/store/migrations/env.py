"""Alembic's entry: migrates on the connection that the caller gives, in the caller's transaction."""

from alembic import context
from jupyter_prompthub_server.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True
)
context.run_migrations()
