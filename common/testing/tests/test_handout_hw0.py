"""What the hw0 handout promises: questions, cells, pictures, and no solution."""

from __future__ import annotations

import ast
import re
import runpy
import sys
from pathlib import Path

import pytest
from coursekit.course import Course
from coursekit.notebook.cells import split

ROOT = Path(__file__).resolve().parents[3]
HW0 = ROOT / "common" / "hw0"
HANDOUT = (HW0 / "handout.md").read_text()
QUESTIONS = Course.find(ROOT).homework("hw0").questions
RUN = 8  # so many tokens in a row, not found in given code, give a solution away


def sections() -> list[str]:
    """Return the text of each question, in order."""
    parts = re.split(r"^## ", HANDOUT, flags=re.M)
    return [part for part in parts if part.startswith("Question ")]


def code_cells() -> list[str]:
    return [cell.source for cell in split(HANDOUT) if cell.kind == "code"]


@pytest.mark.parametrize("number", range(1, len(QUESTIONS) + 1))
def test_every_question_has_its_section(number):
    question, text = QUESTIONS[number - 1], sections()[number - 1]
    function = question.id.removeprefix("hw0.")
    assert text.startswith(f"Question {number}: `{function}`")
    assert question.section == f"Question {number}"
    assert f"*{question.points:g} points, about" in text
    assert f"| {number} | `{function}` |" in HANDOUT
    assert f'-k "{function}' in text
    for level in (1, 2, 3):
        assert f"<summary>Hint {level}</summary>" in text
    assert "**Common mistakes.**" in text or number == 1


def test_there_is_no_section_without_a_question():
    assert len(sections()) == len(QUESTIONS)


def test_the_table_tells_the_points_and_the_time():
    rows = re.findall(r"^\| \d \| .*\| +(\d+) \| ([^|]+) \|$", HANDOUT, flags=re.M)
    assert [float(points) for points, _ in rows] == [q.points for q in QUESTIONS]
    assert [minutes(time) for _, time in rows] == [q.minutes for q in QUESTIONS]


def minutes(text: str) -> int:
    """Read "1 h 30", "2 h" or "45 min" as minutes."""
    hours = re.search(r"(\d+) h", text)
    rest = re.search(r"(?:h |^)(\d+)(?: min)?$", text.strip())
    return 60 * int(hours[1] if hours else 0) + int(rest[1] if rest else 0)


def test_every_command_selects_tests_of_its_question():
    for question, text in zip(QUESTIONS, sections(), strict=True):
        command = re.findall(r'python3 -m pytest -k "([^"]+)"', text)[0]
        wanted = command.split(" and ")[0]
        assert all(wanted in test for test in question.tests), (command, question.id)


def test_code_cells_are_python_and_fit_the_page():
    assert len(code_cells()) > 25
    for source in code_cells():
        plain = "\n".join(line for line in source.splitlines() if line[:1] not in "%!")
        ast.parse(plain)
        assert max(map(len, source.splitlines())) <= 88, source


def test_hints_hold_no_code_cell():
    # A cell would end the <details> element and show the hint to everyone.
    for hint in re.findall(r"<details>.*?</details>", HANDOUT, flags=re.S):
        assert "```python" not in hint
        assert "\n\n\n" not in hint


def test_pictures_are_there_and_each_is_drawn_by_code(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs" / "figures")
    drawn = runpy.run_path(str(ROOT / "docs" / "figures" / "draw_hw0.py"))["FIGURES"]
    for name in ("hw0_maths", "hw0_machine", "style"):
        sys.modules.pop(name, None)
    shown = set(re.findall(r"!\[[^]]+\]\(figures/([\w-]+)\.svg\)", HANDOUT))
    stored = {path.stem for path in (HW0 / "figures").iterdir()}
    assert shown == stored == set(drawn)
    for path in (HW0 / "figures").iterdir():
        assert path.stat().st_size < 100_000
        assert "<image" not in path.read_text()


# -- no solution in it -----------------------------------------------------------------

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


def secrets() -> set[tuple[str, ...]]:
    solved, given = set(), set()
    for path in (HW0 / "src").iterdir():
        if path.suffix in (".py", ".cpp", ".h"):
            solution, rest = halves(path.read_text())
            solved |= runs(solution)
            given |= runs(rest)
    return solved - given


def test_the_search_for_leaks_finds_one():
    solution, _ = halves((HW0 / "src" / "simple_ml.py").read_text())
    line = next(line for line in solution.splitlines() if len(line) > 60)
    assert runs(HANDOUT + line) & secrets()


@pytest.mark.parametrize(
    "path",
    [HW0 / "handout.md", *sorted((HW0 / "explore").glob("*.py"))],
    ids=lambda path: path.name,
)
def test_no_solution_is_given_away(path):
    assert not runs(path.read_text()) & secrets()
