"""Map an expression to the questions whose public tests it selects."""

from __future__ import annotations

from collections.abc import Mapping

from coursekit.errors import CourseError
from coursekit.homework import Homework
from coursekit.owners import owner_of

from grader.select.expression import compile_expression
from grader.select.names import find_tests


def select_questions(
    homework: Homework, files: Mapping[str, bytes], expression: str | None
) -> list[str]:
    """Return the ids, in order, of the questions that own a selected test.

    ``files`` are the homework's test files. No expression selects every question.
    """
    every = [question.id for question in homework.questions]
    if expression is None or not expression.strip():
        return every
    selects = compile_expression(expression)
    tests = find_tests(files)
    owners = (
        owner_of(homework.owners(test.function), test.parameters)
        for test in tests
        if selects(test.names)
    )
    chosen = {owner.id for owner in owners if owner is not None}
    ids = [name for name in every if name in chosen]
    if not ids:
        raise CourseError(_nothing(homework, expression))
    return ids


def _nothing(homework: Homework, expression: str) -> str:
    lines = [f"-k {expression!r} selects no test of {homework.name}. Its tests are:"]
    for question in homework.questions:
        lines.append(f"  {question.id} ({question.title})")
        on = f"[{question.on}]" if question.on else ""
        lines.extend(f"    {test}{on}" for test in question.tests)
    lines.append(f"For all of {homework.questions[0].id} write, for example:")
    lines.append(f'  grader submit {homework.name} -k "{_example(homework)}"')
    return "\n".join(lines)


def _example(homework: Homework) -> str:
    return homework.questions[0].name
