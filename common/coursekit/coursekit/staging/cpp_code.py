"""Where a region stands in C++ or CUDA code, and the stub that takes its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from coursekit.staging.cpp_scan import CppScan, Definition


class CppCode:
    """One file at one stage. Lines are counted from 1; spans are of marker lines."""

    def __init__(self, text: str) -> None:
        self.scan = CppScan(text)

    def name(self, begin: int, end: int) -> str:
        """Return the name of the function around or in the region, class included.

        Namespaces are left out: the file says as much, and names stay short.
        """
        if not self.scan.has_code(begin, end):
            raise ValueError(
                "the region holds no statement: a solution has to be in it"
            )
        names = self._around(begin, end)
        if self._function(begin) is None:
            names.append(self._definitions(begin, end)[0].scope.name)
        return "::".join(names)

    def stub(
        self, begin: int, end: int, indent: str, say: Callable[[str], str]
    ) -> list[str]:
        """Return the lines that throw in place of the region.

        In a function that is one statement (device code cannot throw: it traps, and
        the launch fails). Outside, every function the region defines keeps its head
        and throws; a kernel is left out, because what launches it throws before.
        """
        around = self._around(begin, end)
        device = self._function(begin)
        if device is not None:
            message = say("::".join(around))
            return [
                f"{indent}__trap();  // {message}"
                if device
                else _throw(message, indent)
            ]
        lines: list[str] = []
        for each in self._definitions(begin, end):
            message = say("::".join([*around, each.scope.name]))
            if each.scope.device:
                lines.append(f"{indent}// {message}")
            else:
                head = [f"{indent}{line.strip()}" for line in _head(each).splitlines()]
                lines += [*head[:-1], head[-1] + " {", _throw(message, indent + "  ")]
                lines.append(f"{indent}}}")
        return lines

    def _around(self, begin: int, end: int) -> list[str]:
        scopes = self.scan.scopes(begin)
        if self.scan.scopes(end) != scopes:
            raise ValueError("the region opens or closes a brace that is not its own")
        return [s.name for s in scopes if s.kind in ("type", "function") and s.name]

    def _function(self, line: int) -> bool | None:
        """Return whether the function around a line is device code, None outside."""
        for scope in self.scan.scopes(line):
            if scope.kind == "function":
                return scope.device
        return None

    def _definitions(self, begin: int, end: int) -> list[Definition]:
        depth = len(self.scan.scopes(begin))
        found = [
            each
            for each in self.scan.definitions
            if begin < each.line < end and each.depth == depth
        ]
        if not found:
            raise ValueError(
                "the region is outside any function and defines none, so no stub"
                " can stand for it: put it into a function, or between SOLUTION ONLY"
                " markers"
            )
        return found


def _throw(message: str, indent: str) -> str:
    text = json.dumps(message, ensure_ascii=False)
    return f"{indent}throw NotImplementedError({text});"


def _head(definition: Definition) -> str:
    """Return the head without a constructor's initialisers, which are solution."""
    depth = 0
    for place, char in enumerate(definition.head):
        depth += {"(": 1, ")": -1}.get(char, 0)
        rest = definition.head[place:]
        if (
            depth == 0
            and re.match(r":(?!:)", rest)
            and definition.head[place - 1] != ":"
        ):
            return definition.head[:place].rstrip()
    return definition.head
