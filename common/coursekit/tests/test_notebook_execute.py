"""Running notebooks headless, and what a failing cell looks like."""

from __future__ import annotations

import json

import pytest
from coursekit.errors import CourseError
from coursekit.notebook import execute
from coursekit.notebook.build import encode
from coursekit.notebook.cells import split


def run(text, folder, **options):
    return json.loads(execute(encode(split(text), "hw1"), folder, **options))


def failure(text, folder, **options) -> str:
    with pytest.raises(CourseError) as caught:
        run(text, folder, **options)
    return str(caught.value)


def test_runs_in_the_folder_and_keeps_outputs(tmp_path):
    (tmp_path / "given.txt").write_text("from the folder")
    seen = []
    done = run(
        "# T\n\n```python\nprint(open('given.txt').read())\n```\n",
        tmp_path,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert done["cells"][1]["outputs"][0]["text"] == ["from the folder\n"]
    assert seen[-1] == (2, 2)


def test_an_error_shows_cell_line_and_message(tmp_path):
    text = "# T\n\n```python\na = 1\n\nb = a / 0\n```\n"
    message = failure(text, tmp_path)
    assert "cell 2 of 2 (a = 1) failed" in message
    assert ">   3 | b = a / 0" in message
    assert message.endswith("ZeroDivisionError: division by zero")
    assert "\x1b" not in message


def test_an_error_below_a_call_names_the_line_of_the_cell(tmp_path):
    (tmp_path / "lib.py").write_text(
        "def f():\n    \n    \n    \n    raise KeyError(1)\n"
    )
    message = failure("```python\nimport lib\nlib.f()\n```\n", tmp_path)
    assert ">   2 | lib.f()" in message
    assert "KeyError" in message


def test_a_syntax_error_names_its_line(tmp_path):
    message = failure("```python\nx = 1\nx = = 2\n```\n", tmp_path)
    assert ">   2 | x = = 2" in message


def test_a_dead_kernel_is_named(tmp_path):
    message = failure("```python\nimport os; os._exit(3)\n```\n", tmp_path)
    assert "ended the Python process" in message


def test_a_cell_that_hangs_is_named(tmp_path):
    text = "```python\nimport time; time.sleep(60)\n```\n"
    assert "ran longer than 2 s" in failure(text, tmp_path, seconds=2)


def test_command_writes_and_executes(mini, run_course, tmp_path):
    mini.write("common/hw1/handout.md", "# T\n\n```python\nprint(6 * 7)\n```\n")
    target = tmp_path / "out.ipynb"
    result = run_course("notebook", "hw1", "-o", target, cwd=mini.root)
    assert result.exit_code == 0, result.output
    assert json.loads(target.read_bytes())["cells"][2]["outputs"] == []
    result = run_course(
        "notebook", "hw1", "--execute", "--json", "-o", target, cwd=mini.root
    )
    assert result.exit_code == 0, result.output
    assert '"executed": true' in result.output
    cells = json.loads(target.read_bytes())["cells"]
    assert cells[2]["outputs"][0]["text"] == ["42\n"]
    assert "Folder:" in "".join(cells[0]["outputs"][0]["text"])


def test_command_without_a_handout(mini, run_course):
    result = run_course("notebook", "hw1", cwd=mini.root)
    assert result.exit_code != 0
    assert "handout.md" in str(result.exception)
    assert not list(mini.root.glob("*.ipynb"))
