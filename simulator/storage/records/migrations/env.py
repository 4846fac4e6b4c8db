"""What Alembic runs: the migrations in the transaction that it was handed. There is no offline way."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
