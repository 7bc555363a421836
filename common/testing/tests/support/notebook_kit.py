"""Stand where a notebook stands: in a rendered folder, with its modules imported."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from coursekit.course import Course
from coursekit.staging import render, write_folder

COURSE = Course.find(Path(__file__).parent)
PLACES = ("", "python", "apps", "tests/support")
ROOTS = ("explore", "mlp_resnet", "needle", "numeric", "simple_ml")
PNG = b"\x89PNG\r\n\x1a\n"


def rendered(parent: Path, homework: str, solved: object) -> Path:
    """Write a homework's folder below another one; return it."""
    write_folder(render(COURSE, COURSE.homework(homework), solved), parent / homework)
    return parent / homework


@contextmanager
def notebook(folder: Path, apps: Iterable[str]) -> Iterator[SimpleNamespace]:
    """Import what the notebook's first cell does, and leave no module behind."""
    kept = {name: sys.modules.pop(name) for name in _homework_modules()}
    path = list(sys.path)
    sys.path[:0] = [str(folder / place) for place in PLACES]
    try:
        yield SimpleNamespace(
            explore=importlib.import_module("explore"),
            ndl=importlib.import_module("needle"),
            **{name: importlib.import_module(name) for name in apps},
        )
    finally:
        sys.path[:] = path
        for name in _homework_modules():
            del sys.modules[name]
        sys.modules.update(kept)


def _homework_modules() -> list[str]:
    return [name for name in sys.modules if name.split(".")[0] in ROOTS]


def is_picture(value: object) -> bool:
    """Return whether a notebook would show a picture."""
    return value._repr_png_().startswith(PNG)
