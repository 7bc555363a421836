"""What is recorded is read back, in every state a grading can be in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from grader.result import CaseResult, GradeResult, Grafted
from grader.store import history, record
from grader.store.database import Store
from grader.store.models import StateChangeRow
from made_results import ME, arrival, case, graded
from sqlalchemy import select


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "gradebook.sqlite3")


def states(store: Store, number: int) -> list[str]:
    with store.read() as session:
        rows = session.scalars(
            select(StateChangeRow)
            .where(StateChangeRow.submission_id == number)
            .order_by(StateChangeRow.id)
        )
        return [row.state for row in rows]


def test_result_survives_the_store(store: Store) -> None:
    result = graded(
        case("a", earned=2, points=2),
        case("b", status="wrong", message="wrong 'é' \u2028", details=["src/a.py:3"]),
        case("c", question="hw0.loss", points=0.1, earned=0.1, witnessed=True),
    )
    number = record.receive(store, arrival(), ME)
    record.finish(store, number, result, ME)
    assert history.result(store, number) == result
    assert history.result(store, number).model_dump_json() == result.model_dump_json()
    assert states(store, number) == ["queued", "grading", "graded"]


@pytest.mark.parametrize(
    "grafted",
    [
        Grafted(replaced=["hw0.add"], passed=["a"], earned=1.5, counts=True),
        Grafted(trouble="the markers are damaged"),
    ],
)
def test_second_result_survives_the_store(store: Store, grafted: Grafted) -> None:
    result = graded(case("a", status="wrong"), case("b", question="hw0.loss"))
    first = result.questions[0].model_copy(update={"grafted": grafted})
    result = result.model_copy(update={"questions": [first, *result.questions[1:]]})
    number = record.receive(store, arrival(), ME)
    record.finish(store, number, result, ME)
    assert history.result(store, number) == result


def test_files_are_kept_as_handed_in_and_stored_once(store: Store) -> None:
    files = {"src/a.py": b"\x00\xff\r\n", "src/b.py": b"", "src/c.py": b""}
    first = record.receive(store, arrival(files=files))
    second = record.receive(store, arrival(files={"x.py": b"\x00\xff\r\n"}))
    assert history.files(store, first) == files
    assert history.files(store, second) == {"x.py": b"\x00\xff\r\n"}
    with store.read() as session:
        assert session.execute(select(record.BlobRow)).all().__len__() == 2


def test_failed_grading_gives_no_points_and_can_be_taken_again(store: Store) -> None:
    number = record.receive(store, arrival(), ME)
    record.fail(store, number, "the disk is full", ME)
    entry = history.entry(store, number)
    assert (entry.state, entry.earned, entry.error) == (
        "failed",
        None,
        "the disk is full",
    )
    record.claim(store, number, ME)
    record.finish(store, number, graded(case("a")), ME)
    entry = history.entry(store, number)
    assert (entry.state, entry.earned, entry.error) == ("graded", 1, None)
    assert states(store, number) == [
        "queued",
        "grading",
        "failed",
        "grading",
        "graded",
    ]


def test_two_commands_cannot_grade_one_submission(store: Store) -> None:
    number = record.receive(store, arrival(), ME)
    with pytest.raises(CourseError, match="being graded by another"):
        record.claim(store, number, ME)


def test_graded_is_final(store: Store) -> None:
    number = record.receive(store, arrival(), ME)
    record.finish(store, number, graded(case("a")), ME)
    with pytest.raises(CourseError, match="graded already"):
        record.claim(store, number, ME)
    with pytest.raises(CourseError, match="taken over"):
        record.finish(store, number, graded(case("a")), ME)


def test_half_recorded_result_is_none_at_all(store: Store) -> None:
    number = record.receive(store, arrival(), ME)
    twice = graded(case("a"), case("a"))
    with pytest.raises(Exception, match="UNIQUE"):
        record.finish(store, number, twice, ME)
    entry = history.entry(store, number)
    assert (entry.state, entry.earned) == ("grading", None)


def test_unknown_number_says_how_to_find_one(store: Store) -> None:
    with pytest.raises(CourseError, match=r"no submission 7.*grader status"):
        history.entry(store, 7)


KILLED = """
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, {here!r})
    from made_results import ME, arrival
    from grader.store import record
    from grader.store.database import Store
    store = Store.open(Path({path!r}))
    print(record.receive(store, arrival(), ME), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_grading_is_interrupted_and_can_be_taken_again(store: Store) -> None:
    here = str(Path(__file__).parent / "support")
    code = textwrap.dedent(KILLED.format(here=here, path=str(store.path)))
    dead = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert dead.returncode == -signal.SIGKILL, dead.stderr
    number = int(dead.stdout)
    assert history.entry(store, number).state == "interrupted"
    assert history.files(store, number) == arrival().files
    record.claim(store, number, ME)
    assert history.entry(store, number).state == "grading"
    record.finish(store, number, graded(case("a")), ME)
    assert history.entry(store, number).earned == 1


def test_a_running_grading_is_not_interrupted(store: Store) -> None:
    number = record.receive(store, arrival(), ME)
    assert os.getpid()
    assert history.entry(store, number).state == "grading"


def test_result_models_are_covered_by_the_tables() -> None:
    from grader.store.models import CaseResultRow, SubmissionRow

    assert set(CaseResult.model_fields) <= set(CaseResultRow.__mapper__.columns.keys())
    kept = {*SubmissionRow.__mapper__.columns.keys(), "questions"}
    assert set(GradeResult.model_fields) <= kept


def test_result_of_one_who_was_taken_over_from_is_refused(store: Store) -> None:
    number = record.receive(store, arrival(), "elsewhere|1|1")
    with pytest.raises(CourseError, match="taken over"):
        record.finish(store, number, graded(case("a")), ME)
