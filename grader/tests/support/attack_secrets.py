"""Secrets that lie where an attacker may look, and the search for them afterwards."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from gradebox.values import ArrayValue, Value
from grader.reference import case_seed
from grader.run import Run

PREFIX = "swordfish-"  # what attackers look for; the rest is different each time
NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?")
DIGITS = 5  # of a number that is no coincidence


@dataclass(frozen=True)
class Planted:
    """Unique strings by where they lie."""

    strings: Mapping[str, str]
    paths: tuple[Path, ...]

    def found(self, text: str) -> Iterator[str]:
        """Say which of them occur in a text."""
        for place, string in self.strings.items():
            if string in text or string[::-1] in text:
                yield f"the secret from {place} is shown"


def new_secret() -> str:
    """Return a string that occurs nowhere else."""
    return PREFIX + secrets.token_hex(12)


@contextmanager
def planted(folders: Iterable[Path], files_of_others: str) -> Iterator[Planted]:
    """Lay a secret into each folder and into the environment; take them away after."""
    strings = {"another submission": files_of_others}
    paths = []
    for folder in folders:
        path = folder / f"secret-{secrets.token_hex(8)}"
        strings[str(folder)] = new_secret()
        path.write_text(strings[str(folder)])
        paths.append(path)
    strings["the environment"] = os.environ["COURSE_SECRET"] = new_secret()
    try:
        yield Planted(strings, tuple(paths))
    finally:
        del os.environ["COURSE_SECRET"]
        for path in paths:
            with suppress(OSError):
                path.unlink()


def seeds_shown(seed: int, cases: Iterable[str], text: Mapping[str, str]) -> list[str]:
    """Say where the run's seed is shown, or in one case's text the seed of another."""
    found = []
    run = {str(seed), *_forms(f"{seed:016x}")}
    for name in cases:
        for case, shown in text.items():
            if case != name and any(s in shown for s in _forms(case_seed(seed, name))):
                found.append(f"{case} shows the seed of {name}")
    found += [
        f"{case} shows the run's seed"
        for case, shown in text.items()
        if any(each in shown for each in run)
    ]
    return found


def _forms(seed: str) -> set[str]:
    """Return the ways in which a program may print a seed."""
    data = bytes.fromhex(seed)
    return {seed, repr(data)[2:-1], repr(data[::-1])[2:-1], str(list(data))}


def expected_shown(run: Run, text: str, guessed: str = "") -> list[str]:
    """Say which right values of one case occur in what its student is shown.

    An argument that is to be left alone is a right answer too, and no secret; nor is
    what rounds to an argument, such as a weight that hardly moves; nor a number that
    the student's own code spells, which the student is shown as the answer given.

    Args:
        guessed: the code that was handed in.
    """
    right = _numbers(answer.value for answer in run.answers.values())
    spelled = np.array([float(n) for n in NUMBER.findall(guessed)], np.float64)
    given = np.concatenate([_numbers(run.given), spelled])
    shown = set()
    for match in NUMBER.finditer(text):
        if len(re.sub(r"e.*|\D", "", match[0]).lstrip("0")) < DIGITS:
            continue
        near = 0.6 * 10.0 ** -len(match[0].partition(".")[2].partition("e")[0])
        value = float(match[0])
        near *= 10.0 ** int(match[0].partition("e")[2] or 0)
        if _within(near, right, value) and not _within(near, given, value):
            shown.add(f"the expected value {match[0]} is shown")
    return sorted(shown)


def _within(distance: float, numbers: npt.NDArray[np.float64], value: float) -> bool:
    """Say whether one of some numbers is that close to a value."""
    return bool(numbers.size) and bool(np.abs(numbers - value).min() <= distance)


def _numbers(values: Iterable[Value]) -> npt.NDArray[np.float64]:
    """Return all floating-point numbers in some answers or inputs."""
    found = [np.zeros(0)]
    for value in values:
        data = value.data if isinstance(value, ArrayValue) else np.asarray(value)
        if data.dtype.kind == "f":
            found.append(data.astype(np.float64).ravel())
    return np.concatenate(found)
