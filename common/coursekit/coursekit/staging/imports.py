"""Find imports of a homework's own modules that its folder does not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

ROOTS = ("", "python/")  # where packages of the folder begin


def dangling(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield each file with a path that it imports, relatively or from a package here.

    What a package binds to other names (``from . import add``) is not looked into, and
    a file that is no Python imports nothing.
    """
    for path, content in files.items():
        if path.endswith(".py"):
            for wanted in dict.fromkeys(_imported(path, content, files)):
                if not _is_there(wanted, files):
                    yield path, f"{wanted}.py"


def _imported(path: str, content: bytes, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what a file imports of its folder, as paths without an ending."""
    try:
        nodes = list(ast.walk(ast.parse(content)))
    except (SyntaxError, ValueError):
        return
    for node in nodes:
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        module = node.module.replace(".", "/")
        if node.level:
            above = PurePosixPath("/", path).parents[: node.level][-1]
            yield str(above / module).removeprefix("/")
        else:
            top = node.module.partition(".")[0]
            for root in ROOTS:
                if f"{root}{top}/__init__.py" in files:
                    yield f"{root}{module}"


def _is_there(wanted: str, files: Mapping[str, bytes]) -> bool:
    if f"{wanted}.py" in files or f"{wanted}/__init__.py" in files:
        return True
    return any(path.startswith(f"{wanted}/") for path in files)  # without __init__
