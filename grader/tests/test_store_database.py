"""The database opens safely, and says plainly what is wrong when it cannot."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from coursekit.errors import CourseError
from grader.store import history, migrate, record
from grader.store.database import Store
from grader.store.models import Base
from made_results import ME, arrival, case, graded
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gradebook.sqlite3"


def test_acknowledged_means_on_the_disk(path: Path) -> None:
    store = Store.open(path)
    with store.read() as session:
        settings = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_foreign_keys_hold(path: Path) -> None:
    store = Store.open(path)
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), store.write() as session:
        session.execute(
            text("INSERT INTO submission_files VALUES (1, 99, 'x', 'nothing')")
        )


def test_migrations_make_the_tables_of_the_models(path: Path) -> None:
    store = Store.open(path)
    with store.read() as session:
        context = MigrationContext.configure(session.connection())
        assert compare_metadata(context, Base.metadata) == []


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == migrate.HEAD
    assert migrate._known() == {script.revision for script in scripts.walk_revisions()}


def test_tables_can_be_made_on_postgresql() -> None:
    for table in Base.metadata.sorted_tables:
        assert "CREATE TABLE" in str(
            CreateTable(table).compile(dialect=postgresql.dialect())
        )


def test_alembic_is_imported_only_when_a_migration_is_due(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from grader.store.database import Store;"
        f"Store.open(Path({str(path)!r})); print('alembic' in sys.modules)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert runs == ["True", "False"]


def test_commands_may_open_a_new_gradebook_at_once(path: Path) -> None:
    def submit(name: str) -> int:
        return record.receive(Store.open(path), arrival(student=name))

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(submit, "abcdefgh"))
    assert sorted(numbers) == list(range(1, 9))
    assert {each.student for each in history.entries(Store.open(path))} == set(
        "abcdefgh"
    )


def test_gradebook_of_the_first_grader_is_brought_up(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its results are read as they were; they know of no second try."""
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    result = graded(case("a", status="wrong"), case("b", question="hw0.loss"))
    store = Store.open(path)
    number = record.receive(store, arrival(), ME)
    record.finish(store, number, result, ME)
    with store.write() as session:
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "0001")
    with sqlite3.connect(path) as raw:
        columns = raw.execute("PRAGMA table_info(question_results)").fetchall()
    assert "grafted" not in {column[1] for column in columns}
    assert history.result(Store.open(path), number) == result


def test_migration_cut_short_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = migrate._run

    def cut(connection: object) -> None:
        run(connection)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(migrate, "_run", cut)
    with pytest.raises(KeyboardInterrupt):
        Store.open(path)
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT name FROM sqlite_master").fetchall() == []
    monkeypatch.undo()
    assert history.entries(Store.open(path)) == []


def test_newer_database_is_left_alone(path: Path) -> None:
    Store.open(path)
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(CourseError, match=r"newer grader.*9999.*Update this grader"):
        Store.open(path)
    assert path.read_bytes() == before


def test_file_that_is_no_database_is_named_and_left_alone(path: Path) -> None:
    path.write_bytes(b"points: 100\n" * 1000)
    with pytest.raises(CourseError, match=r"is damaged.*Move it aside") as caught:
        Store.open(path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == b"points: 100\n" * 1000


def test_damaged_pages_are_named(path: Path) -> None:
    store = Store.open(path)
    for number in range(20):
        record.receive(store, arrival(student=f"s{number}"))
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    path.write_bytes(content)
    with pytest.raises(CourseError, match="is damaged"):
        history.entries(Store.open(path))


def test_folder_in_the_way_is_named(path: Path) -> None:
    path.mkdir()
    with pytest.raises(CourseError, match=r"cannot be written.*GRADER_HOME"):
        Store.open(path)


def test_read_only_gradebook_is_named(path: Path) -> None:
    # Permissions do not bind root; a read-only connection fails in the same words.
    store = Store.open(path)
    with (
        pytest.raises(CourseError, match="cannot be written"),
        store.write() as session,
    ):
        session.execute(text("PRAGMA query_only = ON"))
        session.execute(text("INSERT INTO blobs VALUES ('x', 'y')"))


def test_full_disk_is_named(path: Path) -> None:
    store = Store.open(path)
    with pytest.raises(CourseError, match="disk is full"), store.write() as session:
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        for number in range(10_000):
            session.execute(
                text("INSERT INTO blobs VALUES (:d, zeroblob(4096))"), {"d": number}
            )


def test_gradebook_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_HOME", str(tmp_path / "new" / "home"))
    store = Store.open()
    assert store.path.parent.stat().st_mode & 0o077 == 0
