"""Which class and function a region stands in, also where the code does not parse."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from coursekit.merge.scan import Pair
from coursekit.staging.cpp_scan import CppScan
from coursekit.staging.dialect import PYTHON, Dialect

_DEFINITION = re.compile(r"(?:async\s+def|def|class)\s+(\w+)")
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Scope:
    """The names of the classes and functions around a line, outermost first."""

    names: tuple[str, ...]
    function: bool  # whether the innermost is one

    def __str__(self) -> str:
        return ".".join(self.names) or "the top level"


def scopes(
    lines: Sequence[str], pairs: Sequence[Pair], dialect: Dialect
) -> list[Scope]:
    """Return the scope of each region; what stands in the regions does not matter."""
    if dialect is PYTHON:
        skeleton = without_bodies(lines, pairs, "pass")
        try:
            tree = ast.parse("\n".join(skeleton))
        except (SyntaxError, ValueError):  # a null byte is a ValueError
            return [_by_indentation(skeleton, pair) for pair in pairs]
        return [_in_tree(tree, pair.begin) for pair in pairs]
    scan = CppScan("\n".join(without_bodies(lines, pairs, "")))
    return [_in_scan(scan, pair.begin) for pair in pairs]


class Placed(Protocol):
    """Something with a BEGIN and an END, by their lines from 1."""

    @property
    def begin(self) -> int:
        """The line of BEGIN."""

    @property
    def end(self) -> int:
        """The line of END."""

    @property
    def indent(self) -> str:
        """The indentation of the markers."""


def without_bodies(
    lines: Sequence[str], regions: Iterable[Placed], filler: str
) -> list[str]:
    """Put a filler in the place of each region, line for line."""
    skeleton = list(lines)
    for region in regions:
        rest = [""] * (region.end - region.begin)
        skeleton[region.begin - 1 : region.end] = [region.indent + filler, *rest]
    return skeleton


def _in_tree(tree: ast.AST, line: int) -> Scope:
    names: list[str] = []
    function = False
    for node in _around(tree, line):
        names.append(node.name)
        function = isinstance(node, _FUNCTIONS)
    return Scope(tuple(names), function)


def _around(
    node: ast.AST, line: int
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Yield the definitions that a line stands in, outermost first."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            continue
        if isinstance(child, _FUNCTIONS | ast.ClassDef) and (
            child.lineno < line <= (child.end_lineno or child.lineno)
        ):
            yield child
        yield from _around(child, line)


def _by_indentation(lines: Sequence[str], pair: Pair) -> Scope:
    """Follow the indentation upwards: enough to compare with what must be there."""
    names: list[str] = []
    function = False
    width = len(pair.indent)
    for line in reversed(lines[: pair.begin - 1]):
        code = line.lstrip()
        if not code or code[0] in "#)]}" or len(line) - len(code) >= width:
            continue
        width = len(line) - len(code)
        definition = _DEFINITION.match(code)
        if definition:
            function = function or (not names and not code.startswith("class"))
            names.append(definition[1])
    return Scope(tuple(reversed(names)), function)


def _in_scan(scan: CppScan, line: int) -> Scope:
    around = [
        scope
        for scope in scan.scopes(line)
        if scope.kind in ("type", "function") and scope.name
    ]
    function = any(scope.kind == "function" for scope in around)
    return Scope(tuple(scope.name for scope in around), function)
