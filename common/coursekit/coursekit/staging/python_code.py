"""Where a region stands in Python code, and the stub that takes its place."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

Scope: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class PythonCode:
    """One file at one stage. Lines are counted from 1; spans are of marker lines."""

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text.lstrip("\ufeff"))
        # Gathered once: every region asks for them, and most of a tree is expressions.
        self._statements = [n for n in ast.walk(self.tree) if isinstance(n, ast.stmt)]

    def name(self, begin: int, end: int) -> str:
        """Return the qualified name of what the region is to write."""
        scopes = self._scopes(begin, end)
        names = [scope.name for scope in scopes]
        if not scopes or not isinstance(scopes[-1], FUNCTIONS):
            names.append(next(iter(self._bindings(scopes, begin, end))))
        return ".".join(names)

    def stub(
        self, begin: int, end: int, indent: str, say: Callable[[str], str]
    ) -> list[str]:
        """Return the lines that raise in place of the region.

        In a function that is one statement. In a class or at module level the names
        that the region binds become definitions that raise when they are used, never
        when the module is imported.
        """
        scopes = self._scopes(begin, end)
        qualifier = [scope.name for scope in scopes]
        if scopes and isinstance(scopes[-1], FUNCTIONS):
            return [indent + _raise(say(".".join(qualifier)))]
        lines: list[str] = []
        for name, is_class in self._bindings(scopes, begin, end).items():
            if lines:
                lines += [""] if scopes else ["", ""]
            statement = _raise(say(".".join([*qualifier, name])))
            lines += _definition(name, statement, indent, is_class=is_class)
        return lines

    def _scopes(self, begin: int, end: int) -> list[Scope]:
        """Return the classes and functions around a region, outermost first."""
        scopes: list[Scope] = []
        inside: ast.AST = self.tree
        while True:
            around = [s for s in _inner_scopes(inside) if s.lineno < begin < _last(s)]
            if not around:
                break
            inside = around[0]
            scopes.append(around[0])
        self._refuse_cuts(inside, begin, end)
        return scopes

    def _refuse_cuts(self, inside: ast.AST, begin: int, end: int) -> None:
        ours = set(ast.walk(inside))
        found = False
        for node in self._statements:
            starts_here = begin < node.lineno < end
            found = found or starts_here
            if starts_here and node not in ours:
                raise ValueError(
                    "the region runs past the end of the function or class it starts in"
                )
            if starts_here and _last(node) > end:
                raise ValueError("END YOUR SOLUTION stands inside a statement")
            if _is_simple(node) and node.lineno < begin < _last(node):
                raise ValueError("BEGIN YOUR SOLUTION stands inside a statement")
        if not found:
            raise ValueError(
                "the region holds no statement: a solution has to be in it"
            )

    def _bindings(
        self, scopes: Sequence[Scope], begin: int, end: int
    ) -> dict[str, bool]:
        """Return the names the region binds; True marks a class."""
        bound: dict[str, bool] = {}
        for node in _outermost(scopes[-1] if scopes else self.tree, begin, end):
            for name, is_class in _bound(node):
                bound[name] = is_class
        if not bound:
            raise ValueError(
                "the region is outside any function and defines no name, so no stub"
                " can stand for it: put it into a function, or between SOLUTION ONLY"
                " markers"
            )
        return bound


def check_python(path: str, text: str) -> None:
    """Raise a SyntaxError unless the text is valid Python."""
    ast.parse(text.lstrip("\ufeff"), filename=path)


def _raise(message: str) -> str:
    return f"raise NotImplementedError({json.dumps(message, ensure_ascii=False)})"


def _definition(name: str, statement: str, indent: str, *, is_class: bool) -> list[str]:
    step = "\t" if "\t" in indent else "    "
    if not is_class:
        return [f"{indent}def {name}(*args, **kwargs):", indent + step + statement]
    return [
        f"{indent}class {name}:",
        f"{indent}{step}def __init__(self, *args, **kwargs):",
        f"{indent}{step}{step}{statement}",
    ]


def _last(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _is_simple(node: ast.stmt) -> bool:
    return not hasattr(node, "body") and not isinstance(node, ast.Match)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes in ``node`` that are statements, or hold statements."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield child


def _inner_scopes(node: ast.AST) -> Iterator[Scope]:
    """Yield the classes and functions directly in a scope, also in its ``if``s."""
    for child in _children(node):
        if isinstance(child, SCOPES):
            yield child
        else:
            yield from _inner_scopes(child)


def _outermost(node: ast.AST, begin: int, end: int) -> Iterator[ast.stmt]:
    """Yield the statements of the region that are in no other statement of it."""
    for child in _children(node):
        if isinstance(child, ast.stmt) and begin < child.lineno < end:
            yield child
        elif not isinstance(child, SCOPES):
            yield from _outermost(child, begin, end)


def _bound(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield the names a statement binds in its own scope, imports left out."""
    if isinstance(node, SCOPES):
        yield node.name, isinstance(node, ast.ClassDef)
        return
    if isinstance(node, ast.Lambda | ast.expr) and not isinstance(
        node, ast.Name | ast.Tuple | ast.List | ast.Starred | ast.NamedExpr
    ):
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id, False
    for child in ast.iter_child_nodes(node):
        yield from _bound(child)
