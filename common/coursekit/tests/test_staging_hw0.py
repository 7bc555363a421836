"""Tests of hw0 as a student gets it."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from coursekit.leaks import find_leaks
from coursekit.staging import ALL, NONE, render, write_folder
from coursekit.staging.manifest import with_pristine
from coursekit.staging.render import render_folder
from coursekit.staging.requirements import requirements
from coursekit.toml import tomllib


@pytest.fixture(scope="module")
def starter(real_course) -> dict[str, bytes]:
    """Return hw0 with nothing solved."""
    return render(real_course, "hw0", NONE)


def test_every_question_has_a_region_and_every_region_a_question(real_course):
    regions = render_folder(real_course, "hw0", NONE).regions
    questions = {question.id for question in real_course.homework("hw0").questions}
    assert {region.owner for region in regions} == questions


@pytest.mark.parametrize("name", ["hw0", "hw1"])
def test_a_clone_is_ready_for_the_homework_after_make_demo(real_course, name):
    def table(path):
        return tomllib.loads((real_course.root / path).read_text())

    installed = list(table("pyproject.toml")["dependency-groups"]["demo"])
    for part in ("common/coursekit", "grader"):
        installed += table(f"{part}/pyproject.toml")["project"]["dependencies"]
    wanted = requirements(real_course.homework(name)).decode().splitlines()
    names = {re.split("[<>=]", line)[0] for line in wanted if not line.startswith("#")}
    assert ("hypothesis" in names) == (name != "hw0")  # no test of hw0 uses it
    # Jupyter is large, and `make jupyter` fetches it.
    assert names - {"jupyter"} <= {re.split("[<>=]", line)[0] for line in installed}


def test_the_id_of_parse_mnist_lasts_when_it_moves(real_course):
    regions = render_folder(real_course, "hw0", NONE).regions
    assert [r.id for r in regions if r.owner == "hw0.parse_mnist"] == ["parse_mnist"]


def test_every_public_test_that_is_listed_exists_and_none_is_forgotten(
    real_course, starter
):
    written = {
        node.name
        for path, content in starter.items()
        if path.startswith("tests/hw0/test_")
        for node in ast.walk(ast.parse(content))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    questions = real_course.homework("hw0").questions
    assert written == {test for question in questions for test in question.tests}


def test_a_section_of_the_handout_explains_each_question(real_course, starter):
    headings = [
        line
        for line in starter["handout.md"].decode().splitlines()
        if line.startswith("#")
    ]
    for question in real_course.homework("hw0").questions:
        assert any(question.section in heading for heading in headings)


def test_nothing_is_given_away(real_course, starter):
    homework = real_course.homework("hw0")
    assert find_leaks(real_course, homework, with_pristine(starter)) == []


def test_a_solved_folder_would_be_noticed(real_course):
    homework = real_course.homework("hw0")
    leaks = find_leaks(real_course, homework, render(real_course, "hw0", ALL))
    owners = {leak.file for leak in leaks}
    assert owners == {"src/simple_ml.py", "src/simple_ml_ext.cpp"}


def test_solved_sources_are_the_sources(real_course):
    files = render(real_course, "hw0", ALL)
    source = real_course.source("hw0")
    for path in ("src/simple_ml.py", "src/simple_ml_ext.cpp"):
        assert files[path] == (source / path).read_bytes()


PROBE = """
import json, sys, warnings
warnings.simplefilter("ignore")
sys.path.insert(0, "src")
import simple_ml
messages = {}
for name in json.loads(sys.argv[1]):
    function = getattr(simple_ml, name)
    arguments = [None] * function.__code__.co_argcount
    try:
        function(*arguments)
    except NotImplementedError as error:
        messages[name] = str(error)
print(json.dumps(messages))
"""


def test_the_starter_imports_and_its_stubs_name_the_question(
    real_course, starter, tmp_path
):
    write_folder(starter, tmp_path / "hw0")
    homework = real_course.homework("hw0")
    questions = [q for q in homework.questions if not q.built]
    names = json.dumps([question.name for question in questions])
    done = subprocess.run(
        [sys.executable, "-c", PROBE, names],
        cwd=tmp_path / "hw0",
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == {
        q.name: f"{q.id}: {q.name} is yours to write"
        f" (handout, question {homework.number(q)})"
        for q in questions
    }


@pytest.mark.slow
def test_the_handouts_way_to_find_a_wrong_index_names_its_line(starter, tmp_path):
    recipe = re.search(
        r"```bash\n( *make clean && CXXFLAGS=.*?fsanitize.*?) *make clean && make\n",
        starter["handout.md"].decode(),
        re.DOTALL,
    )
    library = subprocess.check_output(["g++", "-print-file-name=libasan.so"], text=True)
    if not library.startswith("/"):
        pytest.skip("no address sanitizer here")
    source = starter["src/simple_ml_ext.cpp"].decode()
    stub = next(line for line in source.splitlines() if "throw NotImpl" in line)
    broken = source.replace(stub, "  theta[n * k] = lr;")
    write_folder(starter | {"src/simple_ml_ext.cpp": broken.encode()}, tmp_path / "hw0")
    shown = subprocess.run(
        ["bash", "-c", recipe[1]],
        cwd=tmp_path / "hw0",
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    line = broken.splitlines().index("  theta[n * k] = lr;") + 1
    assert "heap-buffer-overflow" in shown.stdout + shown.stderr
    assert f"simple_ml_ext.cpp:{line}" in shown.stdout + shown.stderr
