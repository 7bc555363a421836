"""What `make` has built in the homework's folder that one stands in."""

from __future__ import annotations

from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from coursekit.doctor.finding import Finding
from coursekit.errors import CourseError
from coursekit.student import StudentFolder

NAME = "native code"
SOURCES = ("*.cc", "*.cpp", "*.cu", "*.h")
PLACES = ("src", "python/needle/backend_ndarray")


def built() -> Finding | None:
    """Compare modules with their sources; None where there is nothing to compile."""
    try:
        folder = StudentFolder.find().path
    except CourseError:
        return None
    sources = [path for kind in SOURCES for path in (folder / "src").glob(kind)]
    if not sources:
        return None
    modules = [path for place in PLACES for path in (folder / place).glob("*.so")]
    if not modules:
        return _lacks("not built yet", "make")
    ours = [path for path in modules if "".join(path.suffixes) in EXTENSION_SUFFIXES]
    if not ours:
        return _lacks(f"{modules[0].name} is for another Python", "make")
    return _compared(max(ours, key=_time), max(sources, key=_time))


def _compared(module: Path, source: Path) -> Finding:
    if _time(module) < _time(source):
        return _lacks(f"{module.name} is older than src/{source.name}", "make")
    return Finding(NAME, "ok", module.name)


def _lacks(found: str, fix: str) -> Finding:
    return Finding(NAME, "missing", found, fix)


def _time(path: Path) -> int:
    return path.stat().st_mtime_ns
