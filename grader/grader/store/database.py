"""Open the gradebook so that what was acknowledged is on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from grader import home
from grader.store.migrate import upgrade
from grader.store.trouble import explained

SECONDS_TO_WAIT = 30  # for a command that is writing at the same moment


class Store:
    """A gradebook that is open; get one by :meth:`open`."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self.path = path

    @classmethod
    def open(cls, path: Path | None = None) -> Store:
        """Open the gradebook, making or migrating it first where that is due."""
        if path is None:
            path = home.folder() / home.DATABASE
        engine = _engine(path)
        with explained(path):
            upgrade(engine, path.with_name(path.name + ".lock"))
        return cls(engine, path)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that sees one state of the gradebook throughout."""
        with explained(self.path), Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session whose changes are on the disk when the block has ended."""
        engine = self._engine.execution_options(write=True)
        with explained(self.path), Session(engine) as session, session.begin():
            yield session


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": SECONDS_TO_WAIT},
        # A connection belongs to the thread and the moment that asked for it.
        poolclass=NullPool,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, record: ConnectionPoolEntry) -> None:
    """Set what SQLite forgets between connections."""
    connection.isolation_level = None  # transactions begin where `_begin` says
    cursor = connection.cursor()
    # NORMAL would be faster and lose the last acknowledged rows with the power.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: one that starts by reading and then finds that
    # another has written in between could only fail.
    writing = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
