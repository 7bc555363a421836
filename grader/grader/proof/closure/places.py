"""Where in the sources something stands that was met in a rendered folder."""

from __future__ import annotations

import ast
import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coursekit.course import Course
from coursekit.homework import Homework
from coursekit.staging.render import Folder, render_folder
from coursekit.staging.solved import NONE
from coursekit.staging.text import PlacedRegion

_STUB = re.compile(r'"(?P<said>(?:\\.|[^"\\])+)"|// (?P<noted>\S+: .+)$')


@dataclass(frozen=True)
class Place:
    """A line of a source file, whose path is relative to the checkout."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Places:
    """Finds the sources of one homework's tests, cases, regions and lines."""

    def __init__(self, course: Course, homework: Homework) -> None:
        self._root = course.root
        self._homework = homework
        self._folder: Folder = render_folder(course, homework, NONE)

    def of_question(self, question: str) -> Place:
        """Return where homework.toml introduces a question."""
        return self._in_toml(rf"\s*id\s*=\s*[\"']{re.escape(question)}[\"']")

    def of_build(self) -> Place:
        """Return where homework.toml says how native code is built."""
        return self._in_toml(r"\s*\[build\]")

    def of_check(self, name: str) -> Place | None:
        """Return where the function of a public test or hidden case begins."""
        return self._functions.get(name)

    def of_stub(self, message: str) -> Place | None:
        """Return the region whose stub says this, or None if no stub does."""
        region = self.regions.get(message)
        if region is None:
            return None
        return Place(self._folder.origins[region.path], region.line)

    def of_rendered(self, at: str, files: Mapping[str, bytes]) -> Place | None:
        """Return the source of ``file:line`` in a rendered folder."""
        path, _, number = at.rpartition(":")
        origin = self._folder.origins.get(path)
        if origin is None or path not in files:
            return None
        rendered = files[path].decode("utf-8", "replace").split("\n")
        source = [text for _, text in self._lines(origin)]
        return Place(origin, _source_line(rendered, source, int(number)))

    @cached_property
    def regions(self) -> dict[str, PlacedRegion]:
        """The homework's regions, by what their stubs say."""
        found: dict[str, PlacedRegion] = {}
        for region in self._folder.regions:
            for line in region.stub:
                for match in _STUB.finditer(line):
                    said = match["said"]
                    message = json.loads(f'"{said}"') if said else match["noted"]
                    found.setdefault(message, region)
        return found

    @cached_property
    def _functions(self) -> dict[str, Place]:
        suites = self._root / "grader" / "suites" / self._homework.name
        tests = [
            self._root / origin
            for path, origin in self._folder.origins.items()
            if path.startswith("tests/") and path.endswith(".py")
        ]
        found: dict[str, Place] = {}
        for file in [*tests, *sorted(suites.glob("*.py"))]:
            for name, line in _functions_in(file):
                found.setdefault(name, Place(self._relative(file), line))
        return found

    def _in_toml(self, pattern: str) -> Place:
        file = f"common/{self._homework.name}/homework.toml"
        for number, line in self._lines(file):
            if re.match(pattern, line):
                return Place(file, number)
        return Place(file, 1)

    def _relative(self, file: Path) -> str:
        return file.relative_to(self._root).as_posix()

    def _lines(self, file: str) -> Iterator[tuple[int, str]]:
        text = (self._root / file).read_text(encoding="utf-8", errors="replace")
        return enumerate(text.split("\n"), start=1)


def _functions_in(file: Path) -> Iterator[tuple[str, int]]:
    """Yield the functions that may be tests or cases; a broken file has none."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name, node.lineno


def _source_line(rendered: list[str], source: list[str], number: int) -> int:
    """Return the line of the source that a rendered line comes from, or is after."""
    blocks = difflib.SequenceMatcher(a=rendered, b=source, autojunk=False)
    nearest = 1
    for block in blocks.get_matching_blocks():
        if block.a >= number:
            break
        nearest = block.b + min(number - block.a, block.size or 1)
    return nearest
