"""Read which regions stand in a rendered file, and in what became of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from coursekit.merge.bodies import outdented
from coursekit.merge.match import match
from coursekit.merge.scan import Pair, Scan, Trouble
from coursekit.merge.scopes import Scope, scopes
from coursekit.merge.text import Lined
from coursekit.staging.cpp_code import CppCode
from coursekit.staging.dialect import PYTHON, Dialect, dialect_of
from coursekit.staging.python_code import PythonCode

_STUB = re.compile(r"hw\d+\.\w+: (\S+) is yours to write \(handout, question ")


@dataclass(frozen=True)
class FoundRegion:
    """A region in a file: its id and owner, the lines of its markers, its body.

    ``plain`` is the body without the indentation of the markers: what is compared
    between files. ``is_stub`` tells that it says that it is to be written.
    """

    id: str
    owner: str
    begin: int
    end: int
    body: tuple[str, ...]
    indent: str = ""
    plain: tuple[str, ...] = ()

    @property
    def is_stub(self) -> bool:
        """Whether the body says that it is still to be written."""
        return _STUB.search("\n".join(self.body)) is not None


@dataclass(frozen=True)
class Regions:
    """The regions of a file by their id, in order, and what could not be read."""

    found: dict[str, FoundRegion]
    troubles: tuple[Trouble, ...] = ()


def read_regions(path: str, text: str, pristine: str | None = None) -> Regions:
    """Find the regions of a rendered file.

    With ``pristine`` the text is what a student made of that file: its regions get the
    ids they have there, and whatever is not certain is a trouble, never a guess.
    """
    dialect = dialect_of(path)
    if dialect is None:
        return Regions({})
    lines = Lined.of(text).lines
    scan = Scan(path, lines, dialect)
    if pristine is None:
        named, troubles = _named(path, lines, scan, dialect)
    else:
        origin = Lined.of(pristine).lines
        before = Scan(path, origin, dialect)
        ids, _ = _named(path, origin, before, dialect)
        named, troubles = match(ids, origin, scan.pairs, lines, dialect)
    found = {name: _region(name, pair, dialect) for name, pair in named.items()}
    worst = sorted([*scan.troubles, *troubles], key=lambda trouble: trouble.line)
    return Regions(found, tuple(worst))


def _region(name: str, pair: Pair, dialect: Dialect) -> FoundRegion:
    plain = outdented(pair.body, pair.indent, dialect)
    return FoundRegion(
        name, pair.owner, pair.begin, pair.end, pair.body, pair.indent, plain
    )


def _named(
    path: str, lines: Sequence[str], scan: Scan, dialect: Dialect
) -> tuple[dict[str, Pair], list[Trouble]]:
    """Give the regions the ids that staging gave them: see `PlacedRegion.id`."""
    named: dict[str, Pair] = {}
    troubles: list[Trouble] = []
    count: Counter[str] = Counter()
    places = scopes(lines, scan.pairs, dialect)
    for pair, scope in zip(scan.pairs, places, strict=True):
        try:
            name = pair.explicit or _name(lines, pair, scope, dialect)
        except (SyntaxError, ValueError) as error:
            troubles.append(Trouble(pair.begin, f"this region has no name: {error}"))
            continue
        if pair.explicit is None:
            count[name] += 1
            ordinal = f"#{count[name]}" if count[name] > 1 else ""
            name = f"{path}::{name}{ordinal}"
        if name in named:
            first = named[name].begin
            troubles.append(Trouble(pair.begin, f"is region {name} of line {first}"))
        else:
            named[name] = pair
    return named, troubles


def _name(lines: Sequence[str], pair: Pair, scope: Scope, dialect: Dialect) -> str:
    """Return the name of the function around a region, else of what it defines.

    Of several definitions it is the first, which a stub names in what it says.
    """
    if scope.function:
        return ("." if dialect is PYTHON else "::").join(scope.names)
    stub = _STUB.search("\n".join(pair.body))
    if stub:
        return stub[1]
    code = (PythonCode if dialect is PYTHON else CppCode)("\n".join(lines))
    return code.name(pair.begin, pair.end)
