"""The report of one submission, for a terminal of 80 columns and more."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.report.text import (
    STATUS_WORDS,
    again,
    alike,
    failures,
    passed,
    points,
    seconds,
    short,
    tried_again,
    unwritten,
)
from grader.result import CaseResult, GradeResult, QuestionResult

FAILURES_SHOWN = 3
OUTPUT_LINES_SHOWN = 12


def console(*, stderr: bool = False) -> Console:
    """Return a console that shows text as it is: no markup, no guessed colours."""
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def report(result: GradeResult, *, every: bool = False) -> Group:
    """Return the table of questions and a paragraph for each of the first failures."""
    parts = (*_failures(result, every), *_tried_again(result), *_notes(result))
    return Group(questions(result), *parts)


def questions(result: GradeResult) -> Table:
    """Return the table of questions with cases passed and points earned."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), expand=False)
    table.add_column("Question", overflow="fold", style="bold")
    table.add_column("")
    table.add_column("Cases", justify="right")
    table.add_column("Points", justify="right")
    for question in result.questions:
        table.add_row(
            Text(short(question.id)),
            Text(question.title),
            Text(passed(question), style=_colour(question)),
            Text(f"{points(question.earned)} / {points(question.points)}"),
        )
    if len(result.questions) > 1:
        total = f"{points(result.earned)} / {points(result.points)}"
        table.add_row("", Text("together"), "", Text(total, style="bold"))
    return table


def _colour(question: QuestionResult) -> str:
    if any(case.status == "environment" for case in question.cases):
        return "magenta"
    if all(case.status == "passed" for case in question.cases):
        return "green"
    return "red" if question.earned == 0 else "yellow"


def _failures(result: GradeResult, every: bool) -> Iterator[RenderableType]:
    found = [case for case in failures(result) if case.status != "not_written"]
    shown = found if every else found[:FAILURES_SHOWN]
    for case in shown:
        yield Text()
        yield from failure(case, alike(result, case))
    if len(found) > len(shown):
        yield Text()
        rest = f"{len(found) - len(shown)} more did not pass"
        yield Text(f"{rest}: `grader report` shows all.", style="dim")
    waiting = unwritten(result)
    if waiting:
        yield Text()
        yield Text.assemble(("Not written yet  ", "bold yellow"), ", ".join(waiting))


def failure(
    case: CaseResult, others: list[CaseResult] | None = None
) -> Iterator[RenderableType]:
    """Yield a failed case: what it asked, what happened, what was printed."""
    head = Text(STATUS_WORDS[case.status], style="bold red")
    head.append(f"  {short(case.question)}: ", style="bold")
    head.append(case.title or case.name, style="bold")
    yield head
    if case.message:
        yield _indented(case.message, 2)
    if case.details:
        yield _indented("\n".join(case.details), 4, "cyan")
    if case.output.strip():
        yield _indented("Your code printed:", 2, "dim")
        yield _indented(_bounded(case.output), 4)
    if others:
        yield _indented(again(case, others), 2, "dim")


def _tried_again(result: GradeResult) -> Iterator[RenderableType]:
    """Yield what failed questions are with the reference in the earlier parts."""
    told: dict[str, list[str]] = {}
    for question in result.questions:
        told.setdefault(tried_again(question), []).append(short(question.id))
    told.pop("", None)
    for words, names in told.items():
        yield Text()
        yield Text.assemble(
            ("Tried again  ", "bold yellow"), (", ".join(names), "bold")
        )
        yield _indented(words, 2)


def _indented(text: str, columns: int, style: str = "") -> Padding:
    return Padding(Text(text, style=style), (0, 0, 0, columns), expand=False)


def _bounded(output: str) -> str:
    lines = output.rstrip().splitlines()
    if len(lines) <= OUTPUT_LINES_SHOWN:
        return "\n".join(lines)
    left = len(lines) - OUTPUT_LINES_SHOWN
    return "\n".join([*lines[:OUTPUT_LINES_SHOWN], f"... {left} more lines"])


def _notes(result: GradeResult) -> Iterator[RenderableType]:
    yield Text()
    for note in result.notes:
        yield Text(f"Note: {note}", style="dim")
    walls = f"Graded in {seconds(result.wall_seconds)}, sandbox {result.sandbox.name}"
    yield Text(f"{walls}, seed {result.seed}.", style="dim")
    if result.sandbox.name == "none":
        lacks = "; ".join(result.sandbox.lacks)
        yield Text(f"Sandbox none is no wall: {lacks}.", style="yellow")
