"""Work out the bracketed ends that parametrisation gives to the names of tests.

Literal values, module constants, ``ids=[...]`` and ``pytest.param(..., id=...)`` are
understood. What only running the file could tell is left out of the name: ``-k`` then
finds the test by all its other names.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Mapping, Sequence

from grader.select.marks import Mark

Constants = Mapping[str, ast.expr]


def constants(
    body: Sequence[ast.stmt], modules: Mapping[str, Sequence[ast.stmt]]
) -> dict[str, ast.expr]:
    """Return what a module may name: its own values, and those of its helpers.

    The keys are written as in the code, ``SHAPES`` or ``checks.SHAPES``; ``modules``
    are the helpers' own statements.
    """
    found: dict[str, ast.expr] = {}
    for node in body:
        if isinstance(node, ast.Assign):
            targets = (each for each in node.targets if isinstance(each, ast.Name))
            found.update({each.id: node.value for each in targets})
        elif isinstance(node, ast.Import):
            for name in node.names:
                own = constants(modules.get(name.name, ()), {})
                place = name.asname or name.name
                found.update({f"{place}.{key}": own[key] for key in own})
        elif isinstance(node, ast.ImportFrom):
            own = constants(modules.get(node.module or "", ()), {})
            for name in node.names:
                if name.name in own:
                    found[name.asname or name.name] = own[name.name]
    return found


def identifiers(marks: Sequence[Mark], known: Constants) -> Iterator[str]:
    """Yield ``[...]`` for each set of parameters, or one ``""`` where there is none."""
    axes = []
    # pytest applies the decorator nearest to the function first.
    for mark in reversed(marks):
        if mark.name == "parametrize" and mark.call is not None:
            axes.append(_axis(mark.call, known) or [""])
    for parts in itertools.product(*axes):
        shown = "-".join(part for part in parts if part)
        yield f"[{shown}]" if shown else ""


def _axis(call: ast.Call, known: Constants) -> list[str]:
    """Return the identifiers of one ``parametrize``, none if they cannot be known."""
    arguments = dict(zip(("argnames", "argvalues"), call.args, strict=False))
    keywords = {each.arg: each.value for each in call.keywords if each.arg}
    arguments.update(keywords)
    names = _argnames(arguments.get("argnames"))
    values = _elements(arguments.get("argvalues"), known)
    if not names or values is None:
        return []
    given: Sequence[ast.expr | None] = [None] * len(values)
    if "ids" in keywords:
        given = _elements(keywords["ids"], known) or []
    if len(given) != len(values):
        return []
    rows = enumerate(zip(values, given, strict=True))
    return [_identifier(names, value, own, at, known) for at, (value, own) in rows]


def _argnames(node: ast.expr | None) -> list[str]:
    value = _literal(node)
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    if isinstance(value, (list, tuple)):
        return [str(name) for name in value]
    return []


def _elements(node: ast.expr | None, known: Constants) -> list[ast.expr] | None:
    """Return the parts of a list, those of lists starred into it included."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        node = known.get(ast.unparse(node))
    if not isinstance(node, (ast.List, ast.Tuple)):
        return None
    parts: list[ast.expr] = []
    for part in node.elts:
        inner: list[ast.expr] | None = [part]
        if isinstance(part, ast.Starred):
            inner = _elements(part.value, known)
        if inner is None:
            return None
        parts.extend(inner)
    return parts


def _identifier(
    names: list[str], value: ast.expr, own: ast.expr | None, at: int, known: Constants
) -> str:
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "pytest.param":
        explicit = [each.value for each in value.keywords if each.arg == "id"]
        own = explicit[0] if explicit else own
        parts = value.args
    else:
        parts = (_elements(value, known) or []) if len(names) > 1 else [value]
    chosen = _literal(own)
    if chosen is not None:
        return str(chosen)
    pairs = zip(names, parts, strict=False)
    shown = (_shown(name, part, at, known) for name, part in pairs)
    return "-".join(shown)


def _shown(name: str, node: ast.expr, at: int, known: Constants) -> str:
    """Return what pytest writes for one value: itself if plain, else name and place."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        node = known.get(ast.unparse(node), node)
    # Classes and functions go by their own name, which is the one they are called by.
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    value = _literal(node)
    plain = isinstance(value, (str, int, float, complex)) or (
        isinstance(node, ast.Constant) and node.value is None
    )
    return str(value) if plain else f"{name}{at}"


def _literal(node: ast.expr | None) -> object:
    try:
        return ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
