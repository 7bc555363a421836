"""What a homework is graded with: pristine files, reference, suite, digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.course import GradingTable
from coursekit.errors import CourseError
from gradebox import Case

from grader import digest
from grader.renderings import Files, Partial, Renderer, Renderings
from grader.suite import read_suite
from grader.suite_files import suite_files

if TYPE_CHECKING:
    from coursekit.course import Course
    from coursekit.homework import Build, Homework


@dataclass(frozen=True)
class Material:
    """All that grading a homework needs, in memory.

    It comes from a checkout, or from a grading pack (:mod:`grader.pack`).
    """

    homework: Homework
    version: str
    pristine: Mapping[str, bytes]  # the student's folder with its stubs
    reference: Mapping[str, bytes]  # the same folder solved
    editable: frozenset[str]  # what a student fills in; never taken from pristine
    suite_files: Mapping[str, bytes]
    cases: tuple[Case, ...]
    tests: Mapping[str, bytes] = field(default_factory=dict)  # the public ones
    earlier: Mapping[str, frozenset[str]] = field(default_factory=dict)
    policy: GradingTable = field(default_factory=GradingTable)
    partial: Partial | None = field(default=None, repr=False, compare=False)

    @classmethod
    def from_course(cls, course: Course, homework: str) -> Material:
        """Render the homework and read its suite."""
        model = course.homework(homework)
        suite = course.root / "grader" / "suites" / homework
        if not suite.is_dir():
            raise CourseError(
                f"{homework} has no suite: {suite} is missing. Grading needs a full "
                "checkout of the course."
            )
        renderer = Renderer(course, model)
        found = cls.from_folder(model, course.version, renderer.both(), suite)
        earlier = {each.id: course.upto(each) - {each.id} for each in model.questions}
        return replace(
            found,
            earlier=earlier,
            policy=course.config.grading,
            partial=renderer.partial,
        )

    @classmethod
    def from_folder(
        cls,
        homework: Homework,
        version: str,
        renderings: Renderings,
        suite: Path,
    ) -> Material:
        """Take renderings as they are and read the suite from a folder."""
        return cls(
            homework,
            version,
            pristine=renderings.pristine,
            reference=renderings.reference,
            editable=renderings.editable,
            suite_files=suite_files(suite),
            cases=read_suite(homework, suite),
            tests=renderings.tests,
        )

    def before(self, question: str) -> frozenset[str]:
        """Return the ids of all questions before one, earlier homeworks' included."""
        return self.earlier.get(self.homework.question(question).id, frozenset())

    def rendered(self, solved: frozenset[str]) -> Files:
        """Return the student's folder with the solutions of some questions in it.

        A pack has those of every :meth:`before`, and no others.
        """
        if not solved:
            return dict(self.pristine)
        if self.partial is None:
            raise CourseError(f"{self.homework.name} has no partial solutions here")
        return self.partial(solved)

    @cached_property
    def suite(self) -> str:
        """Return the digest of what verdicts rest on: cases, reference, limits, policy.

        When one of them is put right, everybody is graded again.
        """
        return digest.digest_of(
            digest.digest_files(self.suite_files),
            digest.digest_files(self.reference),
            self.homework.grading.model_dump_json(),
            "grafted results count" if self.policy.graft == "count" else "",
        )

    @cached_property
    def key(self) -> str:
        """Return the digest of all that the reference's answers depend on but seeds."""
        return digest.digest_of(
            self.suite,
            digest.kit(),
            digest.packages(self.homework.grading.packages),
            digest.compiler() if self.homework.builds else "",
            digest.machine(),
        )

    def builds(self, case: Case) -> list[Build]:
        """Return the builds that the case needs."""
        built = case.built
        if built is None:
            built = self.homework.question(case.question).built
        return self.homework.builds_for(built)
