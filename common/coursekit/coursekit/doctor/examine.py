"""The whole examination, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from coursekit.doctor import built, cuda, native, python, surroundings
from coursekit.doctor.finding import Finding

Check = Callable[[], Finding | None]  # None: nothing to say here

CHECKS: tuple[tuple[str, Check], ...] = (
    ("Python", python.interpreter),
    ("virtual env", python.virtual_environment),
    ("numpy", partial(python.package, "numpy", required=True)),
    ("pybind11", partial(python.package, "pybind11", required=True)),
    ("C++ compiler", native.compiler),
    ("make", native.make),
    ("CMake", native.cmake),
    (built.NAME, built.built),
    (built.EMULATED, built.emulated),
    (built.FOR_CARDS, built.for_cards),
    (cuda.NAME, cuda.cuda),
    ("Jupyter", python.jupyter),
    ("pytest", partial(python.package, "pytest", required=True)),
    ("hypothesis", partial(python.package, "hypothesis", why="tests from hw1 on")),
    ("safetensors", partial(python.package, "safetensors", why="hw2's checkpoints")),
    ("pyelftools", partial(python.package, "pyelftools", why="lines in CUDA reports")),
    ("matplotlib", partial(python.package, "matplotlib", why="curves and pictures")),
    ("sandbox", surroundings.sandbox),
    ("data", surroundings.data),
    ("disk", surroundings.disk),
)


def examine(starting: Callable[[str], None] = lambda name: None) -> Iterator[Finding]:
    """Yield one finding after the other; ``starting`` hears the name of each check."""
    for name, check in CHECKS:
        starting(name)
        found = check()
        if found is not None:
            yield found
