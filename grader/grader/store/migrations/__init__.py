"""Alembic's environment for the gradebook; run by `grader.store.migrate` alone."""
