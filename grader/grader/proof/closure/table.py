"""The closure matrix as a table: what is solved, against what passes."""

from __future__ import annotations

from collections.abc import Sequence

from coursekit.course import Course
from coursekit.homework import Homework
from coursekit.staging import ALL, render

from grader import digest
from grader.proof.closure.outcome import Ran, Suite
from grader.proof.page import sources_of
from grader.suite_files import suite_paths


def counts(ran: Ran, question: str, suite: Suite) -> tuple[int, int]:
    """Return how many of a question's tests or cases passed, and how many there are.

    A public test with several sets of parameters counts once.
    """
    own = [o for o in ran.outcomes if o.question == question and o.suite == suite]
    names = {outcome.name for outcome in own}
    failed = {outcome.name for outcome in own if not outcome.passed}
    return len(names) - len(failed), len(names)


def cell(ran: Ran, question: str) -> str:
    """Return ``public passed/total, hidden passed/total``."""
    public, hidden = counts(ran, question, "public"), counts(ran, question, "hidden")
    return f"{public[0]}/{public[1]}, {hidden[0]}/{hidden[1]}"


def row_label(ran: Ran, homework: Homework) -> str:
    """Return what is solved, in the numbers of the questions."""
    column = ran.column
    if column.label in ("nothing", "untouched"):
        return column.label
    if column.only:
        solved = [q for q in homework.questions if q.id in column.solved]
        return "only " + ", ".join(str(homework.number(each)) for each in solved)
    number = homework.number(homework.question(column.label))
    return "1" if number == 1 else f"1 to {number}"


def markdown(homework: Homework, runs: Sequence[Ran]) -> str:
    """Return the table for the docs; what passes whole is bold."""
    heads = [f"{n} `{q.name}`" for n, q in enumerate(homework.questions, 1)]
    lines = [
        "| solved | " + " | ".join(heads) + " |",
        "| --- |" + " :-: |" * len(heads),
    ]
    for ran in runs:
        cells = [_bold(ran, question.id) for question in homework.questions]
        lines.append(f"| {row_label(ran, homework)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _bold(ran: Ran, question: str) -> str:
    text = cell(ran, question)
    whole = all(
        passed == total > 0
        for passed, total in (
            counts(ran, question, "public"),
            counts(ran, question, "hidden"),
        )
    )
    return f"**{text}**" if whole else text


def block(homework: Homework, runs: Sequence[Ran]) -> str:
    """Return the homework's part of the page: its table, and what is given."""
    given = [
        f"- `{name}` ({question.id})"
        for question in homework.questions
        for name in question.given
    ]
    listed = ["", "Try code that is given, and pass from the start:", "", *given]
    title = f"### {homework.name}: {homework.title}"
    return "\n".join([title, "", markdown(homework, runs), *(listed if given else [])])


def sources(course: Course, name: str) -> str:
    """Return the digest of all that the table describes: the solved folder, the suite.

    Of the folder, and not of what it is rendered from: most of that serves several
    homeworks, and what is there for later ones changes nothing here.
    """
    homework = course.homework(name)
    solved = digest.digest_files(render(course, homework, ALL))
    files = [course.source(name) / "homework.toml"]
    files.extend(suite_paths(course.root / "grader" / "suites" / name).values())
    return sources_of(
        course, [file.relative_to(course.root).as_posix() for file in files], solved
    )
