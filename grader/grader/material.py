"""What a homework is graded with: pristine files, reference, suite, digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from coursekit.errors import CourseError
from gradebox import Case

from grader import digest
from grader.cache import cache_folder, load, save
from grader.suite import read_suite

if TYPE_CHECKING:
    from coursekit.course import Course
    from coursekit.homework import Homework

# What a box does not need: reading matter and public tests.
NOT_IN_BOX = (".course/", "figures/", "tests/", "handout.md", "requirements.txt")
KEPT_RENDERINGS = 16


class Renderings(NamedTuple):
    """A homework's folder as students get it and as it should become."""

    pristine: dict[str, bytes]
    reference: dict[str, bytes]
    editable: frozenset[str]


@dataclass(frozen=True)
class Material:
    """All that grading a homework needs, in memory."""

    homework: Homework
    version: str
    pristine: Mapping[str, bytes]  # the student's folder with its stubs
    reference: Mapping[str, bytes]  # the same folder solved
    editable: frozenset[str]  # what a student fills in; never taken from pristine
    suite_files: Mapping[str, bytes]
    cases: tuple[Case, ...]

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
        return cls.from_folder(model, course.version, _renderings(course, model), suite)

    @classmethod
    def from_folder(
        cls,
        homework: Homework,
        version: str,
        renderings: Renderings,
        suite: Path,
    ) -> Material:
        """Take renderings as they are and read the suite from a folder."""
        files = {path.name: path.read_bytes() for path in sorted(suite.glob("*.py"))}
        return cls(
            homework,
            version,
            pristine=renderings.pristine,
            reference=renderings.reference,
            editable=renderings.editable,
            suite_files=files,
            cases=read_suite(homework, suite),
        )

    @cached_property
    def suite(self) -> str:
        """Return the digest of what verdicts depend on: cases, reference and limits.

        When one of them is put right, everybody is graded again.
        """
        return digest.digest_of(
            digest.digest_files(self.suite_files),
            digest.digest_files(self.reference),
            self.homework.grading.model_dump_json(),
        )

    @cached_property
    def key(self) -> str:
        """Return the digest of all that the reference's answers depend on but seeds."""
        return digest.digest_of(
            self.suite,
            digest.kit(),
            digest.packages(self.homework.grading.packages),
            digest.compiler() if self.homework.build else "",
            digest.machine(),
        )

    def is_built(self, case: Case) -> bool:
        """Tell whether the case needs the native build."""
        if case.built is not None:
            return case.built
        return self.homework.question(case.question).built


def _renderings(course: Course, homework: Homework) -> Renderings:
    """Return stubs, solutions and the editable paths; rendered once a source."""
    path = cache_folder("rendered") / _source_digest(course, homework)
    kept = load(path)
    if isinstance(kept, tuple):  # our own file: what we saved below
        pristine, reference, editable = cast(
            tuple[dict[str, bytes], dict[str, bytes], list[str]], kept
        )
        return Renderings(pristine, reference, frozenset(editable))
    found = _render(course, homework)
    value = (found.pristine, found.reference, sorted(found.editable))
    save(path, value, keep=KEPT_RENDERINGS)
    return found


def _render(course: Course, homework: Homework) -> Renderings:
    from coursekit.staging import ALL, NONE, Manifest, render

    files = render(course, homework, NONE)
    editable = Manifest.from_bytes(files[".course/manifest.json"]).editable
    pristine, reference = _boxed(files), _boxed(render(course, homework, ALL))
    return Renderings(pristine, reference, frozenset(editable) & set(pristine))


def _boxed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that a box needs."""
    return {
        path: data
        for path, data in files.items()
        if not path.startswith(NOT_IN_BOX) and not path.endswith(".ipynb")
    }


def _source_digest(course: Course, homework: Homework) -> str:
    """Return the digest of all that a rendering depends on, our own code included."""
    import coursekit
    from coursekit.staging.sources import collect

    own = Path(coursekit.__file__).parent
    files = {
        str(path.relative_to(own)): path.read_bytes()
        for path in own.rglob("*.py")
        if path.parent.name in {"staging", "coursekit"}
    }
    sources = {
        path: source.content for path, source in collect(course, homework).items()
    }
    return digest.digest_of(
        homework.model_dump_json(),
        course.version,
        digest.digest_files(files),
        digest.digest_files(sources),
    )
