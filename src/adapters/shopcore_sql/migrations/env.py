"""Alembic's way in: runs the migrations on the connection that `shopcore_sql.migrate` passes."""

from __future__ import annotations

from alembic import context

from shopcore_sql.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
)
with context.begin_transaction():
    context.run_migrations()
