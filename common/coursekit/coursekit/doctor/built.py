"""What `make` has built in the homework's folder that one stands in."""

from __future__ import annotations

import sys
from functools import partial
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from coursekit.doctor.cuda import nvcc
from coursekit.doctor.finding import Finding
from coursekit.errors import CourseError
from coursekit.student import StudentFolder

NAME = "native code"
EMULATED = "CUDA, emulated"
FOR_CARDS = "CUDA, for cards"
CUDA = "ndarray_backend_cuda"  # how the modules of both begin
SOURCES = (".cc", ".cpp", ".cu", ".h")
PLACES = ("src", "python/needle/backend_ndarray")


def built() -> Finding | None:
    """Compare what is for the processor with its sources; None where nothing is."""
    modules = [path for path in _modules() if not path.name.startswith(CUDA)]
    return _finding(NAME, modules, "cuda")


def emulated() -> Finding | None:
    """Look for the kernels in CUDA that run on the emulator, where there are such."""
    if not any(path.suffix == ".cu" for path in _sources()):
        return None
    modules = _named(f"{CUDA}_emulated")
    if not modules and sys.platform != "linux":
        return Finding(EMULATED, "note", "runs on Linux only", "use Colab, or WSL")
    return _finding(EMULATED, modules, "cpu")


def for_cards() -> Finding | None:
    """Look for those that run on a graphics card, where there is a compiler for it."""
    modules = _named(CUDA)
    if not (modules or nvcc()) or not any(p.suffix == ".cu" for p in _sources()):
        return None
    return _finding(FOR_CARDS, modules, "cpu", "findings")


def _finding(name: str, modules: list[Path], *others: str) -> Finding | None:
    """Compare modules with their sources: those that name no other kind of module."""
    lacks = partial(Finding, name, "missing", fix="make")
    sources = [
        path for path in _sources() if not any(word in path.name for word in others)
    ]
    if not sources:
        return None
    if not modules:
        return lacks("not built yet")
    ours = [path for path in modules if _suffix(path) in EXTENSION_SUFFIXES]
    if not ours:
        return lacks(f"{modules[0].name} is for another Python")
    module, source = max(ours, key=_time), max(sources, key=_time)
    if _time(module) < _time(source):
        return lacks(f"{module.name} is older than src/{source.name}")
    return Finding(name, "ok", module.name)


def _named(stem: str) -> list[Path]:
    return [
        path for path in _modules() if path.name.removesuffix(_suffix(path)) == stem
    ]


def _modules() -> list[Path]:
    folder = _folder()
    return [path for place in PLACES for path in folder.glob(f"{place}/*.so")]


def _sources() -> list[Path]:
    return [path for path in _folder().glob("src/*") if path.suffix in SOURCES]


def _folder() -> Path:
    """Return the homework's folder; where there is none, one without a file."""
    try:
        return StudentFolder.find().path
    except CourseError:
        return Path("/nowhere")


def _suffix(path: Path) -> str:
    return "".join(path.suffixes)


def _time(path: Path) -> int:
    return path.stat().st_mtime_ns
