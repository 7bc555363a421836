"""The files of a suite: its own, and the shared helpers that they use.

Helpers of several suites lie beside their folders, as ``suites/_name.py``, and are
imported as if they were the suite's own: ``from ._name import ...``. A suite consists
of those that it uses and no others, so that a helper of one homework is no part of what
another is graded with.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path


def suite_paths(folder: Path) -> dict[str, Path]:
    """Return where the files of a suite are, by the names they have in the box."""
    found = {path.name: path for path in sorted(folder.glob("*.py"))}
    waiting = list(found.values())
    while waiting:
        for name in _helpers(waiting.pop()):
            path = folder.parent / f"{name}.py"
            if path.name not in found and path.is_file():
                found[path.name] = path
                waiting.append(path)
    return dict(sorted(found.items()))


def suite_files(folder: Path) -> dict[str, bytes]:
    """Return the contents of a suite's files, by the names they have in the box."""
    return {name: path.read_bytes() for name, path in suite_paths(folder).items()}


def _helpers(path: Path) -> Iterator[str]:
    """Yield the helpers that a file imports; none where it is no valid Python."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):  # told with file and line when it is loaded
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            names = [node.module] if node.module else [name.name for name in node.names]
            yield from (name for name in names if name.startswith("_"))
