"""Find what a student added to a file outside its regions."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from coursekit.carry import native
from coursekit.carry.copy import MarkedFile
from coursekit.carry.outline import Statement, bound, outline
from coursekit.merge.scopes import without_bodies
from coursekit.merge.text import Lined
from coursekit.staging.cpp_scan import CppScan
from coursekit.staging.dialect import PYTHON, dialect_of

_WORD = re.compile(r"[^\W\d]\w*")
_PYTHON_NAME = re.compile(
    r"\s*(?:async\s+def|def|class)\s+(\w+)|(\w+)\s*(?::[^=]*)?=(?!=)|.*\bimport\s+(\w+)"
)
_CPP_NAME = re.compile(
    r"\b(?:struct|class|enum|#define|using)\s+(\w+)|(\w+)\s*(?:=[^=()]*|\[\w*\].*);$"
)


@dataclass(frozen=True)
class Helper:
    """Some lines that a student added: where, what they bind, in which class.

    ``before`` is for C++: the given function that follows them.
    """

    line: int
    lines: tuple[str, ...]
    names: frozenset[str]
    is_import: bool = False
    is_definition: bool = False
    within: str | None = None
    before: str | None = None
    can_move: bool = True

    @property
    def title(self) -> str:
        """What to call it: its first line that is no comment."""
        code = [line.strip() for line in self.lines if line.strip()[:1] not in "#/"]
        return (code or [self.lines[0].strip()])[0].rstrip(":{ ")

    def words(self) -> set[str]:
        """Return every word in it, the names it uses among them."""
        return words(self.lines)


@dataclass(frozen=True)
class Added:
    """The helpers of a file, and the lines where given code was changed."""

    helpers: tuple[Helper, ...] = ()
    changed: tuple[int, ...] = ()


def words(lines: Iterable[str]) -> set[str]:
    """Return the words that occur in some lines of code."""
    return {word for line in lines for word in _WORD.findall(line)}


def added_to(file: MarkedFile) -> Added:
    """Return what was added to a file outside the regions."""
    given, now = Lined.of(file.pristine).lines, Lined.of(file.text).lines
    before = without_bodies(given, file.given.found.values(), "pass")
    after = without_bodies(now, file.now.found.values(), "pass")
    if _said(before) == _said(after):
        return Added()
    is_python = dialect_of(file.path) is PYTHON
    if is_python:
        old = outline(given, file.given.found.values())
        new = outline(now, file.now.found.values())
        if old is not None and new is not None:
            return _in_python(old, new, now)
    if is_python:
        return _by_lines(before, after, _python_block)
    return _by_lines(before, after, _native_block)


def _said(lines: Iterable[str]) -> list[str]:
    return [line.rstrip() for line in lines if line.strip()]


def _in_python(
    old: Sequence[Statement],
    new: Sequence[Statement],
    lines: Sequence[str],
    within: str | None = None,
) -> Added:
    helpers: list[Helper] = []
    changed: list[int] = []
    known, given = bound(old), {statement.meaning for statement in old}
    classes = {name: each for each in old if each.is_class for name in each.names}
    for each in new:
        if each.meaning in given:
            continue
        (name, *_) = [*each.names, ""]
        if each.names - known if each.is_import else not each.names & known:
            helpers.append(_helper(each, lines, within))
        elif each.is_class and name in classes and within is None:
            inner = _in_python(classes[name].inside, each.inside, lines, name)
            helpers += inner.helpers
            changed += inner.changed
        else:
            changed.append(each.first)
    return Added(tuple(helpers), tuple(changed))


def _helper(each: Statement, lines: Sequence[str], within: str | None) -> Helper:
    return Helper(
        line=each.first,
        lines=tuple(lines[each.first - 1 : each.last]),
        names=each.names,
        is_import=each.is_import,
        is_definition=each.is_definition,
        within=within,
        can_move=bool(each.names),
    )


def _by_lines(
    before: Sequence[str],
    after: Sequence[str],
    helper: Callable[[Sequence[str], int, int], Helper],
) -> Added:
    """Tell added lines from changed ones, where the language is not followed."""
    helpers: list[Helper] = []
    changed: list[int] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for what, _, _, start, end in matcher.get_opcodes():
        if what == "insert" and any(map(str.strip, after[start:end])):
            helpers.append(helper(after, start, end))
        elif what == "replace":
            changed.append(start + 1)
    return Added(tuple(helpers), tuple(changed))


def _python_block(lines: Sequence[str], start: int, end: int) -> Helper:
    first, last = _trimmed(lines, start, end)
    names = frozenset(_python_names(lines[first:last]))
    return Helper(first + 1, tuple(lines[first:last]), names, can_move=False)


def _native_block(lines: Sequence[str], start: int, end: int) -> Helper:
    first, last = _trimmed(lines, *native.slid(lines, start, end))
    block = tuple(lines[first:last])
    before = native.follower(lines, first, last)
    names = frozenset(_cpp_names(block))
    return Helper(first + 1, block, names, before=before, can_move=bool(before))


def _trimmed(lines: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Leave out blank lines around a block that has others."""
    while not lines[start].strip():
        start += 1
    while not lines[end - 1].strip():
        end -= 1
    return start, end


def _python_names(lines: Sequence[str]) -> Iterator[str]:
    """Yield what some lines seem to define, where they cannot be parsed."""
    for line in lines:
        if match := _PYTHON_NAME.match(line):
            yield next(name for name in match.groups() if name)


def _cpp_names(lines: Sequence[str]) -> Iterator[str]:
    """Yield the functions that some lines define, types, macros and constants."""
    for definition in CppScan("\n".join(lines)).definitions:
        yield definition.scope.name
    for line in lines:
        for match in _CPP_NAME.finditer(line):
            yield match[1] or match[2]
