"""What counts: the best or the latest of each question, however they arrive."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from grader.store import record
from grader.store.database import Store
from grader.store.facts import Counts, Score, totals
from grader.store.gradebook import gradebook
from hypothesis import given, settings
from hypothesis import strategies as st
from made_results import ME, arrival, case, graded
from sqlalchemy import text

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "gradebook.sqlite3")


def hand_in(store: Store, student: str = "Ada", hour: int = 0, **earned: float) -> int:
    """Record a graded submission with these points, of 10, by question."""
    cases = [
        case(name, question=f"hw0.{name}", points=10.0, earned=points)
        for name, points in earned.items()
    ]
    at = START + timedelta(hours=hour)
    number = record.receive(store, arrival(student=student, submitted_at=at), ME)
    record.finish(store, number, graded(*cases), ME)
    return number


def earned(scores: list[Score]) -> dict[str, float]:
    return {score.question: score.earned for score in scores}


def test_best_counts_by_question(store: Store) -> None:
    hand_in(store, hour=1, add=10, loss=4)
    hand_in(store, hour=2, add=3, loss=7)
    assert earned(gradebook(store)) == {"hw0.add": 10, "hw0.loss": 7}


def test_latest_counts_by_question_too(store: Store) -> None:
    hand_in(store, hour=1, add=10, loss=4)
    hand_in(store, hour=2, add=3)
    assert earned(gradebook(store, counts="latest")) == {"hw0.add": 3, "hw0.loss": 4}


def test_of_equals_the_first_is_the_best(store: Store) -> None:
    first = hand_in(store, hour=1, add=5)
    last = hand_in(store, hour=2, add=5)
    assert gradebook(store)[0].submission == first
    assert gradebook(store, counts="latest")[0].submission == last


def test_latest_goes_by_the_time_handed_in_not_by_number(store: Store) -> None:
    late = hand_in(store, hour=5, add=1)
    hand_in(store, hour=3, add=2)
    assert gradebook(store, counts="latest")[0].submission == late


def test_nothing_but_graded_submissions_counts(store: Store) -> None:
    record.receive(store, arrival())
    number = record.receive(store, arrival(), ME)
    record.fail(store, number, "the machine stopped", ME)
    assert gradebook(store) == []


def test_submission_withdrawn_later_counts_no_more(store: Store) -> None:
    number = hand_in(store, add=10)
    with store.write() as session:
        session.execute(
            text("UPDATE submissions SET state = 'failed' WHERE id = :id"),
            {"id": number},
        )
    assert gradebook(store) == []


def test_question_that_could_not_be_judged_is_no_attempt(store: Store) -> None:
    hand_in(store, hour=1, add=4)
    number = record.receive(store, arrival(submitted_at=START + timedelta(hours=9)), ME)
    broken = case("a", question="hw0.add", points=5.0, status="environment")
    fine = case("b", question="hw0.add", points=5.0)
    other = case("c", question="hw0.loss", points=5.0)
    record.finish(store, number, graded(broken, fine, other), ME)
    assert earned(gradebook(store, counts="latest")) == {"hw0.add": 4, "hw0.loss": 5}


def test_filters(store: Store) -> None:
    hand_in(store, "Ada", add=1)
    hand_in(store, "Eve", add=2)
    assert [each.student for each in gradebook(store, student="Eve")] == ["Eve"]
    assert gradebook(store, "hw1") == []
    grouped = totals(gradebook(store, "hw0"))
    assert {name: list(each) for name, each in grouped.items()} == {
        "Ada": ["hw0"],
        "Eve": ["hw0"],
    }


NUMBER = itertools.count()
ATTEMPT = st.tuples(
    st.sampled_from(["Ada", "Eve"]),
    st.integers(0, 3),
    st.dictionaries(st.sampled_from(["add", "loss"]), st.integers(0, 3), min_size=1),
)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(
    attempts=st.lists(ATTEMPT, max_size=6), counts=st.sampled_from(["best", "latest"])
)
def test_query_is_the_plain_loop(
    tmp_path_factory: pytest.TempPathFactory,
    attempts: list[tuple[str, int, dict[str, int]]],
    counts: Counts,
) -> None:
    store = Store.open(tmp_path_factory.mktemp("book") / f"{next(NUMBER)}.sqlite3")
    wanted: dict[tuple[str, str], tuple[tuple[float, ...], float]] = {}
    for student, hour, points in attempts:
        number = hand_in(store, student, hour, **points)
        for question, value in points.items():
            rank = (value, -hour, -number) if counts == "best" else (hour, number)
            held = wanted.get((student, f"hw0.{question}"))
            if held is None or rank > held[0]:
                wanted[student, f"hw0.{question}"] = (rank, value)
    found = gradebook(store, counts=counts)
    assert {(each.student, each.question): each.earned for each in found} == {
        key: value for key, (_, value) in wanted.items()
    }
