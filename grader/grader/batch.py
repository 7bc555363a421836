"""Grade a folder of submissions: one bad one never costs the others anything."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag
from threading import Lock
from typing import TYPE_CHECKING

from coursekit.errors import CourseError

from grader.hand_in import Order, hand_in
from grader.person import clean_name
from grader.read import read_submission
from grader.result import GradeResult
from grader.store.desk import Here
from grader.text import line

if TYPE_CHECKING:
    from grader.material import Material
    from grader.sandbox import Sandbox
    from grader.store.database import Store

# Only zip archives can be read. Of the others somebody has to be told: whoever hands in
# one must not be missing from the gradebook.
ARCHIVES = {".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar"}


@dataclass(frozen=True)
class Candidate:
    """A folder or an archive, and the name its owner goes by."""

    student: str
    path: Path


@dataclass(frozen=True)
class Outcome:
    """What became of one submission: a result, or the reason why there is none."""

    student: str
    number: int | None = None
    result: GradeResult | None = None
    problem: str = ""
    skipped: bool = False  # identical to what was graded before


@dataclass
class Batch:
    """What all submissions of a run have in common."""

    material: Material
    questions: Sequence[str]
    store: Store
    sandbox: Sandbox | None = None
    jobs: int = 1
    again: bool = False
    # One fresh seed for all: they face the same inputs, and the reference runs once.
    seed: int = field(default_factory=lambda: secrets.randbits(64))


def candidates(folder: Path) -> list[Candidate]:
    """Return the submissions in a folder: its folders and zip archives, by name."""
    try:
        children = sorted(folder.iterdir())
    except OSError as error:
        raise CourseError(f"cannot read {folder}: {error.strerror}.") from None
    paths = [path for path in children if _is_submission(path)]
    if not paths:
        raise CourseError(
            f"{folder} holds no submissions: no folder and no .zip file. It should "
            "have one of either for each student."
        )
    stems = Counter(_stem(path) for path in paths)
    return [
        Candidate(
            clean_name(path.name if stems[_stem(path)] > 1 else _stem(path)), path
        )
        for path in paths
    ]


def left_out(folder: Path) -> list[str]:
    """Return the names of files in a folder that are nobody's submission."""
    return [
        line(path.name, 100)
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".") and not _is_submission(path)
    ]


def _is_submission(path: Path) -> bool:
    return not path.name.startswith(".") and (
        path.is_dir() or path.suffix.lower() in ARCHIVES
    )


def _stem(path: Path) -> str:
    """Return the name without what says that it is an archive: ada of ada.tar.gz."""
    if path.is_dir():
        return path.name
    name = path.name
    while Path(name).suffix.lower() in ARCHIVES:
        name = Path(name).stem
    return name


def grade_all(
    batch: Batch,
    found: Sequence[Candidate],
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Grade every candidate; call ``done`` as each is over; return all, in order.

    Interrupted, it stops after those that are running; run again, it goes on with the
    rest.
    """
    outcomes: dict[Path, Outcome] = {}

    stop, telling = Flag(), Lock()

    def one(candidate: Candidate) -> None:
        if not stop.is_set():
            outcomes[candidate.path] = outcome = _outcome(batch, candidate)
            with telling:
                done(outcome)

    # The first alone, so that the reference's answers are there for all the others.
    for candidate in found[:1]:
        one(candidate)
    with ThreadPoolExecutor(batch.jobs) as pool:
        try:
            for _ in pool.map(one, found[1:]):
                pass
        except BaseException:
            stop.set()
            raise
    return [outcomes[candidate.path] for candidate in found]


def _outcome(batch: Batch, candidate: Candidate) -> Outcome:
    try:
        return _graded(batch, candidate)
    except CourseError as error:
        return Outcome(candidate.student, problem=line(str(error), 500))
    except Exception as error:
        # A defect of ours must not stop the class, nor look like a zero.
        said = f"the grader failed: {type(error).__name__}: {error}"
        return Outcome(candidate.student, problem=line(said, 500))


def _graded(batch: Batch, candidate: Candidate) -> Outcome:
    from grader.store import history

    if candidate.path.is_symlink():
        raise CourseError("it is a link, and links are not followed")
    submission = read_submission(candidate.path, batch.material.homework)
    before = history.same(
        batch.store,
        student=candidate.student,
        homework=batch.material.homework.name,
        source=submission.digest,
        suite=batch.material.suite,
        questions=batch.questions,
    )
    if before is not None and before.state == "graded" and not batch.again:
        result = history.result(batch.store, before.number)
        if not _trouble(result):
            return Outcome(candidate.student, before.number, result, skipped=True)
    unfinished = before is not None and before.state in ("interrupted", "failed")
    order = Order(
        student=candidate.student,
        material=batch.material,
        submission=submission,
        questions=batch.questions,
        sandbox=batch.sandbox,
        seed=batch.seed,
        number=before.number if before is not None and unfinished else None,
    )
    number, result = hand_in(order, Here(batch.store))
    return Outcome(candidate.student, number, result, _trouble(result))


def _trouble(result: GradeResult) -> str:
    """Return which cases our own machinery could not judge, and what it said."""
    cases = [
        case.name
        for question in result.questions
        for case in question.cases
        if case.status == "environment"
    ]
    if not cases:
        return ""
    return line(f"could not be judged: {', '.join([*cases, *result.notes])}", 500)
