"""Grade a folder of submissions for the command ``grader grade --all``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from coursekit.errors import CourseError

from grader.batch import Batch, Candidate, Outcome, candidates, grade_all, left_out
from grader.commands.grade_one import homework_of
from grader.commands.opening import chosen_sandbox, library_for
from grader.commands.options import show_json
from grader.select import select_questions

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from grader.library import Library
    from grader.report.gradebook import Row
    from grader.sandbox import Sandbox


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    every: Path
    out: Path | None
    homework: str | None
    expression: str | None
    level: str | None
    seed: int | None
    jobs: int
    again: bool
    as_json: bool

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Wanted:
        """Pick the parameters that matter here; refuse those that make no sense."""
        for name, option in (("student", "--as"), ("no_store", "--no-store")):
            if given[name]:
                raise CourseError(f"--all does not go together with {option}.")
        return cls(**{name: given[name] for name in cls.__dataclass_fields__})


def run(wanted: Wanted) -> None:
    """Grade all, write the gradebook and the reports, show the table."""
    from grader.report.terminal import console

    found = candidates(wanted.every)
    stray = left_out(wanted.every)
    if stray:
        click.echo(
            f"Note: left out, being neither folders nor zip archives: "
            f"{', '.join(stray[:20])}{' ...' if stray[20:] else ''}",
            err=True,
        )
    batch = _batch(wanted, found)
    with _progress(console(stderr=True), len(found)) as done:
        try:
            outcomes = grade_all(batch, found, done)
        except KeyboardInterrupt:
            raise CourseError(
                "stopped. What was graded is kept; run the same command again to go on."
            ) from None
    rows = _rows(batch, outcomes)
    if wanted.out is not None:
        _write(wanted.out, batch, outcomes, rows)
    _show(wanted, batch, outcomes, rows)
    broken = [outcome for outcome in outcomes if outcome.problem]
    if broken:
        names = ", ".join(each.student for each in broken)
        raise CourseError(
            f"{len(broken)} of {len(outcomes)} could not be graded: {names}. Put them "
            "right and run the command again; the others are kept."
        )


def _batch(wanted: Wanted, found: Sequence[Candidate]) -> Batch:
    from grader.store.database import Store

    library = library_for(wanted.every, foreign=True)
    material = library.material(wanted.homework or _homework(found, library))
    homework = material.homework
    questions = select_questions(homework, material.tests, wanted.expression)
    batch = Batch(
        material=material,
        questions=questions,
        store=Store.open(),
        sandbox=_walls(wanted.level),
        jobs=wanted.jobs,
        again=wanted.again,
    )
    if wanted.seed is not None:
        batch.seed = wanted.seed
    return batch


def _walls(level: str | None) -> Sandbox | None:
    """Return the level for other people's code: none at all only when asked for."""
    from grader import sandbox

    if level is None and sandbox.best().name == "none":
        raise CourseError(
            f"other people's code is graded behind walls, and there are none here: "
            f"{sandbox.why_not('user')}. For code you trust with every file you have, "
            "add --sandbox none."
        )
    if level == "none":
        click.echo(
            "Note: sandbox none: this code can read and change every file of yours.",
            err=True,
        )
    return chosen_sandbox(level)


def _homework(found: Sequence[Candidate], library: Library) -> str:
    names: set[str] = set()
    for candidate in found:
        with suppress(CourseError):  # one that does not say is no reason to stop
            names.add(homework_of(candidate.path, library))
    if not names:
        return homework_of(found[0].path, library)
    if len(names) > 1:
        raise CourseError(
            f"these are submissions of several homeworks ({', '.join(sorted(names))}): "
            "say which to grade with --hw."
        )
    return names.pop()


@contextmanager
def _progress(console: Console, total: int) -> Iterator[Callable[[Outcome], None]]:
    """Show a bar with the time left, or a line each where there is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    columns = (BarColumn(bar_width=30), MofNCompleteColumn(), TimeLeft())
    name = TextColumn("{task.description}", markup=False)
    with Progress(
        *columns, name, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=total)
        over = 0

        def done(outcome: Outcome) -> None:
            nonlocal over
            over += 1
            bar.update(task, advance=1, description=outcome.student)
            if not console.is_terminal:
                console.print(f"{over}/{total} {outcome.student}: {_said(outcome)}")

        yield done


def _said(outcome: Outcome) -> str:
    from grader.report.text import points

    if outcome.result is None:
        return outcome.problem
    score = f"{points(outcome.result.earned)} / {points(outcome.result.points)}"
    return f"{score} (graded before)" if outcome.skipped else score


def _rows(batch: Batch, outcomes: Sequence[Outcome]) -> list[Row]:
    """Return the gradebook of those in this batch: what counts, not this run alone."""
    from grader.report.gradebook import rows
    from grader.store.gradebook import gradebook

    counts = batch.material.policy.counts
    scores = gradebook(batch.store, batch.material.homework.name, counts=counts)
    problems = {outcome.student: outcome.problem for outcome in outcomes}
    return rows([each for each in scores if each.student in problems], problems)


def _write(
    out: Path, batch: Batch, outcomes: Sequence[Outcome], rows: Sequence[Row]
) -> None:
    import json

    from grader.commands.report import page
    from grader.files import write_whole
    from grader.report import gradebook as book
    from grader.report.html import render
    from grader.safe_names import safe_name
    from grader.store import history

    homeworks = [batch.material.homework]
    write_whole(out / "gradebook.csv", book.as_csv(homeworks, rows))
    data = json.dumps(book.as_json(homeworks, rows), indent=2) + "\n"
    write_whole(out / "gradebook.json", data)
    for outcome in outcomes:
        if outcome.number is not None and outcome.result is not None:
            entry = history.entry(batch.store, outcome.number)
            text = render(page(batch.store, entry), outcome.result)
            write_whole(out / "reports" / f"{safe_name(outcome.student)}.html", text)


def _show(
    wanted: Wanted, batch: Batch, outcomes: Sequence[Outcome], rows: Sequence[Row]
) -> None:
    from rich.padding import Padding

    from grader.report import gradebook as book
    from grader.report.terminal import console

    homeworks = [batch.material.homework]
    if wanted.as_json:
        data = book.as_json(homeworks, rows)
        show_json({**data, "submissions": [_json(outcome) for outcome in outcomes]})
        return
    out = console()
    out.print(book.table(homeworks, rows))
    out.print(book.legend(homeworks[0]))
    for row in rows:
        if row.problem:
            out.print(f"Not graded, which is not zero: {row.student}", style="red")
            out.print(Padding(row.problem, (0, 0, 0, 2), expand=False))
    if wanted.out is not None:
        out.print(f"Written to {wanted.out}: gradebook.csv, gradebook.json, reports/")


def _json(outcome: Outcome) -> dict[str, object]:
    return {
        "student": outcome.student,
        "submission": outcome.number,
        "skipped": outcome.skipped,
        "problem": outcome.problem or None,
        "earned": outcome.result and outcome.result.earned,
    }
