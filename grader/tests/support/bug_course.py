"""A course with a catalogue of planted bugs, and tests that are meant to find them."""

from __future__ import annotations

from pathlib import Path

from coursekit.course import Course
from grader.material import Material
from grader.proof.bugs.catalogue import read_catalogue
from grader.proof.bugs.hunt import Hunt, hunt
from grader.proof.bugs.plant import Garden
from grader.proof.bugs.trial import Bench
from grader.sandbox import best
from mini_course import write, write_course

CONFTEST = """
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
    """
PUBLIC = """
    import small


    def test_add():
        assert small.add(2, 3) == 5


    def test_add_twice():
        assert small.add_twice(2, 3) == 8
    """
CATALOGUE = "grader/bugs/hw0/add.toml"


def bug_course(root: Path, entries: str, public: str = PUBLIC) -> Course:
    """Write a course whose catalogue holds these entries for its first question."""
    course = write_course(root)
    write(root / "common/hw0/tests/hw0/conftest.py", CONFTEST)
    write(root / "common/hw0/tests/hw0/test_small.py", public)
    write_catalogue(root, "add", entries)
    return course


def write_catalogue(root: Path, question: str, entries: str) -> None:
    """Write the entries of a question."""
    path = root / f"grader/bugs/hw0/{question}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'question = "hw0.{question}"\n\n{entries.strip()}\n')


def bench(course: Course, name: str = "hw0") -> Bench:
    """Return what bugs are tried with."""
    material = Material.from_course(course, name)
    return Bench(Garden(course, material.homework), material, best())


def hunted(course: Course) -> Hunt:
    """Try the whole catalogue."""
    ready = bench(course)
    return hunt(ready, read_catalogue(course, ready.homework))
