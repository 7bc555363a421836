"""Find the tests in a folder, and the names by which pytest knows them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath

from coursekit.errors import CourseError

from grader.select.marks import Mark, assigned, decorating
from grader.select.parameters import constants, identifiers

FILES = ("test_*.py", "*_test.py")
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Case:
    """One test as pytest would collect it."""

    path: str
    function: str
    parameters: str  # as far as they are known
    names: frozenset[str]  # in lower case: all that `-k` looks into


def find_tests(files: Mapping[str, bytes]) -> list[Case]:
    """Return the tests in the files (path within the homework to content)."""
    parsed = {path: _parsed(path, files[path]) for path in sorted(files)}
    modules = {PurePosixPath(path).stem: body for path, body in parsed.items()}
    found: list[Case] = []
    for path, body in parsed.items():
        if any(fnmatch(PurePosixPath(path).name, pattern) for pattern in FILES):
            found.extend(_tests_of(path, body, constants(body, modules)))
    return found


@dataclass(frozen=True)
class _Found:
    """A test function, the names of what encloses it, the marks that reach it."""

    function: str
    outer: frozenset[str]
    marks: tuple[Mark, ...]


def _parsed(path: str, content: bytes) -> list[ast.stmt]:
    try:
        return ast.parse(content, path).body
    except (SyntaxError, ValueError) as error:
        raise CourseError(f"the course's test file {path} is broken: {error}") from None


def _tests_of(
    path: str, body: list[ast.stmt], known: Mapping[str, ast.expr]
) -> Iterator[Case]:
    outer = frozenset(PurePosixPath(path).parts)
    for found in _functions(body, outer, tuple(assigned(body))):
        names = found.outer | {mark.name for mark in found.marks}
        for ending in identifiers(found.marks, known):
            every = {*names, found.function + ending}
            lower = frozenset(map(str.lower, every))
            yield Case(path, found.function, ending.strip("[]"), lower)


def _functions(
    body: Sequence[ast.stmt], outer: frozenset[str], marks: tuple[Mark, ...]
) -> Iterator[_Found]:
    # A second definition of a name hides the first, as it does for Python.
    named = {node.name: node for node in body if isinstance(node, DEFINITIONS)}
    for node in named.values():
        near = (*decorating(node), *marks)
        if not isinstance(node, ast.ClassDef):
            if node.name.startswith("test"):
                yield _Found(node.name, outer, near)
        elif node.name.startswith("Test") and not _has_constructor(node):
            inner = (*assigned(node.body), *near)
            yield from _functions(node.body, outer | {node.name}, inner)


def _has_constructor(node: ast.ClassDef) -> bool:
    """Return whether a class has a constructor, which makes pytest pass it over."""
    constructors = ("__init__", "__new__")
    return any(
        isinstance(child, ast.FunctionDef) and child.name in constructors
        for child in node.body
    )
