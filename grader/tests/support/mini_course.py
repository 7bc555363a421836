"""A course of one small homework, written into a folder, for tests of the commands."""

from __future__ import annotations

import textwrap
from pathlib import Path

from coursekit.course import Course
from coursekit.staging import NONE, render, write_folder

FILES = {
    "course.toml": """
        [course]
        name = "A course for tests"
        version = "1.0"
        homeworks = ["hw0"]
        """,
    "common/hw0/homework.toml": """
        name = "hw0"
        title = "Two small functions"

        [[question]]
        id = "hw0.add"
        title = "Adding"
        points = 5
        section = "Question 1"
        tests = ["test_add"]

        [[question]]
        id = "hw0.add_twice"
        title = "Adding twice"
        points = 10
        section = "Question 2"
        tests = ["test_add_twice"]
        needs = ["hw0.add"]

        [submission]
        files = ["src/*.py"]
        max_files = 5
        max_bytes = 10000

        [grading]
        packages = ["numpy"]
        seconds = 5
        """,
    "common/hw0/src/small.py": """
        def add(x, y):
            ### BEGIN YOUR SOLUTION hw0.add
            return x + y
            ### END YOUR SOLUTION


        def add_twice(x, y):
            ### BEGIN YOUR SOLUTION hw0.add_twice
            return x + y + y
            ### END YOUR SOLUTION
        """,
    "common/hw0/tests/hw0/test_small.py": """
        def test_add():
            pass


        def test_add_twice():
            pass
        """,
    "grader/suites/hw0/suite.py": """
        from gradebox import case, close, exact, student

        small = student("small")


        @case("hw0.add", points=2)
        def add_integers(t):
            '''Two integers.'''
            x, y = t.input(int(t.rng.randint(100))), t.input(int(t.rng.randint(1, 100)))
            t.answer("sum", small.add(x, y), check=exact())


        @case("hw0.add", points=3)
        def add_arrays(t):
            '''Two arrays, element by element.'''
            x = t.input(t.rng.standard_normal(4))
            t.answer("sum", small.add(x, x), check=close())


        @case("hw0.add_twice", points=10)
        def add_twice_arrays(t):
            '''Two arrays, the second one twice.'''
            x = t.input(t.rng.standard_normal(4))
            t.answer("sum", small.add_twice(x, 2 * x), check=close())
        """,
}
SOLVED = """
    def add(x, y):
        return x + y


    def add_twice(x, y):
        return x + y + y
"""
HALF = """
    def add(x, y):
        print("adding", x, "<b>bold</b>")
        return x - y


    def add_twice(x, y):
        return x + y + y
"""


def write_course(root: Path) -> Course:
    """Write the course's sources and suite; return it."""
    for path, text in FILES.items():
        write(root / path, text)
    return Course(root)


def write_work(course: Course, folder: Path, text: str | None = None) -> Path:
    """Write a student's folder, with their code in place of the stubs."""
    write_folder(render(course, "hw0", NONE), folder)
    if text is not None:
        write(folder / "src" / "small.py", text)
    return folder


def write(path: Path, text: str) -> None:
    """Write text that was indented for its place in a test."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip("\n"))
