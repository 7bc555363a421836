"""Say where a student stands and what to do next, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from grader.report.text import points, short
from grader.result import GradeResult, QuestionResult
from grader.standing import Standing, expression_for


def summary(standing: Standing, result: GradeResult, counts: str) -> Iterator[Text]:
    """Yield the total so far and one line about what comes next."""
    homework = standing.homework
    total = f"{points(standing.total)} of {homework.points} points"
    yield Text.assemble(
        (f"{homework.name} so far: {total}", "bold"),
        (f"  ({_rule(counts)})", "dim"),
    )
    yield Text(_advice(standing, result))


def _rule(counts: str) -> str:
    return f"the {counts} of each question counts"


def _advice(standing: Standing, result: GradeResult) -> str:
    homework = standing.homework
    broken = [each for each in result.questions if each.earned < each.points]
    written = [each for each in broken if _begun(each.cases)]
    if written:
        elsewhere = _faults_elsewhere(written[0])
        if elsewhere:
            return (
                f"Next: fix {' and '.join(elsewhere)}, which {short(written[0].id)} "
                "builds on: with the reference there it passes."
            )
        question = homework.question(written[0].id)
        expression = expression_for(question, homework)
        return (
            f"Next: fix {question.name}. First its public tests, then the hidden:\n"
            f'  python3 -m pytest -k "{expression}"\n'
            f'  grader submit {homework.name} -k "{expression}"'
        )
    return upcoming(standing)


def _faults_elsewhere(question: QuestionResult) -> list[str]:
    """Return the parts of earlier homeworks that alone make a question fail."""
    failed = [case for case in question.cases if case.status != "passed"]
    found = question.grafted
    if found is None or len(found.passed) < len(failed):
        return []
    own = question.id.partition(".")[0]
    return [each for each in found.replaced if not each.startswith(f"{own}.")]


def upcoming(standing: Standing) -> str:
    """Return one line about the first question that is not yet full."""
    question = standing.next
    if question is None:
        return f"All of {standing.homework.name} is done."
    return (
        f"Next: {question.name} ({question.points} points): {question.title} "
        f"(handout, {question.section})."
    )


def _begun(cases: object) -> bool:
    assert isinstance(cases, list)
    return any(case.status not in ("passed", "not_written") for case in cases)


def table(standing: Standing) -> Table:
    """Return the homework's questions with what each has earned so far."""
    homework = standing.homework
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    shown.add_column("", justify="right", style="dim")
    shown.add_column("Question", style="bold", overflow="fold")
    shown.add_column("")
    shown.add_column("Points", justify="right")
    rows = zip(homework.questions, standing.earned, strict=True)
    for number, (question, earned) in enumerate(rows, 1):
        shown.add_row(
            str(number),
            Text(short(question.id)),
            Text(question.title),
            _earned(earned, question.points),
        )
    total = f"{points(standing.total)} / {homework.points}"
    shown.add_row("", "", Text("together"), Text(total, style="bold"))
    return shown


def _earned(earned: float | None, possible: float) -> Text:
    if earned is None:
        return Text(f"- / {points(possible)}", style="dim")
    style = "green" if earned >= possible else "yellow" if earned else "red"
    return Text(f"{points(earned)} / {points(possible)}", style=style)
