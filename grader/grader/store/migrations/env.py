"""Run the migrations on the connection that `grader.store.migrate` hands over."""

from alembic import context

from grader.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
# The connection is in a transaction of its own: a migration cut short leaves the old
# database, not half of each.
with context.begin_transaction():
    context.run_migrations()
