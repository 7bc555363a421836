"""Run the migrations on the connection that `grader.store.migrate` hands over."""

from alembic import context

from grader.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    # SQLite can do this once transactions are begun explicitly, as our engine does: a
    # migration cut short leaves the old database, not half of each.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
