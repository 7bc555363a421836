"""Put the reference's solutions into the earlier regions of a student's files.

Run with an order on standard input, in a process of its own: see ``transplant``.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from coursekit.merge.files import Choice, Merged, merge_file
from coursekit.merge.lines import Conflict
from coursekit.merge.regions import FoundRegion, Regions, read_regions
from coursekit.merge.text import Lined

from grader.graft.order import Order, Transplant, Versions

SECONDS = 20
MEMORY = 2 * 2**30
_MARKERS = 3  # lines around and between the two sides of a conflict
_DEFINED = re.compile(
    r"^(?:(?:async\s+)?def\s+|class\s+)(\w+)|^(\w+)(?:\s*:[^=\n]*)?\s*=(?!=)",
    re.MULTILINE,
)


class GraftError(Exception):
    """Say why the two cannot be put together."""


def replace_regions(order: Order) -> Transplant:
    """Return the files with the reference in the regions of earlier questions."""
    works = {path: _Work(path, each, order) for path, each in order.files.items()}
    begun = any(work.begun() for work in works.values())
    changed = {
        path: work
        for path, work in works.items()
        if order.files[path].theirs != order.files[path].base
    }
    earlier = {name for work in changed.values() for name in work.earlier()}
    try:
        replaced = {name for work in changed.values() for name in work.replaced()}
        files = {path: work.merged() for path, work in changed.items()}
    except GraftError as error:
        return Transplant({}, sorted(earlier), begun, str(error))
    return Transplant(files, sorted(replaced), begun)


class _Work:
    """One file of the order."""

    def __init__(self, path: str, versions: Versions, order: Order) -> None:
        self._path, self._order = path, order
        self._text = versions
        self._base = read_regions(path, versions.base)
        self._ours = read_regions(path, versions.ours, versions.base)
        self._theirs = read_regions(path, versions.theirs)

    def begun(self) -> bool:
        """Tell whether any region of the question itself is not as it was given."""
        own = (r for r in self._base.found.values() if r.owner == self._order.question)
        return any(not _same(self._ours, region) for region in own)

    def earlier(self) -> set[str]:
        """Return the earlier questions that have a region here."""
        owners = {region.owner for region in self._theirs.found.values()}
        return owners & self._order.earlier

    def replaced(self) -> set[str]:
        """Return the earlier questions that the student has solved differently."""
        return {
            region.owner
            for name, region in self._theirs.found.items()
            if region.owner in self._order.earlier and not _same(self._ours, region)
            if self._is_there(name)
        }

    def _is_there(self, name: str) -> bool:
        """Refuse to guess where a region is whose markers cannot be followed."""
        if name in self._ours.found:
            return True
        short = name.partition("::")[2] or name
        line = self._base.found[name].begin
        for trouble in self._ours.troubles:
            if name in trouble.message:
                line = trouble.line
        raise GraftError(
            f"the markers BEGIN and END YOUR SOLUTION of {short} in {self._path} are "
            f"missing or damaged (near line {line})"
        )

    def merged(self) -> str:
        """Return the file with the reference in the earlier regions."""
        self._refuse_same_names()
        # Two helpers that end alike stay two: each side of a conflict is whole.
        merged = merge_file(self._path, *self._text, take=self._take, trim=False)
        return _settled(self._path, merged) if merged.conflicts else merged.text

    def _take(self, region: str, owner: str) -> Choice:
        return "theirs" if owner in self._order.earlier else "ours"

    def _refuse_same_names(self) -> None:
        """Refuse two helpers of one name: which of them would run, nobody could say."""
        if not self._path.endswith(".py"):
            return  # a C++ compiler says so itself
        given = _names(self._text.base)
        both = (_names(self._text.ours) & _names(self._text.theirs)) - given
        if both:
            raise GraftError(
                f"your {self._path} and the reference's both define `{min(both)}`"
            )


def _same(regions: Regions, other: FoundRegion) -> bool:
    """Tell whether the region of that id has the same body."""
    found = regions.found.get(other.id)
    return found is not None and found.plain == other.plain


def _names(text: str) -> set[str]:
    """Return the names that a Python file defines at its left edge."""
    return {one or other for one, other in _DEFINED.findall(text)}


def _settled(path: str, merged: Merged) -> str:
    """Keep both sides where both have added lines; refuse where both changed some."""
    for conflict in merged.conflicts:
        if conflict.base:
            raise GraftError(
                f"{path} was changed outside the marked regions where the reference "
                f"changes it as well (`{_first(conflict)}`)"
            )
    lined = Lined.of(merged.text)
    lines = list(_without_markers(list(lined.lines), merged.conflicts))
    pairs = [(line, None) for line in lines]
    return lined.with_lines(pairs, ends_open=lined.ends_open).text


def _first(conflict: Conflict) -> str:
    return next((line.strip() for line in conflict.base if line.strip()), "")[:80]


def _without_markers(
    lines: Sequence[str], conflicts: Sequence[Conflict]
) -> Iterator[str]:
    """Yield the lines with the reference's, then the student's, for each conflict."""
    done = 0
    for conflict in conflicts:
        start = conflict.line - 1
        yield from lines[done:start]
        yield from conflict.theirs
        yield from conflict.ours
        done = start + _MARKERS + len(conflict.ours) + len(conflict.theirs)
    yield from lines[done:]


def main() -> None:
    """Read an order, write what came of it."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    order = Order.from_json(json.load(sys.stdin))
    json.dump(asdict(replace_regions(order)), sys.stdout)


if __name__ == "__main__":
    main()
