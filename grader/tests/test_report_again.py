"""What a report says of a question that was tried again with the reference."""

from __future__ import annotations

import pytest
from coursekit.homework import Homework, Question, Submission
from grader.report import html
from grader.report.standing import summary
from grader.report.terminal import report
from grader.report.text import tried_again
from grader.result import GradeResult, Grafted, QuestionResult
from grader.standing import Standing
from made_results import WHEN, case, graded
from shown_text import shown

HOMEWORK = Homework(
    name="hw1",
    title="A homework",
    question=[Question(id="hw1.add", title="Adding", points=5, section="Question 1")],
    submission=Submission(files=["src/*.py"]),
)


def question(grafted: Grafted | None, *, failed: int = 2) -> QuestionResult:
    cases = [case(f"c{n}", status="wrong") for n in range(failed)]
    (found,) = graded(*cases, case("good")).questions
    return found.model_copy(update={"grafted": grafted})


def tried(**fields: object) -> Grafted:
    return Grafted.model_validate({"replaced": ["hw0.scale"], "earned": 1, **fields})


@pytest.mark.parametrize(
    "grafted, words",
    [
        (None, ""),
        (
            Grafted(trouble="src/a.py is not part of the submission"),
            "It could not be tried again with the reference in the earlier parts: "
            "src/a.py is not part of the submission.",
        ),
        (
            tried(),
            "With the reference in place of your `hw0.scale` the same cases fail: look "
            "at this question's own code.",
        ),
        (
            tried(passed=["c0"], earned=2),
            "With the reference in place of your `hw0.scale` 1 more of its 3 cases "
            "pass (`c0`); the rest is this question's own (2 of 3 points, your own "
            "result counts).",
        ),
        (
            tried(passed=["c0", "c1"], earned=3, counts=True, replaced=["a", "b", "c"]),
            "With the reference in place of your `a`, `b` and `c` every case passes: "
            "what is wrong lies there (3 of 3 points, which count).",
        ),
    ],
)
def test_words(grafted: Grafted | None, words: str) -> None:
    assert tried_again(question(grafted)) == words


def result_with(grafted: Grafted) -> GradeResult:
    whole = graded(
        case("c0", status="wrong", question="hw1.add"),
        case("other", question="hw1.loss"),
    )
    first = whole.questions[0].model_copy(update={"grafted": grafted})
    return whole.model_copy(update={"questions": [first, *whole.questions[1:]]})


def test_terminal_and_page_both_tell(capsys: pytest.CaptureFixture[str]) -> None:
    result = result_with(tried(passed=["c0"]))
    text = " ".join(shown(capsys, report(result)).split())
    assert "Tried again add With the reference in place of your `hw0.scale`" in text
    assert text.count("Tried again") == 1
    page = html.render(html.Page("A homework", "Ada", WHEN), result)
    assert "in place of your <code>hw0.scale</code> every case passes" in page
    assert page.count('class="again"') == 1


def test_trouble_of_students_stays_text() -> None:
    result = result_with(Grafted(trouble="<script>alert(1)</script>"))
    page = html.render(html.Page("A homework", "Ada", WHEN), result)
    assert "<script>" not in page


def test_a_fault_of_an_earlier_homework_comes_next() -> None:
    """What the student is to mend first is what the question builds on."""
    standing = Standing(HOMEWORK, (0,))

    def advice(**fields: object) -> str:
        _, line = summary(standing, result_with(tried(**fields)), "best")
        return str(line)

    older = ["hw0.scale", "hw1.add"]
    assert advice(passed=["c0"], replaced=older).startswith(
        "Next: fix hw0.scale, which add builds on"
    )
    assert "Next: fix add. First" in advice(passed=["c0"], replaced=["hw1.mul"])
    assert "Next: fix add. First" in advice(passed=[], replaced=older)
