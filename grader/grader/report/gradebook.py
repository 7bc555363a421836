"""The gradebook as a table on a terminal, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coursekit.homework import Homework
from rich.table import Table
from rich.text import Text

from grader.report.text import points
from grader.store.facts import Score, totals

# What a spreadsheet takes for the beginning of a formula, wide forms included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Row:
    """One student: the points by question id, and what went wrong if something did."""

    student: str
    earned: Mapping[str, float]
    problem: str = ""

    @property
    def total(self) -> float:
        """Return the sum of the points."""
        return sum(self.earned.values())


def rows(
    scores: Sequence[Score], problems: Mapping[str, str] | None = None
) -> list[Row]:
    """Return one row a student, by name.

    ``problems`` says of some students why they could not be graded, or ``""``; each of
    them has a row even without scores.
    """
    problems = problems or {}
    grouped = totals(scores)
    names = sorted({*problems, *grouped}, key=lambda name: (name.casefold(), name))
    return [
        Row(
            name,
            {
                score.question: score.earned
                for each in grouped.get(name, {}).values()
                for score in each
            },
            problems.get(name, ""),
        )
        for name in names
    ]


def table(homeworks: Sequence[Homework], found: Sequence[Row]) -> Table:
    """Return a column a question for one homework, a column a homework for several."""
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    shown.add_column("Student", overflow="fold", style="bold")
    columns = _columns(homeworks)
    for title, _ in columns:
        shown.add_column(Text(title), justify="right")
    shown.add_column("Total", justify="right")
    for row in found:
        cells = [_cell(row, ids) for _, ids in columns]
        total = Text(points(row.total), style="bold")
        if row.problem:
            total = Text("not graded" if not row.earned else "in part", style="red")
        shown.add_row(Text(row.student), *cells, total)
    return shown


def _columns(homeworks: Sequence[Homework]) -> list[tuple[str, list[str]]]:
    if len(homeworks) == 1:
        questions = enumerate(homeworks[0].questions, 1)
        return [(f"Q{n}\nof {q.points}", [q.id]) for n, q in questions]
    return [
        (f"{each.name}\nof {each.points}", [question.id for question in each.questions])
        for each in homeworks
    ]


def _cell(row: Row, ids: Sequence[str]) -> Text:
    earned = [row.earned[each] for each in ids if each in row.earned]
    return Text(points(sum(earned))) if earned else Text("-", style="dim")


def legend(homework: Homework) -> Text:
    """Return which question each column is."""
    names = (f"Q{n} {q.name}" for n, q in enumerate(homework.questions, 1))
    return Text(", ".join(names), style="dim")


def as_json(homeworks: Sequence[Homework], found: Sequence[Row]) -> dict[str, object]:
    """Return the gradebook as plain data."""
    return {
        "homeworks": {
            each.name: {question.id: question.points for question in each.questions}
            for each in homeworks
        },
        "students": [
            {
                "student": row.student,
                "earned": dict(row.earned),
                "total": row.total if row.earned else None,
                "problem": row.problem or None,
            }
            for row in found
        ],
    }


def as_csv(homeworks: Sequence[Homework], found: Sequence[Row]) -> str:
    """Return one line a student: name, points by question, total, problem.

    A question never handed in, or not judged, is an empty cell, which is not zero.
    """
    ids = [question.id for each in homeworks for question in each.questions]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(["student", *ids, "total", "problem"])
    for row in found:
        earned = [_number(row.earned.get(each)) for each in ids]
        total = row.total if row.earned else None
        writer.writerow(
            [guarded(row.student), *earned, _number(total), guarded(row.problem)]
        )
    return stream.getvalue()


def _number(value: float | None) -> float | int | str:
    if value is None:
        return ""
    return int(value) if value == int(value) else round(value, 6)


def guarded(text: str) -> str:
    """Return text that no spreadsheet will run as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
