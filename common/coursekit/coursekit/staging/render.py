"""Render the whole folder of a homework, as a pure function of the sources."""

from __future__ import annotations

from dataclasses import dataclass, field

from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.homework import Homework, Question, stage_number
from coursekit.staging.dialect import MarkerError, dialect_of
from coursekit.staging.manifest import with_manifest
from coursekit.staging.requirements import requirements
from coursekit.staging.solved import Everything, Solved
from coursekit.staging.sources import Source, collect
from coursekit.staging.text import PlacedRegion, RenderedText, render_text

HANDOUT = "handout.md"
REQUIREMENTS = "requirements.txt"


@dataclass
class Folder:
    """A homework's folder in memory, before its manifest is written."""

    homework: Homework
    version: str
    course: str
    solved: list[str]
    files: dict[str, bytes] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)  # of a file: its source
    executable: set[str] = field(default_factory=set)
    editable: set[str] = field(default_factory=set)
    regions: list[PlacedRegion] = field(default_factory=list)

    def add(self, path: str, content: bytes) -> None:
        """Add a generated file, which no source may be in the way of."""
        if path in self.files:
            raise CourseError(
                f"common/{self.homework.name}/{path}: this file is generated; remove it"
            )
        self.files[path] = content

    def complete(self) -> dict[str, bytes]:
        """Return the files with their manifest."""
        return with_manifest(
            self.files,
            homework=self.homework.name,
            version=self.version,
            editable=self.editable,
            executable=self.executable,
            solved=self.solved,
            course=self.course,
            submission=self.homework.submission.files,
        )


def render(
    course: Course, homework: Homework | str, solved: Solved
) -> dict[str, bytes]:
    """Return the homework's folder: relative POSIX path to content, sorted.

    ``solved`` is NONE (a student's folder), ALL (the reference) or a set of question
    ids. The manifest among the files says which of them are executable.
    """
    return finish(render_folder(course, homework, solved))


def finish(folder: Folder) -> dict[str, bytes]:
    """Add ``requirements.txt`` and the manifest."""
    folder.add(REQUIREMENTS, requirements(folder.homework))
    return folder.complete()


def render_folder(course: Course, homework: Homework | str, solved: Solved) -> Folder:
    """Render all but ``requirements.txt`` and manifest, which a bundle writes anew."""
    if isinstance(homework, str):
        homework = course.homework(homework)
    questions = CourseQuestions(course, homework)
    _refuse_unknown(course, solved)
    shown = [each.id for each in homework.questions if each.id in solved]
    folder = Folder(homework, course.version, course.config.course.name, shown)
    for path, source in collect(course, homework).items():
        _render_source(folder, path, source, solved, questions)
    _refuse_duplicate_ids(folder)
    _add_notebook(course, folder)
    return folder


class CourseQuestions:
    """The questions a region may belong to at one stage, numbered as students count."""

    def __init__(self, course: Course, homework: Homework) -> None:
        self.course = course
        self.homework = homework

    def number(self, owner: str) -> int:
        """Return the question's number in its homework, or raise ValueError."""
        question = self.find(owner)
        return self.course.homework(question.homework).number(question)

    def find(self, owner: str) -> Question:
        """Return the question, or raise ValueError with what is wrong."""
        try:
            return self.course.question(owner)
        except CourseError as error:
            raise ValueError(f"unknown owner {owner}: {error}") from error


def _render_source(
    folder: Folder,
    path: str,
    source: Source,
    solved: Solved,
    questions: CourseQuestions,
) -> None:
    if source.executable:
        folder.executable.add(path)
    folder.origins[path] = source.path.relative_to(questions.course.root).as_posix()
    if dialect_of(path) is None:
        folder.files[path] = source.content
        return
    try:
        rendered = _render_marked(path, source, solved, questions)
    except MarkerError as error:
        raise error.at(folder.origins[path]) from error
    folder.files[path] = rendered.text.encode()
    folder.regions.extend(rendered.regions)
    if rendered.regions:
        folder.editable.add(path)


def _render_marked(
    path: str, source: Source, solved: Solved, questions: CourseQuestions
) -> RenderedText:
    name, stage = questions.homework.name, questions.homework.stage
    rendered = render_text(path, _decode(path, source), stage, solved, questions)
    for region in rendered.regions:
        owner = region.owner.partition(".")[0]
        if stage_number(owner) > stage:
            raise MarkerError(
                path,
                region.line,
                f"{region.owner} comes after {name}, which carries this file: put the"
                f" region into `STAGE {owner}+`",
            )
    return rendered


def _decode(path: str, source: Source) -> str:
    try:
        return source.content.decode()
    except UnicodeDecodeError as error:
        line = source.content[: error.start].count(b"\n") + 1
        raise MarkerError(path, line, f"is not UTF-8 ({error.reason})") from error


def _refuse_duplicate_ids(folder: Folder) -> None:
    seen: dict[str, PlacedRegion] = {}
    for region in folder.regions:
        first = seen.setdefault(region.id, region)
        if first is not region:
            raise MarkerError(
                folder.origins[region.path],
                region.line,
                f"id={region.id} is also the id of the region in"
                f" {folder.origins[first.path]}:{first.line}: give each its own",
            )


def _refuse_unknown(course: Course, solved: Solved) -> None:
    if isinstance(solved, Everything):
        return
    for question_id in sorted(solved):
        course.question(question_id)


def _add_notebook(course: Course, folder: Folder) -> None:
    """Add the notebook, once there is a handout to make it from."""
    handout = folder.files.get(HANDOUT)
    if handout is None:
        return
    from coursekit.notebook import build  # heavy, and only needed here

    text = handout.decode()
    name = f"{folder.homework.name}.ipynb"
    folder.add(name, build(course, folder.homework, text, folder.version))
    folder.editable.add(name)
