"""Runs migrations on the connection the caller hands over, inside the caller's transaction."""

from alembic import context

from tasks.store.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
