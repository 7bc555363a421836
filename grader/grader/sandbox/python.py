"""The interpreter that a box runs: where it is and what it must not see."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import site
import sys
import sysconfig
from functools import lru_cache
from pathlib import Path

from coursekit.errors import CourseError

FLAGS = ["-I", "-S", "-B", "-X", "utf8"]


def executable() -> Path:
    """Return the real interpreter below a virtual environment's links."""
    base: str = getattr(sys, "_base_executable", "") or sys.executable
    return Path(os.path.realpath(base))


def prefixes() -> list[Path]:
    """Return the folders the interpreter and its standard library live in."""
    found = {Path(sys.base_prefix), Path(sys.base_exec_prefix), executable().parent}
    stdlib = sysconfig.get_path("stdlib")
    found.add(Path(stdlib))
    found |= {path.resolve() for path in found}
    return sorted(path for path in found if not _is_below(path, Path("/usr")))


def hidden() -> list[Path]:
    """Return the folders of installed packages that the prefixes would show."""
    major, minor = sys.version_info[:2]
    below_stdlib = Path(sysconfig.get_path("stdlib")) / "site-packages"
    candidates = [
        below_stdlib,
        *map(Path, site.getsitepackages([sys.base_prefix, sys.base_exec_prefix])),
        Path("/usr/lib/python3/dist-packages"),
        Path(f"/usr/local/lib/python{major}.{minor}/dist-packages"),
    ]
    return sorted({path for path in candidates if path.is_dir()})


def environment() -> dict[str, str]:
    """Return the whole environment of a box's processes."""
    variables = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "VECLIB_MAXIMUM_THREADS": "1",
    }
    if sysconfig.get_config_var("Py_ENABLE_SHARED"):
        libraries = str(sysconfig.get_config_var("LIBDIR"))
        variables["LD_LIBRARY_PATH"] = libraries
    return variables


@lru_cache(maxsize=8)
def distributions(names: tuple[str, ...]) -> dict[str, Path]:
    """Return the top-level files of installed distributions, by name."""
    found: dict[str, Path] = {}
    for name in names:
        found.update(_top_level(name))
    return found


def _top_level(name: str) -> dict[str, Path]:
    """Return what one distribution puts next to others, without its metadata."""
    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        raise CourseError(
            f"grading needs the package {name}, which is not installed. "
            f"Install it: {sys.executable} -m pip install {name}"
        ) from None
    record = distribution.read_text("RECORD") or ""
    tops = {line.split("/", 1)[0] for line in record.splitlines() if "/" in line}
    tops = {
        top for top in tops if not top.endswith((".dist-info", "..", "__pycache__"))
    }
    root = Path(str(distribution.locate_file("")))
    found = {top: root / top for top in tops if (root / top).exists()}
    return found or _by_import(name)


def _by_import(name: str) -> dict[str, Path]:
    """Find a package whose installer kept no record of its files."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise CourseError(f"cannot find the files of the package {name}")
    origin = Path(spec.origin)
    top = origin.parent if spec.submodule_search_locations else origin
    return {top.name: top}


def _is_below(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents
