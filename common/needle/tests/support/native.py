"""Build the library's kernels where it stands, if they are missing or outdated."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from filelock import FileLock

LIBRARY = Path(__file__).resolve().parents[2]


def sources(library: Path = LIBRARY) -> list[Path]:
    """Return the files of which a built module is made."""
    emulator = library.parent / "emulator"
    native = (
        path
        for kind in ("src/*.*", "cmake/*")
        for path in library.glob(kind)
        if path.suffix in (".cc", ".cu", ".h", ".cmake")
    )
    machine = (
        path
        for kind in ("src/*.*", "include/*.h", "flags/*.txt")
        for path in emulator.glob(kind)
    )
    return [library / "CMakeLists.txt", library / "Makefile", *native, *machine]


def module(library: Path = LIBRARY) -> Path:
    """Return the path of the module for this Python."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    folder = library / "python" / "needle" / "backend_ndarray"
    return folder / f"ndarray_backend_cpu{suffix}"


def is_fresh(library: Path = LIBRARY) -> bool:
    """Return whether the module is there, and younger than its sources."""
    built = module(library)
    return built.exists() and all(
        source.stat().st_mtime <= built.stat().st_mtime for source in sources(library)
    )


def make(library: Path, *settings: str) -> subprocess.CompletedProcess[str]:
    """Run `make` for this Python."""
    return subprocess.run(
        ["make", f"PYTHON={sys.executable}", *settings],
        cwd=library,
        capture_output=True,
        text=True,
        check=False,
    )


def missing_tools() -> str | None:
    """Return what a build would need and is not here."""
    cmake = subprocess.run(
        [sys.executable, "-m", "cmake", "--version"], capture_output=True, check=False
    )
    if shutil.which("cmake") is None and cmake.returncode != 0:
        return "CMake is missing: pip install cmake"
    if not any(map(shutil.which, ("make", "gmake"))):
        return "make is missing"
    if not any(map(shutil.which, ("c++", "g++", "clang++"))):
        return "a C++ compiler is missing"
    return None


def ensure_built() -> str | None:
    """Build the kernels unless they are there; return why they cannot be.

    Raises:
        RuntimeError: if the compiler refuses the sources.
    """
    if is_fresh():
        return None
    reason = missing_tools()
    if reason is not None:
        return reason
    (LIBRARY / "build").mkdir(exist_ok=True)
    with FileLock(LIBRARY / "build" / ".lock"):  # other workers want the same
        if is_fresh():
            return None
        done = make(LIBRARY)
        if done.returncode != 0:
            raise RuntimeError(f"the kernels cannot be built:\n{done.stderr}")
        module().touch()  # where a newer source changed nothing that counts
    return None
