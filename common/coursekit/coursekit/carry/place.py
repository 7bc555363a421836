"""Put a helper into a file of the target: imports on top, others before their use."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from coursekit.carry import native
from coursekit.carry.helpers import Helper, words
from coursekit.carry.outline import Statement, bound, find, outline
from coursekit.merge import read_regions
from coursekit.merge.text import Line, Lined

Fate: TypeAlias = Literal["carried", "updated", "same", "clash", "no place"]


@dataclass(frozen=True)
class Put:
    """What became of a helper, and the text with it."""

    what: Fate
    text: str


def put(
    path: str, text: str, pristine: str, helper: Helper, before: tuple[str, ...]
) -> Put:
    """Return the text with the helper; ``before`` is how it was carried last."""
    lined = Lined.of(text)
    if _find_block(lined.lines, helper.lines) is not None:
        return Put("same", text)
    was = _find_block(lined.lines, before) if before else None
    if was is not None:
        changed = _spliced(lined, was, was + len(before), helper.lines)
        return Put("updated", changed)
    if helper.before is not None:
        return _insert_native(lined, text, helper, helper.before)
    statements = outline(lined.lines, read_regions(path, text, pristine).found.values())
    around = _container(statements, helper.within)
    if not around:
        return Put("no place", text)
    return _insert(lined, text, around, helper)


def _insert(
    lined: Lined, text: str, around: Sequence[Statement], helper: Helper
) -> Put:
    if helper.names & bound(around):
        own = next(each for each in around if each.names & helper.names)
        same = helper.is_import and own.is_import and helper.names <= bound(around)
        same = same and _origin(own.code) == _origin(helper.lines)
        return Put("same" if same else "clash", text)
    gap = 0 if helper.is_import else 1 if helper.within else 2
    place = (
        _below_imports(lined.lines, around, helper)
        if helper.is_import
        else _before_use(lined.lines, around, helper)
    )
    if place is None:
        return Put("no place", text)
    lines = [*helper.lines, *[""] * gap]
    return Put("carried", _spliced(lined, place, place, lines))


def _insert_native(lined: Lined, text: str, helper: Helper, before: str) -> Put:
    """Put C++ before the function that it stood before."""
    if set(native.defined(helper.lines)) & set(native.defined(lined.lines)):
        return Put("clash", text)
    place = native.place(lined.lines, before)
    if place is None:
        return Put("no place", text)
    return Put("carried", _spliced(lined, place, place, [*helper.lines, ""]))


def _origin(code: Sequence[str]) -> str:
    """Return from where an import takes its names."""
    return code[0].strip().partition(" import ")[0]


def _container(
    statements: Sequence[Statement] | None, within: str | None
) -> Sequence[Statement]:
    if statements is None or within is None:
        return statements or ()
    around = find(statements, within)
    return around.inside if around else ()


def _below_imports(
    lines: Sequence[str], statements: Sequence[Statement], helper: Helper
) -> int:
    """Return the index of the line below the imports at the head of a module."""
    place = 0
    first = "__future__" in helper.words()  # comes before all others
    for each in statements:
        if not (each.is_import and not first) and not (each.is_text and place == 0):
            break
        place = each.last
    if place:
        return place
    comments = itertools.takewhile(lambda line: line.startswith("#"), lines)
    return sum(1 for _ in comments)


def _before_use(
    lines: Sequence[str], statements: Sequence[Statement], helper: Helper
) -> int | None:
    """Return the index of the first line of the statement that uses a helper first."""
    ends = [each.first - 1 for each in statements[1:]] + [len(lines)]
    for each, end in zip(statements, ends, strict=True):
        if helper.names & words(lines[each.first - 1 : end]):
            return each.first - 1
    return None


def _find_block(lines: Sequence[str], block: Sequence[str]) -> int | None:
    """Return the index where some lines stand one after the other."""
    wanted = [line.rstrip() for line in block]
    for start in range(len(lines) - len(wanted) + 1):
        if all(lines[start + n].rstrip() == line for n, line in enumerate(wanted)):
            return start
    return None


def _spliced(lined: Lined, start: int, end: int, block: Sequence[str]) -> str:
    pairs: list[Line] = [*zip(lined.lines, lined.ends, strict=True)]
    pairs[start:end] = [(line, None) for line in block]
    return lined.with_lines(pairs, ends_open=lined.ends_open).text
