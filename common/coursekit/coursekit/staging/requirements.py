"""The ``requirements.txt`` of a homework: what a student installs."""

from __future__ import annotations

from collections.abc import Sequence

from coursekit.errors import CourseError
from coursekit.homework import Homework

# One range for each package that any homework may need, wherever it is written out.
RANGES = {
    "cmake": ">=3.18,<5",
    "hypothesis": ">=6.100,<7",
    "jupyter": ">=1.0,<2",
    "matplotlib": ">=3.8,<4",
    "numpy": ">=2.0,<3",
    "pybind11": ">=2.13,<4",
    "pyelftools": ">=0.31,<1",
    "pytest": ">=8.2,<10",
    "safetensors": ">=0.5,<1",
    "scipy": ">=1.13,<2",
}
ALWAYS = ("pytest", "jupyter", "matplotlib")


def requirements(homework: Homework, wheels: Sequence[str] = ()) -> bytes:
    """Return the file's content; ``wheels`` are paths relative to its folder."""
    lines = [
        f"# What {homework.name} needs. In a virtual environment, in this folder:",
        "#     python -m pip install -r requirements.txt",
        *(f"./{wheel}" for wheel in sorted(wheels)),
        *(_ranged(name) for name in _packages(homework)),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _packages(homework: Homework) -> list[str]:
    named = [*homework.grading.packages, *homework.testing.packages, *ALWAYS]
    return list(dict.fromkeys(named))


def _ranged(name: str) -> str:
    if name not in RANGES:
        raise CourseError(
            f"no range of versions is known for the package {name!r}: add it to"
            " RANGES in coursekit/staging/requirements.py"
        )
    return name + RANGES[name]
