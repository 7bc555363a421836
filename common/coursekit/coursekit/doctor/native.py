"""Compiler, make, CMake: can native code be built here?"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path

from coursekit.doctor.command import output_of
from coursekit.doctor.finding import Finding
from coursekit.doctor.platforms import how_to_get, pip_install

MODULE = """
#include <pybind11/pybind11.h>
PYBIND11_MODULE(probe, m) { m.def("answer", [] { return 42; }); }
"""
OLDEST_CMAKE = (3, 18)


def compiler() -> Finding:
    """Find the C++ compiler and let it build a module that Python can import."""
    chosen = os.environ.get("CXX")
    names = [chosen] if chosen else ["c++", "g++", "clang++"]
    command = next((name for name in names if shutil.which(name)), None)
    if command is None:
        found = f"{chosen} (from CXX) is not there" if chosen else "none found"
        return _missing("C++ compiler", found, how_to_get("compiler"))
    status, text = output_of(command, "--version")
    version = text.splitlines()[0] if status == 0 and text else command
    trouble, fix = _cannot_build(command)
    if trouble:
        return _missing("C++ compiler", f"{version}, but {trouble}", fix)
    found = f"{version}; builds and loads a pybind11 module"
    return Finding("C++ compiler", "ok", found, required=True)


def _cannot_build(command: str) -> tuple[str, str]:
    """Build and import a tiny module; return what went wrong and how to mend it."""
    try:
        import pybind11
    except ImportError:
        return "pybind11 is missing, so nothing was built", pip_install(
            "pybind11>=2.13"
        )
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    include = sysconfig.get_paths()["include"]
    extra = ["-undefined", "dynamic_lookup"] if sys.platform == "darwin" else []
    with tempfile.TemporaryDirectory(prefix="course-doctor-") as scratch:
        folder = Path(scratch)
        (folder / "probe.cpp").write_text(MODULE, encoding="utf-8")
        flags = ["-std=c++17", "-O0", "-shared", "-fPIC", *extra]
        flags += ["-I", pybind11.get_include(), "-I", include]
        target = ["probe.cpp", "-o", f"probe{suffix}"]
        status, text = output_of(command, *flags, *target, cwd=folder)
        if status != 0 and "Python.h" in text:
            return "Python.h is missing", how_to_get("python-headers")
        if status != 0:
            return f"it cannot build a module ({_error(text)})", how_to_get("compiler")
        program = "import probe; print(probe.answer())"
        status, text = output_of(sys.executable, "-c", program, cwd=folder)
        if (status, text.strip()) != (0, "42"):
            return f"its module does not load ({_error(text)})", how_to_get("compiler")
    return "", ""


def _error(text: str) -> str:
    """Pick the line of a compiler's output that says what is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    wrong = [line for line in lines if "error" in line.lower()]
    return (wrong or lines or ["no message"])[0][:200]


def make() -> Finding:
    """Look for make."""
    status, text = output_of("make", "--version")
    if status != 0:
        return _missing("make", "not found", how_to_get("make"))
    return Finding("make", "ok", text.splitlines()[0], required=True)


def cmake() -> Finding:
    """Look for a CMake that is new enough for homework 3."""
    status, text = output_of(_cmake(), "--version")
    match = re.search(r"(\d+)\.(\d+)(?:\.\d+)?", text) if status == 0 else None
    fix = pip_install("cmake>=3.18")
    if match is None:
        return Finding("CMake", "missing", "not found; needed from hw3 on", fix)
    if (int(match[1]), int(match[2])) < OLDEST_CMAKE:
        found = f"{match[0]}, older than 3.18; needed from hw3 on"
        return Finding("CMake", "missing", found, fix)
    return Finding("CMake", "ok", match[0])


def _cmake() -> str:
    """Return the CMake that hw3's Makefile takes: pip's, else the one on the PATH."""
    package = importlib.util.find_spec("cmake")
    for folder in (package and package.submodule_search_locations) or ():
        program = Path(folder) / "data" / "bin" / "cmake"
        if program.exists():
            return str(program)
    return "cmake"


def _missing(name: str, found: str, fix: str) -> Finding:
    """Report something the course cannot do without."""
    return Finding(name, "missing", found, fix, required=True)
