"""Alembic's entry: runs revisions on the connection it is handed, inside the caller's transaction."""

from alembic import context

from sensor_hub.adapters.registry.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
