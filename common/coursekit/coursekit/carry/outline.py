"""The statements of a Python file outside its regions, by the names they bind."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from coursekit.merge.scopes import Placed, without_bodies

_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_IMPORTS = ast.Import | ast.ImportFrom


@dataclass(frozen=True)
class Statement:
    """A statement at the top level or in a class, with the comments right above it.

    Lines count from 1. ``code`` is what it says, without blank lines and bodies,
    ``meaning`` the same in whatever layout.
    """

    first: int
    last: int
    names: frozenset[str]
    code: tuple[str, ...]
    meaning: str
    is_import: bool = False
    is_definition: bool = False
    is_text: bool = False  # a docstring
    inside: tuple[Statement, ...] = ()  # of a class

    @property
    def is_class(self) -> bool:
        """Whether it is a class, of which the statements are known too."""
        return bool(self.inside)


def outline(
    lines: Sequence[str], regions: Iterable[Placed]
) -> tuple[Statement, ...] | None:
    """Return the statements of a module; None where it is no Python."""
    skeleton = without_bodies(lines, regions, "pass")
    try:
        tree = ast.parse("\n".join(skeleton))
    except (SyntaxError, ValueError):
        return None
    return tuple(_statement(skeleton, node) for node in tree.body)


def find(statements: Iterable[Statement], name: str) -> Statement | None:
    """Return the first statement that binds a name."""
    return next((each for each in statements if name in each.names), None)


def bound(statements: Iterable[Statement]) -> set[str]:
    """Return all the names that some statements bind."""
    return {name for each in statements for name in each.names}


def _statement(lines: Sequence[str], node: ast.stmt) -> Statement:
    last = node.end_lineno or node.lineno
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    code = [line.rstrip() for line in lines[first - 1 : last] if line.strip()]
    inside = node.body if isinstance(node, ast.ClassDef) else []
    return Statement(
        first=_with_comments(lines, first),
        last=last,
        names=frozenset(_names(node)),
        code=tuple(code),
        meaning=ast.dump(node),
        is_import=isinstance(node, _IMPORTS),
        is_definition=isinstance(node, _DEFINITIONS),
        is_text=isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant),
        inside=tuple(_statement(lines, each) for each in inside),
    )


def _with_comments(lines: Sequence[str], first: int) -> int:
    """Return the first line of the comments that stand right above a line."""
    while first > 1 and lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return first


def _names(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds in its own scope."""
    if isinstance(node, _DEFINITIONS):
        yield node.name
    elif isinstance(node, _IMPORTS):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Store):
            yield node.id
    elif not isinstance(node, ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _names(child)
