"""What one homework is: the model of ``common/hwN/homework.toml``."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    PositiveFloat,
    PositiveInt,
    field_validator,
    model_validator,
)

from coursekit.errors import CourseError
from coursekit.toml import Table, read_toml

HOMEWORK_NAME = re.compile(r"hw(0|[1-9][0-9]*)")
QUESTION_ID = re.compile(r"(hw(?:0|[1-9][0-9]*))\.([a-z][a-z0-9_]*)")


def stage_number(name: str) -> int:
    """Return 3 for ``hw3``: stages are compared by the number in the name."""
    match = HOMEWORK_NAME.fullmatch(name)
    if match is None:
        raise CourseError(
            f"{name!r} is not the name of a homework: write hw0, hw1, ..."
        )
    return int(match[1])


def _homework_name(value: str) -> str:
    if not HOMEWORK_NAME.fullmatch(value):
        raise ValueError(f"{value!r} is not a homework's name such as hw0")
    return value


def _question_id(value: str) -> str:
    if not QUESTION_ID.fullmatch(value):
        raise ValueError(f"{value!r} is not a question's id such as hw0.add")
    return value


def _relative(value: str) -> str:
    path = PurePosixPath(value)
    if not value or path.is_absolute() or ".." in path.parts or "\\" in value:
        raise ValueError(f"{value!r} must be a path below the folder, written with /")
    return value


HomeworkName = Annotated[str, AfterValidator(_homework_name)]
QuestionId = Annotated[str, AfterValidator(_question_id)]
RelativePath = Annotated[str, AfterValidator(_relative)]


class Question(Table):
    """One question: what it is worth, where it is explained, what tests it.

    With ``on``, only what runs with that parameter: ``on = "cuda"`` are the tests that
    pytest shows as ``test_compact[cuda]``, and other questions have them on the rest.
    """

    id: QuestionId
    title: str = Field(min_length=1)
    points: PositiveInt
    section: str = Field(min_length=1)
    tests: list[str] = Field(default=[])
    on: str = Field(default="", pattern=r"[a-z0-9_]*$")
    needs: list[QuestionId] = Field(default=[])
    given: list[str] = Field(default=[])
    built: bool | str = False  # whether by all builds; the name of the only one
    minutes: PositiveInt | None = None

    @property
    def homework(self) -> str:
        """The homework's name: ``hw0`` of ``hw0.add``."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """The id without the homework: ``add`` of ``hw0.add``."""
        return self.id.partition(".")[2]


class Carried(Table):
    """Files a homework has besides those in its own folder."""

    library: list[RelativePath] = Field(default=[])
    support: list[RelativePath] = Field(default=[])
    emulator: list[RelativePath] = Field(default=[])
    explore: list[RelativePath] = Field(default=[])


class Submission(Table):
    """What a submission may contain."""

    files: list[RelativePath] = Field(min_length=1)
    max_files: PositiveInt = 50
    max_bytes: PositiveInt = 1_000_000


class Build(Table):
    """How the native code is built, from which files, into which.

    ``inputs`` are the student's, ``reads`` all the others that the build reads, and all
    that the grader lets it see: what else changes in a homework builds nothing anew.
    ``keep`` names folders where the build leaves what it has made from the files of the
    starter: the grader begins with it, so that it compiles only what depends on inputs.
    Of several builds each has a name: one may fail, and others give their outputs.
    One that ``reserves`` makes what maps far more memory than it uses, as the emulator
    does: cases that need it are limited in memory, not in addresses.
    """

    name: str = ""
    command: list[str] = Field(min_length=1)
    inputs: list[RelativePath] = Field(min_length=1)
    reads: list[RelativePath] = Field(default=["**/*"])
    outputs: list[RelativePath] = Field(min_length=1)
    keep: list[RelativePath] = Field(default=[])
    seconds: PositiveFloat = 120
    reserves: bool = False


class Grading(Table):
    """What the box shows to the code it runs, and the limits of a case."""

    packages: list[str] = Field(default=["numpy"])
    seconds: PositiveFloat = 10
    memory_mb: PositiveInt = 2048


class Testing(Table):
    """What the public tests need besides what every homework has."""

    packages: list[str] = Field(default=[])


class Data(Table):
    """The data sets a homework uses, and the shipped one that stands in offline."""

    sets: list[str] = Field(default=[])
    offline: str | None = None


class Demo(Table):
    """What ``make demo`` runs in the solved folder."""

    command: list[str] = Field(min_length=1)


class Homework(Table):
    """One homework, as its ``homework.toml`` describes it."""

    name: HomeworkName
    title: str = Field(min_length=1)
    minutes: PositiveInt | None = None
    questions: list[Question] = Field(alias="question", min_length=1)
    carried: Carried = Carried()
    submission: Submission
    builds: list[Build] = Field(default=[], alias="build")
    grading: Grading = Grading()
    testing: Testing = Testing()
    data: Data = Data()
    demo: Demo | None = None

    @classmethod
    def read(cls, path: Path) -> Homework:
        """Read and check a ``homework.toml``."""
        return read_toml(path, cls)

    @property
    def points(self) -> int:
        """The points of all questions together."""
        return sum(question.points for question in self.questions)

    @property
    def stage(self) -> int:
        """The homework's place in the course: 3 for hw3."""
        return stage_number(self.name)

    def question(self, name: str) -> Question:
        """Return the question called ``add`` or ``hw0.add``."""
        full = name if "." in name else f"{self.name}.{name}"
        for question in self.questions:
            if question.id == full:
                return question
        known = ", ".join(question.id for question in self.questions)
        raise CourseError(f"{self.name} has no question {name!r}; it has {known}")

    def number(self, question: Question) -> int:
        """Return the question's position, from 1, as students count."""
        return self.questions.index(question) + 1

    def builds_for(self, built: bool | str) -> list[Build]:
        """Return the builds that a question or a case needs."""
        return [each for each in self.builds if built is True or each.name == built]

    def owners(self, test: str) -> dict[str, Question]:
        """Return the questions that have a test, by their ``on``."""
        return {each.on: each for each in self.questions if test in each.tests}

    @model_validator(mode="after")
    def _ids_are_ours_and_unique(self) -> Homework:
        seen: set[str] = set()
        for question in self.questions:
            if question.homework != self.name:
                raise ValueError(
                    f"question {question.id}: must start with {self.name}."
                )
            if question.id in seen:
                raise ValueError(f"question {question.id}: this id is used twice")
            for need in question.needs:
                if need.startswith(f"{self.name}.") and need not in seen:
                    raise ValueError(
                        f"question {question.id}, needs: {need} is not an earlier"
                        f" question of {self.name}"
                    )
            seen.add(question.id)
        return self

    @model_validator(mode="after")
    def _tests_belong_to_one_question(self) -> Homework:
        owner: dict[tuple[str, str], str] = {}
        for question in self.questions:
            for test in question.tests:
                key = test, question.on
                if key in owner:
                    raise ValueError(
                        f"question {question.id}, tests: {test} is also"
                        f" listed by {owner[key]}"
                    )
                owner[key] = question.id
        return self

    @field_validator("builds", mode="before")
    @classmethod
    def _one_build_or_several(cls, value: object) -> object:
        return [value] if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _builds_have_names_of_their_own(self) -> Homework:
        names = [build.name for build in self.builds]
        if len(set(names)) < len(names):
            raise ValueError("build, name: several builds need a name each")
        return self

    @model_validator(mode="after")
    def _built_questions_have_a_build(self) -> Homework:
        names = [build.name for build in self.builds]
        for question in self.questions:
            if question.built and not self.builds:
                raise ValueError(
                    f"question {question.id}, built: true needs a [build] table"
                )
            if isinstance(question.built, str) and question.built not in names:
                raise ValueError(
                    f"question {question.id}, built: there is no build"
                    f" {question.built!r}"
                )
        return self
