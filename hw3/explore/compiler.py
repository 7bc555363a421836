"""Find a C++ compiler, and build what the notebook measures with."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from explore.data import HOMEWORK
from explore.patience import NotYetError

SOURCE = Path(__file__).with_name("machine.cc")
FLAGS = ("-O3", "-std=c++17", "-fPIC", "-shared", "-ffp-contract=fast")
COMPILERS = ("c++", "g++", "clang++")


def compiler() -> str:
    """Return the compiler that ``make`` would take."""
    wanted = (os.environ.get("CXX", ""), *COMPILERS)
    found = next(filter(None, map(shutil.which, filter(None, wanted))), None)
    if found is None:
        raise NotYetError("there is no C++ compiler here; `course doctor` says more.")
    return found


@cache
def machine() -> ctypes.CDLL:
    """Return the functions of ``machine.cc``, built for this machine."""
    library = ctypes.CDLL(str(built()))
    numbers, size = ctypes.c_void_p, ctypes.c_size_t
    for name, result, arguments in (
        ("chase", ctypes.c_double, [numbers, numbers, size]),
        ("stroll", ctypes.c_double, [numbers, size, size, size]),
        ("peak", ctypes.c_double, [size]),
        ("row_times_matrix_by_columns", None, [*[numbers] * 3, size, size]),
        ("row_times_matrix_by_rows", None, [*[numbers] * 3, size, size]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


@cache
def built() -> Path:
    """Return the compiled ``machine.cc``; it is made where it is not there yet."""
    program = compiler()
    mark = hashlib.sha256(program.encode() + SOURCE.read_bytes()).hexdigest()[:12]
    target = HOMEWORK / "build" / "explore" / f"machine-{mark}.so"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _compile(program, target)
    return target


def _compile(program: str, target: Path) -> None:
    unfinished = target.with_name(f".{os.getpid()}-{target.name}")
    said = ""
    for extra in (["-march=native"], []):  # not every compiler knows its machine
        command = [program, *FLAGS, *extra, "-o", str(unfinished), str(SOURCE)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            unfinished.replace(target)
            return
        said = done.stderr
    raise NotYetError(f"{program} does not compile {SOURCE.name}:\n{said.strip()}")
