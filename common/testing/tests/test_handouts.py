"""What the handouts promise: questions, cells, pictures, and no solution."""

from __future__ import annotations

import ast
import functools
import re
import runpy
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression
from coursekit.course import Course
from coursekit.homework import Homework, Question
from coursekit.notebook.cells import split
from coursekit.staging.sources import collect

COURSE = Course.find(Path(__file__).parent)
RUN = 8  # so many tokens in a row, not found in given code, give a solution away


@dataclass(frozen=True)
class Handout:
    """The text of a homework's handout, and what it is about."""

    name: str

    @property
    def homework(self) -> Homework:
        return COURSE.homework(self.name)

    @property
    def folder(self) -> Path:
        return COURSE.source(self.name)

    @property
    def text(self) -> str:
        return (self.folder / "handout.md").read_text()

    def sections(self) -> list[str]:
        """Return the text of each question, in order."""
        parts = re.split(r"^## ", self.text, flags=re.M)
        return [part for part in parts if part.startswith("Question ")]

    def code_cells(self) -> list[str]:
        return [cell.source for cell in split(self.text) if cell.kind == "code"]


HANDOUTS = [Handout(homework.name) for homework in COURSE.homeworks()]
every_handout = pytest.mark.parametrize("handout", HANDOUTS, ids=lambda each: each.name)
every_question = pytest.mark.parametrize(
    "handout, question",
    [(each, question) for each in HANDOUTS for question in each.homework.questions],
    ids=lambda value: value.id if isinstance(value, Question) else value.name,
)


@every_question
def test_every_question_has_its_section(handout: Handout, question: Question):
    number = handout.homework.questions.index(question) + 1
    text = handout.sections()[number - 1]
    short = question.id.removeprefix(f"{handout.name}.")
    assert text.startswith(f"Question {number}: `{short}`")
    assert question.section == f"Question {number}"
    assert f"*{question.points:g} points, about" in text
    assert f"| {number} | `{short}` |" in handout.text
    for level in (1, 2, 3):
        assert f"<summary>Hint {level}</summary>" in text
    assert "**Common mistakes.**" in text or question.id == "hw0.add"


@every_handout
def test_there_is_no_section_without_a_question(handout: Handout):
    assert len(handout.sections()) == len(handout.homework.questions)


@every_handout
def test_the_table_tells_the_points_and_the_time(handout: Handout):
    row = r"^\| \d+ \| .*\| +(\d+) \| ([^|]+) \|$"
    rows = re.findall(row, handout.text, flags=re.M)
    questions = handout.homework.questions
    assert [float(points) for points, _ in rows] == [q.points for q in questions]
    assert [minutes(time) for _, time in rows] == [q.minutes for q in questions]


def minutes(text: str) -> int:
    """Read "1 h 30", "2 h" or "45 min" as minutes."""
    hours = re.search(r"(\d+) h", text)
    rest = re.search(r"(?:h |^)(\d+)(?: min)?$", text.strip())
    return 60 * int(hours[1] if hours else 0) + int(rest[1] if rest else 0)


@every_question
def test_every_command_selects_tests_of_its_question(handout, question):
    text = handout.sections()[handout.homework.questions.index(question)]
    command = re.findall(r'python3 -m pytest -k "([^"]+)"', text)[0]
    assert f'grader submit {handout.name} -k "{command}"' in text
    assert question.tests
    device = question.on or "cpu"
    expected = {f"{test}[{device}]" for test in question.tests}
    assert selected(command, handout.homework) == expected


def selected(command: str, homework: Homework) -> set[str]:
    """Return the tests that a command selects, by what their names say.

    Those of hw3 run on devices, and a command names one.
    """
    chosen = Expression.compile(command)
    named = {
        f"{test}[{question.on or 'cpu'}]"
        for question in homework.questions
        for test in question.tests
    }
    return {name for name in named if chosen.evaluate(lambda word: word in name)}  # noqa: B023


@every_handout
def test_code_cells_are_python_and_fit_the_page(handout: Handout):
    assert len(handout.code_cells()) > 25
    for source in handout.code_cells():
        plain = "\n".join(line for line in source.splitlines() if line[:1] not in "%!")
        ast.parse(plain)
        assert max(map(len, source.splitlines())) <= 88, source


@every_handout
def test_code_that_is_shown_as_given_is_given(handout: Handout):
    given = "\n".join(rest for _, rest in marked(handout))
    for shown in re.findall(r"^```py\n(.*?)^```", handout.text, flags=re.S | re.M):
        for piece in re.split(r"\n\n\n", shown.rstrip()):
            assert piece in given


@every_handout
def test_hints_hold_no_code_cell(handout: Handout):
    # A cell would end the <details> element and show the hint to everyone.
    for hint in re.findall(r"<details>.*?</details>", handout.text, flags=re.S):
        assert "```python" not in hint
        assert "\n\n\n" not in hint


@every_handout
def test_pictures_are_there_and_each_is_drawn_by_code(handout, monkeypatch):
    drawing = COURSE.root / "docs" / "figures"
    monkeypatch.syspath_prepend(drawing)
    for module in drawing.glob("*.py"):  # what the other homework's figures left behind
        monkeypatch.delitem(sys.modules, module.stem, raising=False)
    drawn = runpy.run_path(str(drawing / f"draw_{handout.name}.py"))["FIGURES"]
    shown = set(re.findall(r"!\[[^]]+\]\(figures/([\w-]+)\.svg\)", handout.text))
    stored = {path.stem for path in (handout.folder / "figures").iterdir()}
    assert shown == stored == set(drawn)
    for path in (handout.folder / "figures").iterdir():
        assert path.stat().st_size < 100_000
        assert "<image" not in path.read_text()


# -- no solution in it -----------------------------------------------------------------
# Searched otherwise than by `coursekit.leaks`: what one overlooks the other may see.

BEGIN = re.compile(r"^\s*(###|///) (BEGIN YOUR SOLUTION|SOLUTION ONLY)")
END = re.compile(r"^\s*(###|///) END (YOUR SOLUTION|SOLUTION ONLY)")


def halves(source: str) -> tuple[str, str]:
    """Split a marked file into the text of its solutions and the given text."""
    parts: tuple[list[str], list[str]] = ([], [])
    solved = False
    for line in source.splitlines():
        if BEGIN.match(line) or END.match(line):
            solved = bool(BEGIN.match(line))
        else:
            parts[0 if solved else 1].append(line)
    return "\n".join(parts[0]), "\n".join(parts[1])


def runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of tokens, comments left out."""
    code = re.sub(r"(#|//).*", "", text)
    tokens = re.findall(r"\w+|[^\w\s]", code)
    return {tuple(tokens[i : i + RUN]) for i in range(len(tokens) - RUN + 1)}


@functools.cache
def marked(handout: Handout) -> list[tuple[str, str]]:
    """Return the solutions, and what is given around them, of each file with any."""
    sources = collect(COURSE, handout.homework).items()
    texts = [
        s.content.decode()
        for path, s in sources
        if path.endswith((".py", ".cpp", ".cc", ".cu"))
    ]
    return [halves(text) for text in texts if "BEGIN YOUR SOLUTION" in text]


@functools.cache
def secrets(handout: Handout) -> set[tuple[str, ...]]:
    solved, given = set(), set()
    for solution, rest in marked(handout):
        solved |= runs(solution)
        given |= runs(rest)
    return solved - given


@every_handout
def test_the_search_for_leaks_finds_one(handout: Handout):
    solutions = "\n".join(solution for solution, _ in marked(handout))
    line = next(line for line in solutions.splitlines() if len(line) > 60)
    assert runs(handout.text + line) & secrets(handout)


@pytest.mark.parametrize(
    "handout, path",
    [
        (each, path)
        for each in HANDOUTS
        for path in (
            each.folder / "handout.md",
            *sorted((each.folder / "explore").glob("*.py")),
            *sorted((COURSE.root / "common" / "explore").glob("*.py")),
        )
    ],
    ids=lambda value: value.name,
)
def test_no_solution_is_given_away(handout: Handout, path: Path):
    found = runs(path.read_text()) & secrets(handout)
    assert not found, sorted(" ".join(run) for run in found)
