"""The report on a terminal reads well at 80 columns and shows text as it is."""

from __future__ import annotations

import pytest
from coursekit.homework import Homework, Question, Submission
from grader.report.standing import summary, table
from grader.report.terminal import report
from grader.result import GradeResult, SandboxInfo
from grader.select.questions import select_questions
from grader.standing import Standing, expression_for
from made_results import case, graded
from shown_text import shown

LONG = "A very long title of a case that goes on and on, longer than a line can hold. "
HOMEWORK = Homework(
    name="hw0",
    title="A homework",
    question=[
        Question(id=f"hw0.{name}", title=title, points=points, section=f"Question {n}")
        for n, (name, title, points) in enumerate(
            [
                ("add", "Adding", 5),
                ("epoch", LONG.strip(), 10),
                ("epoch_cpp", "In C++", 25),
                ("nn_epoch", "In two layers", 25),
            ],
            1,
        )
    ],
    submission=Submission(files=["src/*.py"]),
)


def test_markup_and_emoji_codes_of_students_stay_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    evil = "[red]x[/red] [/] :smile: [link=http://e.example]y[/link]"
    bad = case("a", status="wrong", message=evil, details=[evil], output=evil)
    assert shown(capsys, report(graded(bad))).count(evil) == 3


def test_level_none_is_said_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    result = graded(case("a"))
    walls = SandboxInfo(name="none", enforces=[], lacks=["it can read all you can"])
    bare = result.model_copy(update={"sandbox": walls})
    assert "it can read all you can" in shown(capsys, report(bare))
    assert "no wall" not in shown(capsys, report(result))


def test_many_failures_are_counted_not_all_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = [case(f"c{n}", status="wrong", message=f"message {n}") for n in range(6)]
    few = shown(capsys, report(graded(*bad)))
    assert few.count("message ") == 3
    assert "3 more did not pass" in few
    assert shown(capsys, report(graded(*bad), every=True)).count("message ") == 6


def test_one_reason_for_many_cases_is_told_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = [
        case(f"c{n}", status="build_failed", message="ext.cpp:3: no") for n in range(4)
    ]
    text = shown(capsys, report(graded(*bad)))
    assert text.count("ext.cpp:3: no") == 1
    assert "in 3 more of this question's cases" in text


def test_a_file_that_breaks_every_question_is_told_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = [
        case(f"{name}{n}", question=f"hw0.{name}", status="error", message="a.py:3: no")
        for name in ("add", "epoch")
        for n in range(2)
    ]
    text = shown(capsys, report(graded(*bad)))
    assert text.count("a.py:3: no") == 1
    assert "in 3 more cases, of add, epoch." in text


def test_wrong_answers_of_two_questions_are_two_failures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = [
        case(name, question=f"hw0.{name}", status="wrong", message="`x` is None")
        for name in ("add", "epoch")
    ]
    assert shown(capsys, report(graded(*bad))).count("`x` is None") == 2


def test_what_is_not_written_takes_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stubs = [
        case(f"{name}{n}", question=f"hw0.{name}", status="not_written", message="stub")
        for name in ("add", "epoch")
        for n in range(3)
    ]
    broken = case("b", question="hw0.nn_epoch", status="wrong", message="the reason")
    text = shown(capsys, report(graded(*stubs, broken)))
    assert text.count("Not written yet  add, epoch") == 1
    assert "stub" not in text
    assert "the reason" in text


def test_long_texts_and_much_output_are_bounded(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = "\n".join(f"line {n}" for n in range(100))
    bad = case("a", status="wrong", title=LONG * 3, message=LONG * 9, output=output)
    text = shown(capsys, report(graded(bad)))
    assert "... 88 more lines" in text
    assert "line 50" not in text


def standing(*earned: float | None) -> Standing:
    return Standing(HOMEWORK, earned)


def advice(where: Standing, result: GradeResult) -> list[str]:
    return [line.plain for line in summary(where, result, "best")]


def test_first_broken_question_is_the_next_thing_to_do() -> None:
    result = graded(
        case("a", status="not_written"),
        case("b", question="hw0.epoch", status="wrong"),
    )
    total, next_ = advice(standing(0, 0, None, None), result)
    assert total.startswith("hw0 so far: 0 of 65 points")
    assert "fix epoch" in next_
    assert 'pytest -k "epoch and not cpp and not nn"' in next_


def test_first_question_not_full_comes_next() -> None:
    result = graded(case("a"))
    assert "epoch (10 points)" in advice(standing(5, None, None, None), result)[1]
    assert "add (5 points)" in advice(standing(2.5, 10, None, None), result)[1]
    assert advice(standing(5, 10, 25, 25), result)[1] == "All of hw0 is done."


def test_standing_shows_what_was_never_handed_in(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = shown(capsys, table(standing(5, 0, None, 2.5))).splitlines()
    assert next(line for line in lines if "epoch_cpp" in line).endswith("- / 25")
    assert any("7.5 / 65" in line for line in lines)


def test_advised_expressions_select_their_question_alone() -> None:
    for question in HOMEWORK.questions:
        object.__setattr__(question, "tests", [f"test_{question.name}"])
    source = "".join(f"def test_{each.name}(): pass\n" for each in HOMEWORK.questions)
    files = {"tests/hw0/test_all.py": source.encode()}
    for question in HOMEWORK.questions:
        expression = expression_for(question, HOMEWORK)
        assert select_questions(HOMEWORK, files, expression) == [question.id]
