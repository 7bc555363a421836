"""Cases: the functions of a suite, and the registry that collects them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradebox.trial import Trial

Function = Callable[["Trial"], None]


@dataclass(frozen=True)
class Case:
    """One graded case: a function, and what the grader has to know about it."""

    name: str
    question: str
    points: float
    title: str  # the first line of the docstring; students see it when the case fails
    needs: tuple[str, ...] = ()  # earlier questions whose code it calls besides
    seconds: float | None = None  # wall-clock limit, else the homework's
    memory_mb: int | None = None
    built: bool | str | None = None  # as a question's, whose setting it is else
    processes: bool = False  # may start processes of its own


class Registry:
    """The cases of one suite in the order in which they are written."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.functions: dict[str, Function] = {}

    def add(self, case: Case, function: Function) -> None:
        """Take a case in; refuse a name that is taken."""
        if case.name in self.cases:
            raise ValueError(f"two cases of the suite are named {case.name}")
        self.cases[case.name] = case
        self.functions[case.name] = function


_open: list[Registry] = []


@contextmanager
def collecting(registry: Registry) -> Iterator[Registry]:
    """Collect the cases that are defined inside the block."""
    _open.append(registry)
    try:
        yield registry
    finally:
        _open.remove(registry)


def case(
    question: str,
    *,
    points: float,
    needs: Sequence[str] = (),
    seconds: float | None = None,
    memory_mb: int | None = None,
    built: bool | str | None = None,
    processes: bool = False,
) -> Callable[[Function], Function]:
    """Register the decorated function as a case of ``question``."""

    def register(function: Function) -> Function:
        title = (function.__doc__ or "").strip().split("\n", 1)[0]
        if not title:
            raise ValueError(f"case {function.__name__} needs a docstring: its title")
        if not points > 0:
            raise ValueError(f"case {function.__name__}: points must be positive")
        found = Case(
            name=function.__name__,
            question=question,
            points=points,
            title=title,
            needs=tuple(needs),
            seconds=seconds,
            memory_mb=memory_mb,
            built=built,
            processes=processes,
        )
        if _open:
            _open[-1].add(found, function)
        return function

    return register
