"""A folder that `make` builds in no time: the kernels, with bindings of a few lines."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NEEDLE = Path(__file__).resolve().parents[2]
PLACE = "python/needle/backend_ndarray"
KERNELS = "src/ndarray_backend_cpu.cc"
BINDINGS = """
#include <Python.h>
#include "ndarray_backend_cpu.h"
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "ndarray_backend_cpu", "", -1};
PyMODINIT_FUNC PyInit_ndarray_backend_cpu() {
  needle::cpu::AlignedArray ones(4), sums(2);
  needle::cpu::Fill(&ones, 1);
  needle::cpu::ReduceSum(ones, &sums, 2, 1);
  PyObject *made = PyModule_Create(&module);
  PyModule_AddObject(made, "sum", PyFloat_FromDouble(sums.ptr[1]));
  return made;
}
"""


def copy(folder: Path) -> Path:
    """Copy what is built, with bindings that compile quickly."""
    shutil.copytree(NEEDLE / "src", folder / "src")
    for name in ("Makefile", "CMakeLists.txt"):
        shutil.copy(NEEDLE / name, folder)
    (folder / PLACE).mkdir(parents=True)
    (folder / "src" / "ndarray_backend_cpu_module.cc").write_text(BINDINGS)
    return folder


def make(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    # Of the CPU's module: that of a graphics card takes half a minute to compile.
    command = ["make", f"PYTHON={sys.executable}", "CUDA=no", *arguments]
    # Where another make runs these tests, it tells ours to speak of folders.
    outside = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    return subprocess.run(
        command,
        cwd=folder,
        env={**outside, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def modules(folder: Path) -> list[str]:
    return [path.name for path in (folder / PLACE).iterdir()]
