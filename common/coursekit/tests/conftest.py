"""Fixtures shared by the tests of coursekit."""

from __future__ import annotations

import os
import signal
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from carry_kit import Student, make_chain
from click.testing import CliRunner, Result
from coursekit.course import Course, enclosing_root
from coursekit.errors import CourseError


def pytest_configure() -> None:
    """Let commands be stopped as from a keyboard.

    A shell ignores the signal for what it runs in the background, and so would every
    process that a test starts there.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _own_places(tmp_path_factory, monkeypatch):
    """Keep every test away from the folders of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("COURSE_DATA", str(home / "data"))
    monkeypatch.setenv("GRADER_HOME", str(home / "grader"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "share"))


class MiniCourse:
    """A small course in a temporary folder, written file by file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.homeworks: list[str] = []
        (root / "common").mkdir(parents=True)

    def write(self, path: str, text: str | bytes, *, executable: bool = False) -> Path:
        """Write a file below the root; text is dedented."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, str):
            text = textwrap.dedent(text).encode()
        file.write_bytes(text)
        if executable:
            file.chmod(0o755)
        return file

    def homework(self, name: str, *questions: str, more: str = "") -> None:
        """Add a homework; a question is its short name, tests and needs left out."""
        self.homeworks.append(name)
        tables = "".join(
            f'[[question]]\nid = "{name}.{question}"\ntitle = "About {question}"\n'
            f'points = 10\nsection = "Question {number}"\n'
            for number, question in enumerate(questions, start=1)
        )
        head = f'name = "{name}"\ntitle = "The homework {name}"\n'
        submission = '[submission]\nfiles = ["src/*.py"]\n'
        text = head + tables + submission + textwrap.dedent(more)
        self.write(f"common/{name}/homework.toml", text.encode())
        self.write(
            "course.toml",
            f'[course]\nname = "Mini"\nversion = "1"\nhomeworks = {self.homeworks!r}\n',
        )

    def complete(self) -> None:
        """Write what the homeworks lack before they may be staged."""
        for name in self.homeworks:
            folder = self.root / "common" / name
            questions = self.course.homework(name).questions
            handout = folder / "handout.md"
            text = handout.read_text() if handout.exists() else ""
            more = [q.section for q in questions if f"## {q.section}" not in text]
            handout.write_text(text + "".join(f"\n## {section}\n" for section in more))
            marked = "".join(file.read_text() for file in folder.rglob("*.py"))
            for question in questions:
                if f"YOUR SOLUTION {question.id}" not in marked:
                    code = (
                        f"def {question.name}():\n"
                        f"    ### BEGIN YOUR SOLUTION {question.id}\n"
                        f'    return "{question.id}"\n'
                        "    ### END YOUR SOLUTION\n"
                    )
                    path = f"common/{name}/src/{question.name}.py"
                    self.write(path, code.encode())

    @property
    def course(self) -> Course:
        """The course, read afresh."""
        return Course(self.root)


@pytest.fixture
def mini(tmp_path) -> MiniCourse:
    """Return a course of two homeworks: hw1 (forward, backward) and hw2 (fit)."""
    course = MiniCourse(tmp_path / "mini")
    course.homework("hw1", "forward", "backward")
    course.homework("hw2", "fit")
    return course


@pytest.fixture(scope="session")
def real_course() -> Course:
    """Return the course this test stands in."""
    root = enclosing_root(Path(__file__).parent)
    assert root is not None
    return Course(root)


@pytest.fixture
def run_course(monkeypatch) -> Callable[..., Result]:
    """Return a function that runs ``course ...`` in a folder, as a person would."""
    from coursekit.cli import group

    def run(*arguments: object, cwd: Path) -> Result:
        monkeypatch.chdir(cwd)
        runner = CliRunner()
        result = runner.invoke(group, [str(each) for each in arguments])
        if isinstance(result.exception, CourseError):
            return result
        if result.exception is not None and not isinstance(
            result.exception, SystemExit
        ):
            raise result.exception
        return result

    return run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what fetches from the network unless it is asked for."""
    if os.environ.get("COURSE_NETWORK") == "1":
        return
    for item in items:
        if item.get_closest_marker("network"):
            item.add_marker(pytest.mark.skip(reason="COURSE_NETWORK=1 runs it"))


@pytest.fixture
def chain(mini, tmp_path):
    return make_chain(type(mini), tmp_path / "chain")


@pytest.fixture
def begin(chain, tmp_path):
    """Return a function that starts a homework in work/hwN."""
    return lambda name: Student.start(chain.course, name, tmp_path / "work" / name)


@pytest.fixture
def hw1(begin):
    return begin("hw1")


@pytest.fixture
def hw2(begin):
    return begin("hw2")
