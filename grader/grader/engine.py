"""Grade one submission: build, run every case beside the reference, compare."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import datetime, timezone

from coursekit.course import GraftPolicy
from gradebox import Case

from grader import reference
from grader.earlier import completed
from grader.grading import Grading
from grader.material import Material
from grader.progress import Progress
from grader.reference import Reference
from grader.result import CaseResult, GradeResult, QuestionResult, SandboxInfo
from grader.sandbox import Sandbox, best
from grader.submission import Submission


def grade(
    material: Material,
    submission: Submission,
    *,
    questions: Collection[str] | None = None,
    seed: int | None = None,
    sandbox: Sandbox | None = None,
    progress: Progress | None = None,
    graft: GraftPolicy | None = None,
) -> GradeResult:
    """Return what the submission earns in ``questions`` (all by default).

    A fresh seed is drawn unless one is given; the best sandbox is used unless one is
    given; the course's policy says what is tried again, unless ``graft`` does. Errors
    of the student are results, errors of the person who runs the grader are
    :class:`coursekit.errors.CourseError`.
    """
    began, started_at = time.monotonic(), datetime.now(timezone.utc)
    sandbox = sandbox or best()
    submission = completed(material, submission)
    cases = select(material, questions)
    if seed is None:
        seed, known = reference.take_prepared(material, cases)
    else:
        known = reference.kept(material, seed)
    with Reference(material, sandbox, seed, cases, known=known) as right:
        grading = Grading(
            material,
            submission,
            sandbox=sandbox,
            right=right,
            cases=cases,
            progress=progress,
        )
        results = grading.run()
        verdicts = grading.again(
            _by_question(material, results), graft or material.policy.graft
        )
        if known.keys() < {case.name for case in cases}:
            reference.keep(material, seed, {**known, **right.runs()})
    return GradeResult(
        homework=material.homework.name,
        version=material.version,
        suite=material.suite,
        seed=f"{seed:016x}",
        sandbox=SandboxInfo(
            name=sandbox.name, enforces=sandbox.enforces, lacks=sandbox.lacks
        ),
        questions=verdicts,
        started_at=started_at,
        wall_seconds=round(time.monotonic() - began, 6),
        cpu_seconds=round(sum(result.cpu_seconds for result in results), 6),
        notes=[*submission.notes, *grading.notes],
    )


def prepare(
    material: Material,
    *,
    questions: Collection[str] | None = None,
    sandbox: Sandbox | None = None,
) -> None:
    """Compute the reference's answers for a fresh seed that a later run will take."""
    cases = select(material, questions)
    if reference.has_prepared(material, cases):
        return
    seed = reference.fresh_seed()
    with Reference(material, sandbox or best(), seed, cases) as right:
        reference.put_prepared(material, seed, right.runs())


def select(material: Material, questions: Collection[str] | None) -> list[Case]:
    """Return the cases of the questions, in the order of the suite."""
    if questions is None:
        return list(material.cases)
    wanted = {material.homework.question(name).id for name in questions}
    return [case for case in material.cases if case.question in wanted]


def _by_question(
    material: Material, results: Collection[CaseResult]
) -> list[QuestionResult]:
    """Sum the cases of each question up, in the homework's order."""
    found = []
    for question in material.homework.questions:
        own = [result for result in results if result.question == question.id]
        if own:
            found.append(
                QuestionResult(
                    id=question.id,
                    title=question.title,
                    points=sum(result.points for result in own),
                    earned=sum(result.earned for result in own),
                    cases=own,
                )
            )
    return found
