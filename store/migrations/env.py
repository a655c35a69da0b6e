"""Runs migrations over the engine that Store hands in."""

from alembic import context

from store.models import Base

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite cannot alter a table in place.
        render_as_batch=connection.dialect.name == "sqlite",
        # One transaction from before the schema's version is read until it is written. Alembic thinks that
        # SQLite cannot, and of two first starts each would then make the same tables.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
