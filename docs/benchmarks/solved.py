"""Homeworks with every question solved, as a folder and as a module."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any


def rendered(homework: str, scratch: Path) -> Path:
    """Render a homework with all its solutions; return its folder."""
    from coursekit.course import Course
    from coursekit.staging import ALL, render, write_folder

    course = Course.find(Path(__file__))
    folder = scratch / homework
    write_folder(render(course, course.homework(homework), ALL), folder)
    return folder


def load(path: Path) -> Any:
    """Import a file under a name of its own: several homeworks have a simple_ml."""
    name = f"{path.parents[1].name}_{path.stem}"
    sys.path.insert(0, str(path.parent))  # what the file imports lies beside it
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
