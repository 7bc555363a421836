"""A homework of one Python and one C++ file, small enough to grade in a second."""

from __future__ import annotations

from pathlib import Path

from coursekit.homework import Homework
from grader.engine import grade
from grader.material import Material, Renderings
from grader.result import CaseResult, GradeResult
from grader.sandbox import Sandbox
from grader.submission import Submission

MINI = '''"""The student's module."""

import ctypes
from pathlib import Path

import numpy as np


def add(x, y):
    return x + y


def scale(X, factor):
    X *= factor


def stats(x):
    return {"mean": float(x.mean()), "shape": x.shape}


def reject(x):
    if x < 0:
        raise ValueError("x must not be negative")


def triple(n):
    library = ctypes.CDLL(str(Path(__file__).parent / "fast.so"))
    return library.triple(n)
'''
FAST = '#include "fast.h"\nextern "C" int triple(int n) { return 3 * n; }\n'
HEADER = 'extern "C" int triple(int n);\n'
STUBS = """def add(x, y):
    raise NotImplementedError("hw0.add: add is yours to write (handout, question 1)")
"""
MAKEFILE = """all:
	$(CXX) -Wall -O1 -shared -fPIC src/fast.cpp -o src/fast.so
"""
SUITE = '''"""The hidden cases."""

import numpy as np

from gradebox import at_least, case, close, exact, student

mini = student("mini")


@case("hw0.add", points=1)
def adds_numbers(t):
    """Two numbers are added."""
    a, b = t.input(int(t.rng.randint(100))), t.input(int(t.rng.randint(100)))
    t.answer("sum", mini.add(a, b), check=exact())


@case("hw0.add", points=2)
def adds_arrays(t):
    """Two arrays are added."""
    x = t.input(t.rng.standard_normal((3, 4)).astype("float32"))
    t.answer("sum", mini.add(x, x), check=close())
    t.answer("twice", mini.add(x, 0 * x), check=close())


@case("hw0.scale", points=3)
def scales_in_place(t):
    """An array is scaled in place."""
    X = t.input(t.rng.standard_normal((4, 3)))
    mini.scale(X, 3.0)
    t.answer("X", X, check=close(rtol=1e-9))


@case("hw0.stats", points=2)
def gives_stats(t):
    """Mean and shape are given in a dictionary."""
    x = t.input(t.rng.standard_normal(5))
    t.answer("stats", mini.stats(x), check=close())


@case("hw0.stats", points=1)
def rejects_negative(t):
    """A negative number is rejected with a ValueError."""
    t.raises("negative", ValueError, mini.reject, -1)
    t.answer("positive", mini.reject(1), check=exact())


@case("hw0.triple", points=4)
def triples(t):
    """The C++ function triples."""
    n = t.input(int(t.rng.randint(1000)))
    t.answer("n", mini.triple(n), check=exact())
'''


def mini_model(seconds: float = 2.0) -> Homework:
    """Return the homework's description."""
    points = {"add": 3, "scale": 3, "stats": 3, "triple": 4}
    return Homework.model_validate(
        {
            "name": "hw0",
            "title": "Mini",
            "question": [
                {
                    "id": f"hw0.{name}",
                    "title": name,
                    "points": worth,
                    "section": f"Question {number}",
                    "built": name == "triple",
                }
                for number, (name, worth) in enumerate(points.items(), 1)
            ],
            "submission": {"files": ["src/*.py", "src/*.cpp", "src/*.h"]},
            "build": {
                "command": ["make"],
                "inputs": ["src/*.cpp", "src/*.h"],
                "outputs": ["src/fast.so"],
                "seconds": 60,
            },
            "grading": {
                "packages": ["numpy"],
                "seconds": seconds,
                "memory_mb": 1024,
            },
        }
    )


REFERENCE = {
    "Makefile": MAKEFILE.encode(),
    "src/fast.cpp": FAST.encode(),
    "src/fast.h": HEADER.encode(),
    "src/mini.py": MINI.encode(),
}


def mini_material(folder: Path, suite: str = SUITE, seconds: float = 2.0) -> Material:
    """Write the suite to a folder and return what grading needs."""
    where = folder / "suite" / "hw0"
    where.mkdir(parents=True, exist_ok=True)
    (where / "cases.py").write_text(suite)
    pristine = {**REFERENCE, "src/mini.py": STUBS.encode()}
    editable = frozenset({"src/mini.py", "src/fast.cpp"})
    renderings = Renderings(pristine, dict(REFERENCE), editable)
    return Material.from_folder(mini_model(seconds), "test", renderings, where)


def mini_submission(**changes: str | None) -> Submission:
    """Return the reference as a submission with some files changed or left out.

    Files are named by their stem: ``mini``, ``fast``, ``header``.
    """
    names = {"mini": "src/mini.py", "fast": "src/fast.cpp", "header": "src/fast.h"}
    files = {name: REFERENCE[name] for name in names.values()}
    for stem, text in changes.items():
        if text is None:
            del files[names[stem]]
        else:
            files[names[stem]] = text.encode("utf-8", "surrogateescape")
    return Submission.from_files(files)


def python_change(old: str, new: str) -> Submission:
    """Return the reference with one piece of its Python file replaced."""
    assert MINI.count(old) == 1, old
    return mini_submission(mini=MINI.replace(old, new))


def grade_quickly(
    material: Material,
    submission: Submission,
    sandbox: Sandbox | None = None,
    questions: tuple[str, ...] = ("add", "scale", "stats"),
) -> GradeResult:
    """Grade without the C++ question unless it is asked for."""
    return grade(material, submission, questions=questions, seed=7, sandbox=sandbox)


def by_name(result: GradeResult) -> dict[str, CaseResult]:
    """Return the cases of a result by name."""
    return {case.name: case for question in result.questions for case in question.cases}


def statuses(result: GradeResult) -> dict[str, str]:
    """Return the status of every case."""
    return {name: case.status for name, case in by_name(result).items()}
