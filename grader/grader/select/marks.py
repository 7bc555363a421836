"""Read pytest's marks off the syntax tree of a test file."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Mark:
    """``pytest.mark.<name>``, called or not."""

    name: str
    call: ast.Call | None


def decorating(node: Definition) -> list[Mark]:
    """Return the marks that stand above a class or function."""
    return [mark for each in node.decorator_list if (mark := _mark(each))]


def assigned(body: Iterable[ast.stmt]) -> list[Mark]:
    """Return the marks that a module or class gives all its tests by ``pytestmark``."""
    found: list[Mark] = []
    for node in body:
        if isinstance(node, ast.Assign) and _names(node) == ["pytestmark"]:
            value = node.value
            each = value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]
            found = [mark for one in each if (mark := _mark(one))]
    return found


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def _mark(node: ast.expr) -> Mark | None:
    call = node if isinstance(node, ast.Call) else None
    named = call.func if call else node
    if isinstance(named, ast.Attribute) and ast.unparse(named.value) == "pytest.mark":
        return Mark(named.attr, call)
    return None
