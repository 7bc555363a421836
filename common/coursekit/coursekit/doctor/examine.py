"""The whole examination, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from coursekit.doctor import native, python, surroundings
from coursekit.doctor.finding import Finding

Check = Callable[[], Finding]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("Python", python.interpreter),
    ("virtual env", python.virtual_environment),
    ("numpy", partial(python.package, "numpy", 2, required=True)),
    ("pybind11", partial(python.package, "pybind11", 2, required=True)),
    ("C++ compiler", native.compiler),
    ("make", native.make),
    ("CMake", native.cmake),
    ("CUDA", native.cuda),
    ("Jupyter", python.jupyter),
    ("pytest", partial(python.package, "pytest", 8, required=True)),
    ("sandbox", surroundings.sandbox),
    ("data", surroundings.data),
    ("disk", surroundings.disk),
)


def examine(starting: Callable[[str], None] = lambda name: None) -> Iterator[Finding]:
    """Yield one finding after the other; ``starting`` hears the name of each check."""
    for name, check in CHECKS:
        starting(name)
        yield check()
