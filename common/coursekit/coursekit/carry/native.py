"""Helpers in C++ and CUDA: which lines belong together, and where they may stand.

The language is not parsed. A block of added lines moves if it is whole, stands outside
of functions, and a function follows that the target has too: it goes before that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coursekit.staging.cpp_scan import CppScan, Definition

_TYPE = re.compile(r"\b(?:struct|class|enum|using)\s+(\w+)|^\s*#\s*define\s+(\w+)")


def slid(lines: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Return where some added lines are whole: a comparison may begin them too early.

    Of ``} ... {`` after a function that ends with the same brace, the lines ``... { }``
    were added.
    """
    up, down = start, end
    while up > 0 and lines[up - 1] == lines[down - 1]:
        up, down = up - 1, down - 1
    while True:
        if lines[up].strip() and _is_whole(lines[up:down]):
            return up, down
        if down >= len(lines) or lines[up] != lines[down]:
            return start, end
        up, down = up + 1, down + 1


def _is_whole(lines: Sequence[str]) -> bool:
    """Say whether every brace that opens closes, and none that does not open."""
    depth = 0
    for sign in re.findall(r"[{}]", CppScan("\n".join(lines)).code):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def follower(lines: Sequence[str], start: int, end: int) -> str | None:
    """Return the function before which some lines stand; None if they cannot move."""
    scan = CppScan("\n".join(lines))
    around = scan.scopes(start + 1)
    if any(each.kind != "namespace" for each in around):
        return None
    if not _is_whole(lines[start:end]):
        return None
    below = (each for each in scan.definitions if each.line > end)
    return next((each.scope.name for each in below), None)


def place(lines: Sequence[str], name: str) -> int | None:
    """Return the index of a function's first line, comments above it included."""
    found = next(
        (each for each in _definitions(lines) if each.scope.name == name), None
    )
    if found is None:
        return None
    index = found.line - 1
    while index > 0 and lines[index - 1].lstrip().startswith("//"):
        index -= 1
    return index


def defined(lines: Sequence[str]) -> Iterator[str]:
    """Yield the functions, types and macros that some lines define."""
    for each in _definitions(lines):
        yield each.scope.name
    for line in lines:
        for match in _TYPE.finditer(line):
            yield match[1] or match[2]


def _definitions(lines: Sequence[str]) -> list[Definition]:
    return CppScan("\n".join(lines)).definitions
